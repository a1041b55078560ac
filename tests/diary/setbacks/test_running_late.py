"""*Running late*: seen before it is stored, stored as one change, undone as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.setbacks.delay import TakenUpBy
from app.diary.setbacks.delay_forms import DelayForm
from app.diary.setbacks.delay_plans import plan_delay
from app.diary.setbacks.running_late import PlanChanged, run_late
from app.diary.slots.conflicts import Despite, TimeRefused
from app.diary.tables import Status
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.steps import audited, post_over
from tests.support.client import Answer, form_fields
from tests.support.clock import FrozenClock
from tests.support.statements import counted_statements

At = Callable[..., datetime]
BookAt = Callable[..., Awaitable[int]]
FORM = "#late-form"
CONFIRM = "button[value=move]"


@pytest.fixture
def book_at(kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> BookAt:
    """Zara's follow-up at that time of Anna's Monday."""

    async def booked(hour: int, minute: int = 0, **how: int) -> int:
        booking = Booking(
            how.pop("practitioner", staff.anna.user), kit.follow_up, at(hour, minute), (kit.zara,), **how
        )
        return await book(booking, clinic, by=staff.dana, despite=Despite.TAKEN)

    return booked


@pytest.fixture
async def morning(amelia_at_nine: int, book_at: BookAt) -> list[int]:
    """Amelia at 9 in Room 2, then Zara at 9:30, 10:30 and 13:45."""
    return [amelia_at_nine, await book_at(9, 30), await book_at(10, 30), await book_at(13, 45)]


async def starts() -> list[str]:
    found = await rows("SELECT starts_at FROM appointment ORDER BY id")
    return [f"{row['starts_at']:%H:%M}" for row in found]


def told(page: Answer) -> list[str]:
    """The plan's lines."""
    return [line.text for line in page.all(".shift")]


@pytest.mark.usefixtures("morning")
async def test_the_rest_of_today_is_shown_first_then_moved_and_undone_as_one(
    staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    head = (await anna.page("/diary/day/2026-11-23"))[".diary-head .button"]
    plans = await anna.page(head.get("href"))
    asked = await anna.page(plans.all(".row-link")[0].get("href"))
    shown = await asked.submit(FORM, minutes=20)
    assert told(shown) == [
        "from 09:00 to 09:20 Amelia Hart Follow-up · Room 2 +44 7911 123456",
        "from 09:30 to 09:50 Zara Khan Follow-up",
        "from 10:30 to 10:50 Zara Khan Follow-up",
        "from 13:45 to 14:05 Zara Khan Follow-up",
    ]
    assert "Nobody is told automatically" in shown.text
    assert await starts() == ["09:00", "09:30", "10:30", "13:45"]

    moved = await shown.submit(FORM, button=CONFIRM)
    assert (moved.status, moved.location) == (303, "/diary/day/2026-11-23")
    assert await starts() == ["09:20", "09:50", "10:50", "14:05"]
    assert await audited("appointment.delayed") == [("appointment.delayed", '{"minutes": 20}')] * 4

    day = await moved.follow()
    assert day["#notices p"].text == "4 moved. Nobody is told automatically."
    await day.submit("#notices form")
    assert await starts() == ["09:00", "09:30", "10:30", "13:45"]


@pytest.mark.usefixtures("morning")
async def test_free_time_may_take_it_up(staff: Staff, open_as: OpenAs) -> None:
    asked = await (await open_as(staff.anna)).page(f"/diary/late/{staff.anna.user}")
    shown = await asked.submit(FORM, taken_up_by="gaps")
    assert len(told(shown)) == 2
    assert "From 10:30 on everything stays as it is." in shown.text
    await shown.submit(FORM, button=CONFIRM)
    assert await starts() == ["09:15", "09:45", "10:30", "13:45"]


async def test_it_begins_with_whoever_is_awaited_or_whom_one_says(
    morning: list[int], staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=64)  # 09:45: the second is waiting
    anna = await open_as(staff.anna)
    sent = {"status": "in_session", "version": 1}
    await anna.submit(f"/diary/appointments/{morning[0]}/status", sent)
    asked = await anna.page(f"/diary/late/{staff.anna.user}")
    assert [option.text for option in asked.all("[name=first] option")] == [
        "09:30 Zara Khan", "10:30 Zara Khan", "13:45 Zara Khan",
    ]  # fmt: skip
    shown = await asked.submit(FORM, first=morning[2])
    assert [line.partition(" Zara")[0] for line in told(shown)] == [
        "from 10:30 to 10:45",
        "from 13:45 to 14:00",
    ]


@pytest.mark.usefixtures("amelia_at_nine")
async def test_what_stands_against_the_new_times_is_marked_and_done_on_purpose_only(
    book_at: BookAt, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await book_at(9, 30, practitioner=staff.ben.user, room=kit.room)
    await book_at(17)
    anna = await open_as(staff.anna)
    asked = await anna.page(f"/diary/late/{staff.anna.user}")
    assert [mark.text for mark in asked.all(".shift .alert-note")] == [
        "The room is taken from 09:30 to 10:00",
        "That is outside working hours, 08:00 – 13:00, 13:45 – 17:30.",
    ]
    assert asked[CONFIRM].text == "Double-book on purpose"
    await asked.submit(FORM, button=CONFIRM)
    forced = await rows("SELECT id FROM appointment WHERE forced ORDER BY id")
    assert [row["id"] for row in forced] == [1]
    assert await audited("appointment.delayed") == [
        ("appointment.delayed", '{"minutes": 15}'),
        ("appointment.delayed", '{"forced": true, "minutes": 15}'),
    ]


async def test_somebody_who_did_not_attend_stays_and_is_in_the_way(
    morning: list[int], staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    sent = {"status": Status.DID_NOT_ATTEND.value, "version": 1}
    await anna.submit(f"/diary/appointments/{morning[1]}/status", sent)
    asked = await anna.page(f"/diary/late/{staff.anna.user}")
    assert asked[".shift .alert-note"].text == "Zara Khan from 09:30 to 10:00"


@pytest.mark.usefixtures("morning")
async def test_a_diary_that_changed_since_is_shown_anew_and_nothing_is_moved(
    book_at: BookAt, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    asked = await anna.page(f"/diary/late/{staff.anna.user}")
    await book_at(11, 30)
    refused = await asked.submit(FORM, button=CONFIRM)
    assert refused.status == 409
    assert "Check them, then move them." in refused.text
    assert await starts() == ["09:00", "09:30", "10:30", "13:45", "11:30"]
    await refused.submit(FORM, button=CONFIRM)
    assert await starts() == ["09:15", "09:45", "10:45", "14:00", "11:45"]


@pytest.mark.usefixtures("morning")
async def test_times_that_were_not_shown_are_not_stored(staff: Staff, open_as: OpenAs) -> None:
    asked = await (await open_as(staff.anna)).page(f"/diary/late/{staff.anna.user}")
    assert (await asked.submit(FORM, button=CONFIRM, minutes=40)).status == 409
    assert await starts() == ["09:00", "09:30", "10:30", "13:45"]


@pytest.mark.usefixtures("morning")
async def test_sent_twice_it_moves_once(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    asked = await anna.page(f"/diary/late/{staff.anna.user}")
    sent = {**form_fields(asked[FORM]), "then": "move"}
    for _again in range(2):
        assert (await post_over(anna, f"/diary/late/{staff.anna.user}", **sent)).status == 200
    assert await starts() == ["09:15", "09:45", "10:45", "14:00"]


@pytest.mark.usefixtures("morning")
async def test_two_who_confirm_the_same_delay_at_once_put_the_day_off_once(
    staff: Staff, clinic: ClinicSettings
) -> None:
    plan = await plan_delay(DelayForm(), staff.anna.user, clinic, by=staff.anna)
    answers = await asyncio.gather(
        *(
            run_late(DelayForm(seal=plan.seal, key=who.name), staff.anna.user, clinic, by=who)
            for who in (staff.anna, staff.dana)
        ),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Done", "PlanChanged"]
    assert await starts() == ["09:15", "09:45", "10:45", "14:00"]


@pytest.mark.usefixtures("morning")
async def test_a_booking_at_the_same_moment_is_never_put_over(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    plan = await plan_delay(DelayForm(minutes=30), staff.anna.user, clinic, by=staff.anna)
    late = DelayForm(minutes=30, seal=plan.seal, key="late")
    answers = await asyncio.gather(
        run_late(late, staff.anna.user, clinic, by=staff.anna),
        book(Booking(staff.anna.user, kit.follow_up, at(10), (kit.zara,)), clinic, by=staff.dana),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, PlanChanged | TimeRefused)]
    assert len(refused) == 1
    assert await rows("SELECT id FROM appointment WHERE forced") == []


@pytest.mark.usefixtures("morning")
async def test_a_plan_takes_as_many_reads_for_one_as_for_many(
    staff: Staff, clinic: ClinicSettings, database: Engine
) -> None:
    await plan_delay(DelayForm(), staff.anna.user, clinic, by=staff.anna)  # reads whose days there are
    counts = []
    for taken_up_by in (TakenUpBy.GAPS, TakenUpBy.NOTHING):  # two move, four move
        with counted_statements(database) as statements:
            await plan_delay(DelayForm(taken_up_by=taken_up_by), staff.anna.user, clinic, by=staff.anna)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 7


@pytest.mark.usefixtures("morning")
async def test_practitioners_put_off_their_own_day_and_the_desk_puts_off_all(
    staff: Staff, open_as: OpenAs
) -> None:
    await allow(ColleagueAccess.FULL)
    statuses = [
        (await (await open_as(who)).page(f"/diary/late/{staff.anna.user}")).status
        for who in (staff.anna, staff.dana, staff.sam, staff.ben)
    ]
    assert statuses == [200, 200, 200, 403]


async def test_a_day_without_anybody_to_come_says_so(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna, phone=True)
    link = (await anna.page("/m/today"))["#diary-page .button"]
    assert link.get("href") == f"/diary/plans/{staff.anna.user}/2026-11-23"
    page = await anna.page(f"/diary/late/{staff.anna.user}")
    assert "Nobody who comes today is still to be seen." in page.text
    assert CONFIRM not in page
