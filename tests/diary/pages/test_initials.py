"""A phone that nobody has vouched for: it shows patients by their initials, and opens nothing that tells more."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.accounts.tables import Device
from app.db import rows
from app.diary.entries import initials_of
from app.reminders.tables import CancelRequest
from tests.diary.conftest import OpenAs, Staff
from tests.support.client import Client
from tests.support.clock import MORNING
from tests.support.routes import declared

PAGES = ["/m/today", "/diary/day/2026-11-23", "/diary/week/2026-11-23", "/diary/agenda/2026-11-23"]
# What tells who it is: the two patients of the clinic, and what stands in their records.
TELLING = ("Amelia", "Hart", "Zara", "Khan", "Latex", "7911", "Left knee")


@pytest.fixture
async def phone(staff: Staff, amelia_at_nine: int, open_as: OpenAs) -> Client:
    """Anna's new one."""
    opened = await open_as(staff.anna, phone=True)
    await vouched_for(None)
    [attending] = await rows("SELECT patient FROM attendance WHERE appointment = {}", amelia_at_nine)
    await CancelRequest.insert(
        CancelRequest(appointment=amelia_at_nine, patient=attending["patient"], asked_at=MORNING)
    )
    return opened


async def vouched_for(at: datetime | None) -> None:
    await Device.update({Device.confirmed_at: at}).where(Device.kind == "phone")


def told(text: str) -> list[str]:
    return [word for word in TELLING if word in text]


@pytest.mark.parametrize("path", PAGES)
async def test_patients_have_initials_until_somebody_vouches_for_the_phone(phone: Client, path: str) -> None:
    page = await phone.page(path)
    assert (page.status, "A. H." in page.text, told(page.response.text)) == (200, True, [])
    tag = {"if-none-match": page.headers.get("etag", "")}
    await vouched_for(MORNING)
    again = await phone.page(path, headers=tag if tag["if-none-match"] else {})
    assert ("A. H." in again.text, "Amelia Hart" in again.text) == (False, True)


async def test_the_phone_says_why_and_how_that_ends(phone: Client) -> None:
    assert "This phone is new, so patients appear by their initials." in (await phone.page("/m/today")).text
    await vouched_for(MORNING)
    assert "This phone is new" not in (await phone.page("/m/today")).text


async def test_nothing_else_tells_who_anybody_is(phone: Client) -> None:
    """Every page and form of the staff is asked; records, appointments and look-ups don't open at all."""
    token = await phone.token()
    refused = set()
    for route, who in declared().items():
        if who != "staff" or route.path in ("/events", "/account/sessions/end"):
            continue
        answer = await phone.request(route.method, route.address, headers={"x-csrftoken": token})
        assert told(answer.text) == [], route
        if answer.status_code == 403:
            refused.add(route.path)
    for path in ("/patients", "/patients/{patient}", "/diary/appointments/{appointment}", "/diary/book"):
        assert path in refused, path


@pytest.mark.parametrize(
    ("name", "initials"), [("Amelia Hart", "A. H."), ("élodie", "É."), ("Jan van der Berg", "J. V. D. B.")]
)
def test_initials_are_of_every_part_of_a_name(name: str, initials: str) -> None:
    assert initials_of(name) == initials
