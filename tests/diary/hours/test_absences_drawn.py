"""What leave, holidays and changed hours do to a diary: its columns, its lists, its month, and what can be booked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.clock import now
from app.db import database
from app.diary.booking.booking import Booking, book
from app.diary.hours.practitioners import set_hours
from app.diary.pages.diaries import agendas_for, day_for, days_ahead_for, month_for, week_for
from app.diary.slots.conflicts import Despite, TimeRefused
from app.diary.tables import Absence, ChangedHours
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff, allow
from tests.diary.pages.test_tags import DAY, tag_on
from tests.support.statements import counted_statements

At = Callable[..., datetime]
MIDNIGHT = time()


async def away(
    practitioner: int | None, name: str, *, days: int = 1, part: tuple[time, time] = (MIDNIGHT, MIDNIGHT)
) -> None:
    """From the Monday on; without a practitioner the clinic is closed."""
    last = MONDAY + timedelta(days=days - 1)
    starts, ends = part
    await Absence.insert(
        Absence(
            practitioner=practitioner,
            name=name,
            first_day=MONDAY,
            last_day=last,
            starts=starts,
            ends=ends,
            created_at=now(),
        )
    )


async def test_leave_is_said_at_the_head_and_drawn_grey_with_its_name(
    staff: Staff, clinic: ClinicSettings
) -> None:
    await away(staff.anna.user, "Annual leave", days=2)
    await away(staff.ben.user, "Training", part=(time(15), time(18)))
    anna, ben = (await day_for(staff.dana, MONDAY, clinic)).columns
    assert (anna.note, anna.worktimes, anna.breaks) == ("Annual leave", (), ())
    assert anna.away == (("from-h8 to-h17 to-m30", "Annual leave"),)
    assert (ben.note, ben.away) == ("Training 15:00 – 18:00", (("from-h15 to-h17 to-m30", "Training"),))
    week = await week_for(staff.anna, MONDAY, None, clinic)
    assert week.days is not None
    assert [column.note for column in week.days.columns] == ["Annual leave"] * 2 + [""] * 5


async def test_a_holiday_closes_every_diary_and_the_month_says_so(
    amelia_at_nine: int, staff: Staff, clinic: ClinicSettings
) -> None:
    await away(None, "Founders’ day")
    view = await day_for(staff.dana, MONDAY, clinic)
    assert [column.note for column in view.columns] == ["1 today · Founders’ day", "Founders’ day"]
    (agenda,) = await agendas_for(staff.anna, MONDAY, clinic)
    assert agenda.first is not None
    assert (agenda.note, [line.what for line in agenda.lines]) == ("Founders’ day", [])
    overview = (await month_for(staff.dana, MONDAY, None, clinic)).month
    (closed,) = (day for week in overview.weeks for day in week if day.away)
    assert (closed.date, closed.away, closed.step) == (MONDAY, "Founders’ day", None)


async def test_the_month_and_the_coming_days_of_several_leave_out_each_ones_leave(
    staff: Staff, clinic: ClinicSettings
) -> None:
    await away(staff.anna.user, "Annual leave", days=3)
    everybodys = (await month_for(staff.dana, MONDAY, None, clinic)).month
    annas = (await month_for(staff.dana, MONDAY, staff.anna.user, clinic)).month
    assert not any(day.away for week in everybodys.weeks for day in week)
    assert sum(bool(day.away) for week in annas.weeks for day in week) == 3
    assert [day.away for day in await days_ahead_for(staff.anna, clinic)][:3] == ["Annual leave"] * 2 + [""]
    assert not any(day.away for day in await days_ahead_for(staff.dana, clinic))


async def test_changed_hours_are_drawn_instead_of_the_ordinary_ones(
    staff: Staff, clinic: ClinicSettings
) -> None:
    await ChangedHours.insert(
        ChangedHours(practitioner=staff.anna.user, day=MONDAY, starts=time(12), ends=time(20))
    )
    anna, ben = (await day_for(staff.dana, MONDAY, clinic)).columns
    assert anna.worktimes == ("from-h12 to-h20",)
    assert ben.worktimes == ("from-h8 to-h13", "from-h13 from-m45 to-h17 to-m30")


async def test_why_a_colleague_is_away_is_told_only_to_who_may_see_the_diary(staff: Staff) -> None:
    await away(staff.anna.user, "Sick leave")
    clinic = await allow(ColleagueAccess.FREE_BUSY)
    _ben, anna = (await day_for(staff.ben, MONDAY, clinic)).columns
    assert (anna.note, anna.away[0][1]) == ("away", "away")
    assert (await day_for(staff.anna, MONDAY, clinic)).columns[0].note == "Sick leave"


async def test_a_time_that_is_missed_is_refused_with_the_reason_and_what_is_free_after_it(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    async def refused(hour: int) -> TimeRefused:
        with pytest.raises(TimeRefused) as refusal:
            wanted = Booking(staff.anna.user, kit.follow_up, at(hour), (kit.amelia,))
            await book(wanted, clinic, by=staff.dana, despite=Despite.NOTHING)
        return refusal.value

    await away(staff.anna.user, "Training", part=(time(10), time(12)))
    assert (await refused(11)).message == "Anna Marsh is on leave 10:00 – 12:00: Training."
    assert (await refused(11)).free[0] == at(12)
    assert (await refused(19)).message == (
        "That is outside working hours, 08:00 – 10:00, 12:00 – 13:00, 13:45 – 17:30."
    )
    await away(staff.anna.user, "Annual leave", days=2)
    assert (await refused(14)).free[0] == at(8) + timedelta(days=2)
    assert (await refused(14)).message == "Anna Marsh is on leave that day: Annual leave."
    await away(None, "Founders’ day")
    assert (await refused(14)).message == "The clinic is closed: Founders’ day."
    assert (await refused(14)).offers is Despite.HOURS
    await Absence.delete(force=True)
    await set_hours(staff.anna.user, {2: [(time(9), time(12))]})
    assert (await refused(14)).message == "Anna Marsh doesn't work that day."


async def test_absences_and_single_days_change_the_tag_and_cost_no_read_more(
    staff: Staff, clinic: ClinicSettings, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    tags = [tag_on(await anna.page(DAY))]  # which also reads who works when, to keep it until it changes
    with counted_statements(database()) as before:
        await day_for(staff.anna, MONDAY, clinic)
    await away(staff.ben.user, "Annual leave", days=30)
    tags.append(tag_on(await anna.page(DAY)))
    await Absence.delete(force=True)
    tags.append(tag_on(await anna.page(DAY)))
    await ChangedHours.insert(
        ChangedHours(practitioner=staff.ben.user, day=MONDAY, starts=time(12), ends=time(20))
    )
    tags.append(tag_on(await anna.page(DAY)))
    assert len(set(tags)) == 4
    with counted_statements(database()) as after:
        await day_for(staff.anna, MONDAY, clinic)
    assert len(after) == len(before) == 2
