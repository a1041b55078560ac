"""The day as a list, at a moment of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.clinic.tables import ColleagueAccess
from app.diary.entries import Attendee, Entry
from app.diary.hours.practitioners import Practitioner
from app.diary.hours.timetables import Workday
from app.diary.pages.agenda import Agenda, AgendaItem, Gap, agenda_view
from app.diary.periods import Span
from app.diary.tables import Status
from app.i18n import Renderer, locale_for

DAY = date(2026, 11, 23)
LONDON = Renderer(locale_for("GB"), ZoneInfo("Europe/London"))
ANNA = Practitioner(
    1, "Anna Marsh", ColleagueAccess.FULL, Workday((Span(9 * 60, 13 * 60), Span(14 * 60, 17 * 60)))
)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def booked(
    starts: datetime, minutes: int, name: str, status: Status = Status.BOOKED, **changes: object
) -> Entry:
    entry = Entry(
        id=starts.hour * 100 + starts.minute,
        practitioner=1,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=minutes),
        status=status,
        title="",
        type="Follow-up",
        colour=2,
        room="Room 2",
        booked_online=False,
        attendees=(Attendee(5, name, new=False, alert="", mobile="+447911123456"),),
    )
    return entry._replace(**changes)


def told(*entries: Entry, moment: datetime, day: date = DAY) -> Agenda:
    return agenda_view(ANNA, day, moment, entries, LONDON)


def brief(agenda: Agenda) -> list[str]:
    return [
        f"{line.starts}-{line.ends} {line.who if isinstance(line, AgendaItem) else line.what}"
        for line in agenda.lines
    ]


def test_today_begins_with_who_is_in_session() -> None:
    agenda = told(
        booked(at(9), 30, "Amelia Hart", Status.COMPLETED),
        booked(at(10, 45), 45, "Mei-Ling Chen", Status.IN_SESSION),
        booked(at(11, 30), 30, "Noah Fraser", Status.ARRIVED),
        moment=at(11, 12),
    )
    assert agenda.heading == "In session until 11:30"
    assert agenda.first is not None
    assert (agenda.first.who, agenda.first.what, agenda.first.mobile) == (
        "Mei-Ling Chen",
        "Follow-up · Room 2",
        "+447911123456",
    )
    assert [item.who for item in agenda.earlier] == ["Amelia Hart"]
    assert brief(agenda) == [
        "11:30-12:00 Noah Fraser",
        "12:00-13:00 free",
        "13:00-14:00 break",
        "14:00-17:00 free",
    ]


def test_with_nobody_in_session_it_begins_with_who_is_next() -> None:
    agenda = told(booked(at(11, 30), 30, "Noah Fraser"), moment=at(11, 12))
    assert agenda.first is not None
    assert (agenda.heading, agenda.first.who) == ("Next, at 11:30", "Noah Fraser")


def test_who_should_be_in_session_is_due() -> None:
    agenda = told(booked(at(11), 30, "Noah Fraser", Status.ARRIVED), moment=at(11, 12))
    assert agenda.heading == "Due at 11:00"


def test_who_is_expected_after_the_time_has_begun_is_overdue() -> None:
    early = booked(at(9), 30, "Amelia Hart")
    waiting = booked(at(9, 30), 30, "Zara Khan", Status.ARRIVED)
    late = booked(at(11), 30, "Bo Li", Status.CONFIRMED)
    agenda = told(early, waiting, late, moment=at(10))
    lines = [*agenda.earlier, *(line for line in agenda.lines if isinstance(line, AgendaItem))]
    assert sorted(line.status_word for line in lines) == ["arrived", "booked, overdue"]
    assert agenda.first is not None
    assert agenda.first.status_word == "confirmed"


def test_who_overruns_is_still_in_session() -> None:
    agenda = told(
        booked(at(10, 30), 30, "Mei-Ling Chen", Status.IN_SESSION),
        booked(at(11), 30, "Noah Fraser"),
        moment=at(11, 12),
    )
    assert agenda.heading == "In session until 11:00"
    assert "11:00-11:30 Noah Fraser" in brief(agenda)


def test_a_cancelled_one_is_listed_but_its_time_is_free() -> None:
    agenda = told(booked(at(14), 180, "Isla Byrne", Status.CANCELLED), moment=at(13, 30))
    assert agenda.first is None
    assert brief(agenda) == ["13:00-14:00 break", "14:00-17:00 Isla Byrne", "14:00-17:00 free"]


def test_a_block_is_told_by_its_title_and_is_nobodys_appointment() -> None:
    lunch = booked(at(12, 30), 30, "", type=None, colour=None, title="Lunch", attendees=())
    agenda = told(lunch, moment=at(12))
    assert agenda.is_empty
    assert agenda.lines[1] == Gap("12:30", "13:00", "Lunch")
    assert brief(agenda)[0] == "09:00-12:30 free"


def test_breaths_between_patients_are_no_gaps() -> None:
    agenda = told(booked(at(14), 55, "Isla Byrne"), booked(at(15), 120, "Theo Grant"), moment=at(13, 30))
    assert brief(agenda) == ["13:00-14:00 break", "15:00-17:00 Theo Grant"]


def test_another_day_is_told_whole() -> None:
    entries = (booked(at(9), 240, "Amelia Hart", Status.COMPLETED), booked(at(14), 180, "Noah Fraser"))
    yesterday = told(*entries, moment=at(11) + timedelta(days=1))
    assert (yesterday.first, yesterday.heading, yesterday.earlier) == (None, "", ())
    assert brief(yesterday) == ["09:00-13:00 Amelia Hart", "13:00-14:00 break", "14:00-17:00 Noah Fraser"]


def test_a_day_without_appointments_is_empty() -> None:
    assert told(moment=at(11)).is_empty
