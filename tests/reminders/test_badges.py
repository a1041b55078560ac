"""What the diary shows of a patient's messages: in words too, at no cost in queries, and without being opened anew."""

from __future__ import annotations

import pytest

from app.db import rows
from app.db.engine import Engine
from app.diary.pages.diaries import day_for
from app.messages.tables import MessageState
from tests.diary.conftest import MONDAY, OpenAs
from tests.reminders.reminding import Reminding
from tests.support.clock import FrozenClock
from tests.support.statements import counted_statements


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (MessageState.ACCEPTED, "reminded by e-mail, sent"),
        (MessageState.FAILED, "e-mail not delivered"),
        (MessageState.EXPIRED, "e-mail not delivered"),
    ],
)
async def test_the_day_tells_how_a_reminder_went(
    reminding: Reminding, open_as: OpenAs, frozen: FrozenClock, state: MessageState, words: str
) -> None:
    appointment = await reminding.due(frozen)
    desk = await open_as(reminding.staff.dana)
    block = f'a[href="/diary/appointments/{appointment}"]'
    assert "reminded" not in (await desk.page("/diary/day/2026-11-25"))[block].get("aria-label")
    (before,) = await rows("SELECT version FROM day_version WHERE day = {}", reminding.at(2, 0).date())

    await reminding.becomes(state)

    assert words in (await desk.page("/diary/day/2026-11-25"))[block].get("aria-label")
    assert words in (await desk.page("/diary/agenda/2026-11-25")).response.text
    assert words in (await desk.page(f"/diary/appointments/{appointment}")).text
    (after,) = await rows("SELECT version FROM day_version WHERE day = {}", reminding.at(2, 0).date())
    assert after["version"] > before["version"]  # open diaries hear of it


async def test_a_reminder_of_another_time_doesnt_count(reminding: Reminding, frozen: FrozenClock) -> None:
    appointment = await reminding.due(frozen)
    await reminding.becomes(MessageState.ACCEPTED)
    assert await reminding.told(appointment)

    await reminding.move(appointment, reminding.at(4, 10))
    await reminding.look()
    assert await reminding.told(appointment) == 0


async def test_badges_cost_the_day_no_query(
    reminding: Reminding, frozen: FrozenClock, database: Engine
) -> None:
    async def asked() -> int:
        with counted_statements(database) as statements:
            await day_for(reminding.staff.dana, reminding.at(2, 0).date(), reminding.clinic)
        return len(statements)

    await day_for(reminding.staff.dana, MONDAY, reminding.clinic)
    await reminding.due(frozen)
    await asked()
    before = await asked()
    await reminding.becomes(MessageState.ACCEPTED)
    assert await asked() == before
