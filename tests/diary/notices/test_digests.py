"""A diary's owner hears once of what others have changed today and tomorrow, and never of what was undone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.accounts.tables import User
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import database, execute, rows, write
from app.db.watcher import Changes
from app.diary.appointments.editing import move
from app.diary.appointments.progress import change_status
from app.diary.booking.booking import Booking, book
from app.diary.booking.forms import MoveForm, StatusForm
from app.diary.booking.series import book_series
from app.diary.changes.forms import UndoForm
from app.diary.changes.undo import undo
from app.diary.notices.digests import next_due, run_digests, tell_quiet_ones
from app.messages.compose import Purpose, compose
from tests.diary.conftest import Clinicians, Staff
from tests.diary.steps import at_ten
from tests.support.clock import FrozenClock
from tests.support.outbox import waiting

At = Callable[..., datetime]
Told = Callable[[], Awaitable[list[dict[str, str]]]]


@pytest.fixture
def told(frozen: FrozenClock) -> Told:
    """The mails of the digests three minutes on, as what they are made of."""

    async def mails_by_then() -> list[dict[str, str]]:
        frozen.tick(minutes=3)
        await tell_quiet_ones()
        return await mails()

    return mails_by_then


async def mails() -> list[dict[str, str]]:
    return await waiting(Purpose.DIARY_CHANGED)


@pytest.fixture
async def known(amelia_at_nine: int) -> int:
    """Amelia's appointment at nine, of which Anna knows."""
    await execute("DELETE FROM untold_changes")
    return amelia_at_nine


async def put(appointment: int, starts: str, by: Viewer, clinic: ClinicSettings, **said: Any) -> int:
    """Move it to that time of November; the change's number."""
    (row,) = await rows("SELECT version FROM appointment WHERE id = {}", appointment)
    form = MoveForm.model_validate({"starts": f"2026-11-{starts}", "version": row["version"], **said})
    done = await move(form, appointment, clinic, by=by)
    assert done.change is not None
    return done.change


async def give(appointment: int, status: str, by: Viewer, clinic: ClinicSettings) -> None:
    (row,) = await rows("SELECT version FROM appointment WHERE id = {}", appointment)
    await change_status(StatusForm(status=status, version=row["version"]), appointment, clinic, by=by)


async def test_changes_by_others_are_told_in_one_mail_after_three_quiet_minutes(
    known: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At, frozen: FrozenClock, told: Told
) -> None:
    new = Booking(staff.anna.user, kit.massage, at(14) + timedelta(days=1), (kit.zara,))
    await book(new, clinic, by=staff.dana)
    frozen.tick(minutes=2, seconds=59)
    await put(known, "23T10:30", staff.dana, clinic)
    frozen.tick(minutes=2)
    await tell_quiet_ones()
    assert await rows("SELECT id FROM message") == []
    assert await next_due() == frozen.now + timedelta(minutes=1)
    (mail,) = await told()
    assert (mail["recipient"], mail["name"], mail["changes"]) == ("anna@riverside.example", "Anna Marsh", "2")
    assert mail["lines"].splitlines() == [
        "Mon 23 Nov, 10:30–11:00\tFollow-up, moved from Mon 23 Nov, 09:00",
        "Tue 24 Nov, 14:00–15:00\tSports massage, new",
    ]
    assert len(await told()) == 1
    assert await next_due() is None


async def test_what_was_undone_or_moved_back_is_no_news(
    known: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At, told: Told
) -> None:
    await undo(UndoForm(), await put(known, "24T10:30", staff.dana, clinic), clinic, by=staff.dana)
    await put(known, "23T15:00", staff.dana, clinic)
    await put(known, "23T09:00", staff.dana, clinic)
    await give(known, "cancelled", staff.dana, clinic)
    await give(known, "booked", staff.dana, clinic)
    brief = await book(Booking(staff.anna.user, kit.follow_up, at(16), (kit.zara,)), clinic, by=staff.dana)
    await give(brief, "cancelled", staff.sam, clinic)
    assert await told() == []
    assert await rows("SELECT id FROM untold_changes") == []


async def test_undoing_what_was_told_is_told_as_well(
    known: int, staff: Staff, clinic: ClinicSettings, told: Told
) -> None:
    change = await put(known, "23T10:30", staff.dana, clinic)
    assert len(await told()) == 1
    await undo(UndoForm(), change, clinic, by=staff.dana)
    (_first, second) = await told()
    assert second["lines"] == ("Mon 23 Nov, 09:00–09:30\tFollow-up, moved from Mon 23 Nov, 10:30")


async def test_own_changes_tell_nothing_and_settle_what_others_did_before(
    known: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At, told: Told
) -> None:
    await book(Booking(staff.anna.user, kit.follow_up, at(11), (kit.zara,)), clinic, by=staff.anna)
    await put(known, "23T10:00", staff.dana, clinic)
    await put(known, "23T12:00", staff.anna, clinic)
    assert await told() == []


async def test_how_far_somebody_has_come_is_no_news(
    known: int, staff: Staff, clinic: ClinicSettings, told: Told
) -> None:
    for status in ("confirmed", "arrived", "in_session", "completed"):
        await give(known, status, staff.dana, clinic)
    assert await told() == []


async def test_a_colleague_gets_what_the_other_loses(
    known: int, staff: Staff, clinic: ClinicSettings, told: Told
) -> None:
    await put(known, "23T09:00", staff.dana, clinic, practitioner=staff.ben.user)
    lines = {mail["recipient"]: mail["lines"].split("\t")[1] for mail in await told()}
    assert lines == {
        "anna@riverside.example": "Follow-up, taken out",
        "ben@riverside.example": "Follow-up, new",
    }


async def test_what_is_later_than_tomorrow_waits_to_be_seen(
    known: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At, told: Told
) -> None:
    later = Booking(staff.anna.user, kit.follow_up, at(9) + timedelta(days=2), (kit.zara,))
    await book(later, clinic, by=staff.dana)
    assert await told() == []
    await put(known, "30T09:00", staff.dana, clinic)
    (mail,) = await told()
    assert mail["lines"] == "Mon 30 Nov, 09:00–09:30\tFollow-up, moved from Mon 23 Nov, 09:00"
    assert mail["days"] == "2026-11-23"


async def test_of_a_series_only_what_is_near_is_told(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, told: Told
) -> None:
    await book_series(at_ten(staff, kit.follow_up, kit.amelia, repeat="weekly"), clinic, by=staff.dana)
    (mail,) = await told()
    assert mail["lines"] == "Mon 23 Nov, 10:00–10:30\tFollow-up, new"


@pytest.mark.parametrize(
    ("record", "channel"),
    [
        ({User.change_notices: "text", User.mobile: "+447911123456"}, "text"),
        ({User.change_notices: "text"}, "email"),
        ({User.change_notices: "none"}, None),
        ({User.email: ""}, None),
        ({User.enabled_for_online: False}, None),
        ({User.current: False}, None),
    ],
)
async def test_they_hear_by_the_way_they_chose_if_it_reaches_them(
    known: int, staff: Staff, clinic: ClinicSettings, told: Told, record: dict[Any, Any], channel: str | None
) -> None:
    await User.update(record).where(User.id == staff.anna.user)
    await put(known, "24T10:30", staff.dana, clinic)
    await told()
    assert [row["channel"] for row in await rows("SELECT channel FROM message")] == [channel] * bool(channel)
    assert await rows("SELECT id FROM untold_changes") == []


async def test_a_closed_portal_s_changes_are_told_once_when_it_is_back(
    known: int, staff: Staff, clinic: ClinicSettings, told: Told
) -> None:
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    await put(known, "23T10:30", staff.dana, clinic)
    assert await told() == []
    assert await next_due() is None
    await put(known, "23T11:30", staff.dana, clinic)
    async with write():
        await change_portal_status(PortalStatus.ONLINE, by=None)
    (mail,) = await told()
    assert "moved from Mon 23 Nov, 09:00" in mail["lines"]


async def test_of_several_workers_one_tells(
    known: int, staff: Staff, clinic: ClinicSettings, frozen: FrozenClock
) -> None:
    await put(known, "23T10:30", staff.dana, clinic)
    await put(known, "23T10:45", staff.dana, clinic, practitioner=staff.ben.user)
    frozen.tick(minutes=3)
    await asyncio.gather(*(tell_quiet_ones() for _ in range(4)))
    assert len(await mails()) == 2


async def test_one_that_is_cut_off_is_made_by_the_next_worker(
    known: int, staff: Staff, clinic: ClinicSettings, frozen: FrozenClock
) -> None:
    await put(known, "23T10:30", staff.dana, clinic)
    frozen.tick(minutes=3)
    with pytest.raises(LookupError):
        async with write():
            await tell_quiet_ones()
            assert len(await mails()) == 1
            raise LookupError
    assert await mails() == []
    await tell_quiet_ones()
    assert len(await mails()) == 1


async def test_a_worker_tells_what_is_due(
    known: int, staff: Staff, clinic: ClinicSettings, frozen: FrozenClock
) -> None:
    await put(known, "23T10:30", staff.dana, clinic)
    frozen.tick(minutes=3)
    stop = asyncio.Event()
    async with Changes(database()) as changes, asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(run_digests(changes, stop))
        while not await mails():
            await changes.wait(changes.counter, 1)
        stop.set()


async def test_the_words_are_those_of_the_moment_at_which_it_leaves(
    clinic: ClinicSettings, frozen: FrozenClock
) -> None:
    clinic = replace(clinic, portal_url="https://portal.example")

    def text(changes: int, days: str) -> str:
        context = {"changes": str(changes), "days": days}
        purpose, url = Purpose.DIARY_CHANGED_TEXT, clinic.portal_url
        return compose(purpose, context, clinic, portal_url=url, recipient="", at=frozen.now).text

    tomorrow = "Riverside Physio: 2 changes in tomorrow's diary. https://portal.example/m"
    assert text(2, "2026-11-24") == tomorrow
    assert text(1, "2026-11-23").startswith("Riverside Physio: 1 change in today's diary.")
    assert text(3, "2026-11-23 2026-11-24").startswith("Riverside Physio: 3 changes in your diary.")
    frozen.tick(days=1)
    assert "2 changes in today's diary" in text(2, "2026-11-24")
