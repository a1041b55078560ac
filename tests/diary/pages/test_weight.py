"""What the diary weighs on the wire, compressed, and how many requests it takes."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.diary.booking.booking import Booking, book
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.support.client import PARTIAL, Client

KILOBYTE = 1024
DAY, NEXT_DAY = "/diary/day/2026-11-23", "/diary/day/2026-11-24"
GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
async def full_days(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: Callable[..., datetime]
) -> None:
    """Two days with 40 appointments each."""
    for day in (0, 1):
        for practitioner in (staff.anna, staff.ben):
            for half_hour in range(20):
                starts_at = at(8) + timedelta(days=day, minutes=30 * half_hour)
                patient = kit.amelia if half_hour % 2 else kit.zara
                booking = Booking(practitioner.user, kit.follow_up, starts_at, (patient,), room=None)
                await book(booking, clinic, by=staff.dana)


async def on_the_wire(client: Client, path: str, headers: dict[str, str] | None = None) -> int:
    """The bytes of the answer's body as it is sent, and about as many of headers as HTTP/1.1 needs."""
    async with client.stream("GET", path, headers={**GZIP, **(headers or {})}) as answer:
        body = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip", path
        assert gzip.decompress(body)
        return len(body) + sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)


@pytest.mark.usefixtures("full_days")
async def test_the_next_day_is_one_answer_of_at_most_4_kb(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    assert "Zara Khan" in (await dana.page(NEXT_DAY, headers=PARTIAL)).text
    assert await on_the_wire(dana, NEXT_DAY, PARTIAL) <= 4 * KILOBYTE


@pytest.mark.usefixtures("full_days")
async def test_a_first_visit_is_at_most_60_kb_in_8_requests(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    page = await dana.page(DAY)
    linked = [
        *(link.get("href") for link in page.all("link[href]")),
        *(script.get("src") for script in page.all("script[src]")),
        *(use.get("href").partition("#")[0] for use in page.all("use[href]")),
    ]
    fetched = [DAY, *dict.fromkeys(linked)]
    weights = {path: await on_the_wire(dana, path) for path in fetched}
    scripts = sum(weight for path, weight in weights.items() if path.endswith(".js"))
    assert sum(weights.values()) <= 60 * KILOBYTE
    assert scripts <= 30 * KILOBYTE
    assert len(fetched) <= 8
