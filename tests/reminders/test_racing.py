"""Planners that race: whoever looks first, each reminder is planned once, posted once and sent once."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from app import db
from app.db import execute, rows
from app.db.watcher import Changes
from app.keys import new_keys
from app.messages.tables import Channel
from tests.messages.outbox import until
from tests.reminders.reminding import DAY, Reminding
from tests.support.clock import FrozenClock
from tests.support.server import serving
from tests.support.settings import environment_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

PLANNERS = 4
Workers = Callable[[datetime], AbstractContextManager[None]]
HOURS = range(9, 15)


async def book_a_day(reminding: Reminding) -> list[int]:
    """Appointments on Wednesday, to be reminded of by e-mail a day before."""
    await reminding.rule(Channel.EMAIL, DAY)
    return [await reminding.book(reminding.at(2, hour)) for hour in HOURS]


async def reminded_of() -> Counter[int]:
    """How many reminders there were of each appointment."""
    return Counter(row["appointment"] for row in await rows("SELECT appointment FROM reminder"))


async def test_planners_that_race_plan_and_post_each_reminder_once(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    appointments = await book_a_day(reminding)

    async def all_look() -> None:
        await asyncio.gather(*(reminding.look() for _ in range(PLANNERS)))

    await all_look()
    assert await reminded_of() == dict.fromkeys(appointments, 1)

    frozen.move_to(reminding.at(1, HOURS[-1]))
    while await reminding.planned():
        before = len(await reminding.posted())
        await all_look()
        assert len(await reminding.posted()) > before
        await execute("UPDATE message SET state = 'accepted'")
    posted = Counter(message["appointment_id"] for message in await reminding.posted())
    assert posted == dict.fromkeys(appointments, 1)


@pytest.fixture
def workers(database_url: str, tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage) -> Workers:
    """Runs two workers at that moment, in processes of their own."""
    environment = {**environment_for(database_url, smtp_server, vonage), **new_keys(), "WORKER_INSIDE": "no"}

    @contextmanager
    def running(at: datetime) -> Iterator[None]:
        with ExitStack() as stack:
            for number in range(2):
                folder = tmp_path / f"{at:%d}-{number}"
                folder.mkdir()
                stack.enter_context(serving(folder, environment, "worker", at=at))
            yield

    return running


async def test_workers_in_several_processes_plan_and_send_each_reminder_once(
    reminding: Reminding, frozen: FrozenClock, workers: Workers, smtp_server: SmtpServer
) -> None:
    appointments = await book_a_day(reminding)

    async def looked_at() -> bool:
        return not await rows("SELECT id FROM reminder_work")

    async def sent() -> bool:
        found = await rows("SELECT state FROM message WHERE state = 'accepted'")
        return len(found) >= len(appointments)

    async with Changes(db.database()) as changes:
        with workers(frozen.now):
            await until(changes, looked_at)
        assert await reminded_of() == dict.fromkeys(appointments, 1)
        with workers(reminding.at(1, HOURS[-1])):
            await until(changes, sent)

    posted = Counter(message["appointment_id"] for message in await reminding.posted())
    assert posted == dict.fromkeys(appointments, 1)
    assert len({mail.subject for mail in smtp_server.mails}) == len(smtp_server.mails) == len(appointments)
