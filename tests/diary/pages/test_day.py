"""The day's columns and what its blocks say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinic.tables import ColleagueAccess
from app.clock import day_window
from app.diary.entries import Attendee, Busy, Entry
from app.diary.hours.practitioners import Practitioner
from app.diary.hours.timetables import Workday
from app.diary.pages.day import DayView, day_view, initials
from app.diary.periods import Span
from app.diary.tables import Status
from app.i18n import Renderer, locale_for

DAY = date(2026, 11, 23)
LONDON = Renderer(locale_for("GB"), ZoneInfo("Europe/London"))
HOURS = (Span(9 * 60, 13 * 60), Span(14 * 60, 17 * 60 + 30))
ANNA = Practitioner(1, "Anna Marsh", ColleagueAccess.FULL, Workday(HOURS))
BEN = Practitioner(2, "Ben Osei", ColleagueAccess.FULL, Workday())
AMELIA = Attendee(50, "Amelia Hart", new=False, alert="", mobile="")
FOLLOW_UP = Entry(
    id=7,
    practitioner=1,
    starts_at=datetime(2026, 11, 23, 9, 30, tzinfo=UTC),
    ends_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
    status=Status.CONFIRMED,
    title="",
    type="Follow-up",
    colour=2,
    room="Room 2",
    booked_online=False,
    attendees=(AMELIA,),
)


def lay_out(*entries: Entry | Busy, today: date = DAY) -> DayView:
    return day_view(DAY, today, [ANNA, BEN], entries, LONDON)


def test_an_appointment_stands_in_its_practitioners_column() -> None:
    anna, ben = lay_out(FOLLOW_UP).columns
    (block,) = anna.blocks
    assert ben.blocks == ()
    assert block.css == "block fill-2 from-h9 from-m30 to-h10"
    assert block.href == "/diary/appointments/7"
    assert (block.time, block.who, block.what, block.status) == (
        "09:30",
        "Amelia Hart",
        "Follow-up",
        "confirmed",
    )


def test_the_accessible_name_says_all_that_colours_and_icons_say() -> None:
    attendee = AMELIA._replace(new=True, alert="Latex allergy")
    entry = FOLLOW_UP._replace(booked_online=True, attendees=(attendee,), status=Status.IN_SESSION)
    (block,) = lay_out(entry).columns[0].blocks
    assert block.label == (
        "09:30 to 10:00, Amelia Hart, new patient, Follow-up, in session, booked online, alert"
    )
    assert (block.new, block.online, block.alert) == (True, True, True)


def test_a_block_has_its_title_and_no_status() -> None:
    lunch = FOLLOW_UP._replace(type=None, colour=None, title="Lunch", attendees=())
    (block,) = lay_out(lunch).columns[0].blocks
    assert block.css.startswith("block fill-none ")
    assert (block.who, block.what, block.status) == ("Lunch", "", "")


def test_a_class_says_how_many_come() -> None:
    joined = FOLLOW_UP._replace(
        type="Pilates", attendees=(AMELIA, AMELIA._replace(patient=51, name="Zara Khan"))
    )
    (block,) = lay_out(joined).columns[0].blocks
    assert (block.who, block.what) == ("Pilates", "2 patients")
    cancelled = AMELIA._replace(patient=52, status=Status.CANCELLED)
    for attendees, coming in ((), "0 of 6"), ((AMELIA, cancelled), "1 of 6"):
        (block,) = lay_out(joined._replace(attendees=attendees, capacity=6)).columns[0].blocks
        assert (block.who, block.what) == ("Pilates", coming)


def test_a_colleagues_time_may_be_shown_as_taken_and_no_more() -> None:
    (block,) = lay_out(Busy(2, FOLLOW_UP.starts_at, FOLLOW_UP.ends_at)).columns[1].blocks
    assert (block.who, block.what, block.href, block.status) == ("busy", "", "", "")


def test_the_grid_shows_working_hours_and_stretches_for_what_is_early_or_late() -> None:
    assert (lay_out().opens, lay_out().closes) == (9, 18)
    early = FOLLOW_UP._replace(starts_at=FOLLOW_UP.starts_at.replace(hour=7, minute=45))
    late = FOLLOW_UP._replace(ends_at=FOLLOW_UP.ends_at.replace(hour=20, minute=15))
    view = lay_out(early, late)
    assert (view.opens, view.closes) == (7, 21)
    assert view.gutter[0] == (7, "07:00")
    assert view.gutter[-1] == (20, "20:00")


def test_working_time_and_the_break_in_it_are_placed() -> None:
    anna, ben = lay_out().columns
    assert anna.worktimes == ("from-h9 to-h13", "from-h14 to-h17 to-m30")
    assert anna.breaks == ("from-h13 to-h14",)
    assert (ben.worktimes, ben.breaks, ben.note) == ((), (), "not working")


def test_the_head_counts_appointments_but_no_blocks_and_nothing_cancelled() -> None:
    lunch = FOLLOW_UP._replace(type=None, title="Lunch", attendees=())
    cancelled = FOLLOW_UP._replace(status=Status.LATE_CANCELLED)
    missed = FOLLOW_UP._replace(status=Status.DID_NOT_ATTEND)
    entries = (FOLLOW_UP, lunch, cancelled, missed)
    assert lay_out(*entries).columns[0].note == "2 today"
    assert lay_out(*entries, today=DAY - timedelta(days=1)).columns[0].note == "2 booked"
    assert lay_out().columns[0].note == ""


def test_a_cancelled_one_stands_aside_of_what_was_booked_instead() -> None:
    cancelled = FOLLOW_UP._replace(id=6, status=Status.CANCELLED)
    first, second = lay_out(cancelled, FOLLOW_UP).columns[0].blocks
    assert first.css.endswith("from-h9 from-m30 to-h10 aside")
    assert second.css.endswith("from-h9 from-m30 to-h10 makes-room")


def test_a_cancelled_one_whose_time_is_free_has_all_its_width() -> None:
    cancelled = FOLLOW_UP._replace(status=Status.CANCELLED)
    later = FOLLOW_UP._replace(
        id=8, starts_at=FOLLOW_UP.ends_at, ends_at=FOLLOW_UP.ends_at + timedelta(minutes=30)
    )
    first, second = lay_out(cancelled, later).columns[0].blocks
    assert first.css.endswith("from-h9 from-m30 to-h10")
    assert second.css.endswith("from-h10 to-h10 to-m30")


def test_times_follow_the_countrys_habit() -> None:
    american = Renderer(locale_for("US"), ZoneInfo("America/New_York"))
    view = day_view(
        DAY, DAY, [ANNA], [FOLLOW_UP._replace(ends_at=FOLLOW_UP.ends_at.replace(hour=19))], american
    )
    assert view.columns[0].blocks[0].label.startswith("4:30\u202fAM to 2:00\u202fPM")


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Marsh", "AM"), ("Bo", "B"), ("Ana María de la Cruz", "AC"), ("Óscar Ibáñez", "ÓI"), ("", "")],
)
def test_initials_are_of_the_first_and_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    "zone", ["Europe/London", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu"]
)
@given(
    day=st.sampled_from(
        [
            date(2026, 3, 29),
            date(2026, 10, 25),
            date(2026, 4, 5),
            date(2026, 10, 4),
            date(2026, 3, 8),
            date(2026, 11, 1),
        ]
    ),
    starts=st.lists(st.tuples(st.integers(1, 2), st.integers(0, 22 * 60), st.integers(5, 120)), max_size=20),
)
def test_every_appointment_appears_exactly_once(
    zone: str, day: date, starts: list[tuple[int, int, int]]
) -> None:
    when = Renderer(locale_for("GB"), ZoneInfo(zone))
    opens, _ = day_window(day, when.zone)
    entries = [
        FOLLOW_UP._replace(
            id=number,
            practitioner=practitioner,
            starts_at=opens + timedelta(minutes=start),
            ends_at=opens + timedelta(minutes=start + length),
        )
        for number, (practitioner, start, length) in enumerate(sorted(starts, key=lambda one: one[1]))
    ]
    view = day_view(day, day, [ANNA, BEN], entries, when)
    shown = [block.href for column in view.columns for block in column.blocks]
    assert sorted(shown) == sorted(f"/diary/appointments/{entry.id}" for entry in entries)
