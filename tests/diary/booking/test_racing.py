"""Fifty people want the same time at once, and two processes serve them: exactly one gets it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.accounts.middleware import SESSION_COOKIE
from app.accounts.sessions import start_session
from app.accounts.tables import SessionKind
from app.clock import local_day, now
from app.db import rows
from app.db.engine import Engine
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from tests.diary.conftest import EVERY_DAY
from tests.support.html import parse
from tests.support.people import a_clinic, a_front_desk, a_practitioner, the_clinic
from tests.support.server import Server, serving
from tests.support.settings import environment_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

CLIENTS = 50


@pytest.fixture
def servers(
    database: Engine, database_url: str, tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage
) -> Iterator[list[Server]]:
    """Two processes on one database, with the same keys."""
    environment = {**environment_for(database_url, smtp_server, vonage), "VAR_DIR": str(tmp_path / "var")}
    folders = [tmp_path / "first", tmp_path / "second"]
    with ExitStack() as stack:
        for folder in folders:
            folder.mkdir()
        yield [stack.enter_context(serving(folder, environment)) for folder in folders]


async def test_of_fifty_who_book_the_same_time_one_gets_it_and_the_others_are_told_what_is_free(
    database: Engine, servers: list[Server]
) -> None:
    clinic = await a_clinic()
    anna, dana = await a_practitioner(), await a_front_desk()
    await set_hours(anna.id, EVERY_DAY)
    follow_up = await add_type("Follow-up", colour=2, minutes=30)
    token = await start_session(
        dana.id, SessionKind.DESKTOP, await the_clinic(), device=None, address="203.0.113.7"
    )
    day = local_day(now(), clinic.zone) + timedelta(days=7)
    wanted = {"practitioner": anna.id, "day": str(day), "time": "10:00", "type": follow_up}

    async def book(n: int) -> httpx.Response:
        server = servers[n % len(servers)]
        async with httpx.AsyncClient(base_url=server.url, timeout=60) as client:
            client.cookies.set(SESSION_COOKIE, token)
            form = parse((await client.get("/diary/book")).text)["#booking-form"]
            hidden = {name: form[f"[name={name}]"].get("value") for name in ("_csrf_token", "key")}
            await ready.wait()
            sent = {**wanted, **hidden, "new_name": f"Patient {n}"}
            return await client.post("/diary/appointments", data=sent)

    ready = asyncio.Barrier(CLIENTS)
    answers = await asyncio.gather(*(book(n) for n in range(CLIENTS)))

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * (CLIENTS - 1)
    for answer in answers:
        if answer.status_code == 409:
            page = parse(answer.text)
            assert page[".conflict strong"].text == "There is already an appointment at that time."
            assert page.all(".conflict-slots button")[0].get("value") == f"{day}T10:30"
    assert len(await rows("SELECT id FROM appointment")) == 1
    assert len(await rows("SELECT id FROM patient")) == 1
