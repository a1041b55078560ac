"""What each viewer sees of whose diary, and how much it costs to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from app.accounts.tables import User
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.pages.day import DayView
from app.diary.pages.diaries import agendas_for, day_for, days_ahead_for, week_for
from app.diary.pages.preferences import Preference
from app.diary.tables import Appointment, Status
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff, allow, hire
from tests.support.statements import counted_statements

At = Callable[..., datetime]


def columns(view: DayView) -> list[str]:
    return [column.name for column in view.columns]


def people(view: DayView, name: str) -> list[str]:
    (column,) = (column for column in view.columns if column.name == name)
    return [block.who for block in column.blocks]


@pytest.mark.usefixtures("amelia_at_nine")
async def test_front_desk_and_administrators_see_everybodys_columns(
    staff: Staff, clinic: ClinicSettings
) -> None:
    for viewer in (staff.dana, staff.sam):
        view = await day_for(viewer, MONDAY, clinic)
        assert columns(view) == ["Anna Marsh", "Ben Osei"]
        assert people(view, "Anna Marsh") == ["Amelia Hart"]


async def test_practitioners_see_their_own_column_first(staff: Staff, clinic: ClinicSettings) -> None:
    assert columns(await day_for(staff.ben, MONDAY, clinic)) == ["Ben Osei", "Anna Marsh"]


@pytest.mark.usefixtures("amelia_at_nine")
async def test_of_colleagues_practitioners_see_what_the_clinic_allows(
    staff: Staff, clinic: ClinicSettings
) -> None:
    assert people(await day_for(staff.ben, MONDAY, clinic), "Anna Marsh") == ["Amelia Hart"]
    clinic = await allow(ColleagueAccess.FREE_BUSY)
    view = await day_for(staff.ben, MONDAY, clinic)
    assert people(view, "Anna Marsh") == ["busy"]
    assert "Amelia" not in repr(view)
    clinic = await allow(ColleagueAccess.NONE)
    assert columns(await day_for(staff.ben, MONDAY, clinic)) == ["Ben Osei"]


async def test_of_a_colleagues_cancelled_appointment_nothing_is_seen(
    amelia_at_nine: int, staff: Staff
) -> None:
    await Appointment.update({Appointment.status: Status.CANCELLED}).where(Appointment.id == amelia_at_nine)
    clinic = await allow(ColleagueAccess.FREE_BUSY)
    cancelled_too = Preference(show_cancelled=True)
    assert people(await day_for(staff.ben, MONDAY, clinic, cancelled_too), "Anna Marsh") == []
    assert people(await day_for(staff.anna, MONDAY, clinic, cancelled_too), "Anna Marsh") == ["Amelia Hart"]
    assert people(await day_for(staff.anna, MONDAY, clinic), "Anna Marsh") == []


@pytest.mark.usefixtures("amelia_at_nine")
async def test_only_the_window_is_read(staff: Staff, clinic: ClinicSettings) -> None:
    for day in (MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)):
        assert people(await day_for(staff.anna, day, clinic), "Anna Marsh") == []


async def test_what_runs_over_midnight_is_on_both_days(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    booking = Booking(staff.anna.user, kit.massage, at(23, 30), (kit.zara,))
    await book(booking, clinic, by=staff.anna)
    for day in (MONDAY, MONDAY + timedelta(days=1)):
        assert people(await day_for(staff.anna, day, clinic), "Anna Marsh") == ["Zara Khan"]


async def test_the_changeover_days_hold_what_is_booked_at_their_edges(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings
) -> None:
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        midnight = datetime.combine(day, datetime.min.time(), clinic.zone)
        last = Booking(
            staff.anna.user,
            kit.follow_up,
            midnight.astimezone(UTC) + timedelta(hours=hours - 0.5),
            (kit.zara,),
        )
        await book(last, clinic, by=staff.anna)
        assert people(await day_for(staff.anna, day, clinic), "Anna Marsh") == ["Zara Khan"]
        assert people(await day_for(staff.anna, day + timedelta(days=1), clinic), "Anna Marsh") == []


async def test_a_lapsed_hold_is_not_in_the_diary(
    amelia_at_nine: int, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    held_until = {Appointment.held_until: at(8, 41)}
    await Appointment.update(held_until).where(Appointment.id == amelia_at_nine)
    assert people(await day_for(staff.anna, MONDAY, clinic), "Anna Marsh") == []


async def test_who_has_left_has_no_column(staff: Staff, clinic: ClinicSettings) -> None:
    await User.update({User.current: False}).where(User.id == staff.ben.user)
    assert columns(await day_for(staff.sam, MONDAY, clinic)) == ["Anna Marsh"]


@pytest.mark.usefixtures("amelia_at_nine")
async def test_an_agenda_is_ones_own_and_at_the_desk_everybodys(staff: Staff, clinic: ClinicSettings) -> None:
    (own,) = await agendas_for(staff.anna, MONDAY, clinic)
    assert (own.name, own.first and own.first.who) == ("Anna Marsh", "Amelia Hart")
    assert [agenda.name for agenda in await agendas_for(staff.dana, MONDAY, clinic)] == [
        "Anna Marsh",
        "Ben Osei",
    ]


async def test_the_days_ahead_say_how_much_there_is(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    for hours in (24, 26):
        booking = Booking(staff.anna.user, kit.massage, at(9) + timedelta(hours=hours), (kit.zara,))
        await book(booking, clinic, by=staff.anna)
    days = await days_ahead_for(staff.anna, clinic)
    assert [ahead.booked for ahead in days] == [2, 0, 0, 0, 0, 0, 0]
    assert (days[0].day.title, days[0].first, days[0].last) == ("Tue 24 November", "09:00", "12:00")


async def test_a_day_costs_the_same_reads_however_full_it_is(
    database: Engine, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    await hire("Clara Lund", practitioner=True)
    with counted_statements(database) as anew:
        await day_for(staff.dana, MONDAY, clinic)
    with counted_statements(database) as empty:
        await day_for(staff.dana, MONDAY, clinic)
    for hour in range(8, 18):
        for practitioner in (staff.anna, staff.ben):
            await book(
                Booking(practitioner.user, kit.follow_up, at(hour), (kit.zara,)), clinic, by=staff.dana
            )
    with counted_statements(database) as full:
        view = await day_for(staff.dana, MONDAY, clinic)
    assert sum(len(column.blocks) for column in view.columns) == 20
    assert (len(anew), len(empty), len(full)) == (3, 2, 2)  # whose days there are is read when it has changed


class TestWhoeverHasLeft:
    """Ben, who came on Saturday, and has left since."""

    SATURDAY = MONDAY - timedelta(days=2)

    @pytest.fixture(autouse=True)
    async def ben_has_left(self, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> None:
        booking = Booking(staff.ben.user, kit.follow_up, at(9) - timedelta(days=2), (kit.zara,))
        await book(booking, clinic, by=staff.dana)
        await User.update({User.current: False}).where(User.id == staff.ben.user)

    async def test_has_a_column_on_days_on_which_somebody_came(
        self, staff: Staff, clinic: ClinicSettings
    ) -> None:
        hidden = Preference(hidden=frozenset({staff.ben.user}))
        for preference in (Preference(), hidden):
            view = await day_for(staff.dana, self.SATURDAY, clinic, preference)
            assert columns(view) == ["Anna Marsh", "Ben Osei"]
        assert people(view, "Ben Osei") == ["Zara Khan"]
        assert view.columns[1].note == "1 booked · has left"
        for day in (self.SATURDAY - timedelta(days=1), MONDAY, MONDAY + timedelta(days=1)):
            assert columns(await day_for(staff.dana, day, clinic)) == ["Anna Marsh"]

    async def test_is_on_the_agenda_of_those_days(self, staff: Staff, clinic: ClinicSettings) -> None:
        then, today = [await agendas_for(staff.dana, day, clinic) for day in (self.SATURDAY, MONDAY)]
        assert [agenda.name for agenda in then] == ["Anna Marsh", "Ben Osei"]
        assert [agenda.name for agenda in today] == ["Anna Marsh"]

    async def test_is_seen_by_those_only_who_may(self, staff: Staff) -> None:
        clinic = await allow(ColleagueAccess.FREE_BUSY)
        assert people(await day_for(staff.anna, self.SATURDAY, clinic), "Ben Osei") == ["busy"]
        clinic = await allow(ColleagueAccess.NONE)
        assert columns(await day_for(staff.anna, self.SATURDAY, clinic)) == ["Anna Marsh"]

    async def test_can_be_chosen_for_a_week_or_month_that_has_begun(
        self, staff: Staff, open_as: OpenAs
    ) -> None:
        dana, of_ben = await open_as(staff.dana), f"practitioner={staff.ben.user}"
        week = await dana.page(f"/diary/week/{self.SATURDAY}?{of_ben}")
        assert "Zara Khan" in week["main"].text
        assert "Ben Osei (has left)" in week[".whose"].text
        assert "[data-book-slot]" not in week
        assert "[data-kept]" not in week
        month = await dana.page(f"/diary/month/{self.SATURDAY}?{of_ben}")
        assert "1 appointment" in month["main"].text
        assert "Ben Osei" not in (await dana.page(f"/diary/week/{MONDAY + timedelta(days=7)}")).text

    async def test_works_no_more(self, staff: Staff, clinic: ClinicSettings) -> None:
        week = await week_for(staff.dana, MONDAY, staff.ben.user, clinic)
        assert week.days is not None
        worked = [bool(column.worktimes) for column in week.days.columns]
        assert worked == [True, False, False, False, False, False, False]
