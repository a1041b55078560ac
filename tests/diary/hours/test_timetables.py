"""When somebody works: the week, single days, absences; and that its moments hold across both changeovers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.clock import day_window
from app.diary.hours.timetables import WHOLE_DAY, Absence, Away, Stretch, Timetable, Workday
from app.diary.hours.words import day_words, week_words
from app.diary.hours.working_time import WorkingTime
from app.diary.periods import MIDNIGHT, Span
from app.i18n import Renderer, locale_for
from tests.diary.test_periods import CHANGEOVERS, LONDON, ZONES

MONDAY = date(2026, 11, 23)
MORNING, AFTERNOON = Span(9 * 60, 13 * 60), Span(14 * 60, 17 * 60)
WEEK = {weekday: [Stretch(MORNING), Stretch(AFTERNOON)] for weekday in range(5)}
LEAVE = Absence(MONDAY, MONDAY + timedelta(days=2), Away(WHOLE_DAY, "Annual leave"))
TRAINING = Absence(MONDAY, MONDAY, Away(Span(12 * 60, 15 * 60), "Training"))
HOLIDAY = Absence(MONDAY, MONDAY, Away(WHOLE_DAY, "St Andrew's Day", of_clinic=True))
WHEN = Renderer(locale_for("GB"), LONDON)


def london(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON).astimezone(UTC)


def test_an_ordinary_day_is_its_weekdays() -> None:
    work = Timetable(WEEK).on(MONDAY)
    assert (work.hours, work.breaks) == ((MORNING, AFTERNOON), (Span(13 * 60, 14 * 60),))
    assert Timetable(WEEK).on(MONDAY - timedelta(days=1)) == Workday()


def test_changed_hours_replace_the_day_also_a_day_off() -> None:
    sunday = MONDAY - timedelta(days=1)
    late = [Stretch(Span(12 * 60, 20 * 60), "High Street")]
    timetable = Timetable(WEEK, {MONDAY: late, sunday: late})
    for day in (MONDAY, sunday):
        assert timetable.on(day).hours == (Span(12 * 60, 20 * 60),)
        assert day_words(timetable.on(day), WHEN) == "High Street"
    assert timetable.on(MONDAY + timedelta(days=7)).hours == (MORNING, AFTERNOON)


def test_leave_takes_each_of_its_days_and_wins_over_changed_hours() -> None:
    timetable = Timetable(WEEK, {MONDAY: [Stretch(MORNING)]}, [LEAVE])
    days = [MONDAY + timedelta(days=n) for n in range(-3, 4)]
    assert [bool(timetable.on(day).hours) for day in days] == [True, False, False, False, False, False, True]
    assert timetable.on(MONDAY).planned == (MORNING,)


def test_a_part_of_a_day_is_cut_out_of_work_and_break() -> None:
    work = Timetable(WEEK, {}, [TRAINING]).on(MONDAY)
    assert work.hours == (Span(9 * 60, 12 * 60), Span(15 * 60, 17 * 60))
    assert work.breaks == ()
    assert work.missed == (TRAINING.away,)
    assert day_words(work, WHEN) == "Training 12:00 – 15:00"


def test_an_absence_is_drawn_where_work_was_planned_and_nowhere_on_a_day_off() -> None:
    (missed,) = Timetable(WEEK, {}, [HOLIDAY]).on(MONDAY).missed
    assert missed.span == Span(9 * 60, 17 * 60)
    assert Timetable({}, {}, [HOLIDAY]).on(MONDAY).missed == ()


def test_a_week_in_words_joins_equal_days() -> None:
    week = {**WEEK, 2: [Stretch(MORNING, "North"), Stretch(AFTERNOON, "South")], 5: [Stretch(MORNING)]}
    ordinary = "09:00 – 13:00, 14:00 – 17:00"
    assert week_words(week, WHEN) == [
        ("Mon – Tue", ordinary),
        ("Wed", "09:00 – 13:00 North, 14:00 – 17:00 South"),
        ("Thu – Fri", ordinary),
        ("Sat", "09:00 – 13:00"),
    ]


def test_without_known_hours_every_time_is_one_but_for_absences() -> None:
    working = WorkingTime(Timetable(absences=[TRAINING]), LONDON)
    assert working.on(MONDAY + timedelta(days=1)) == [
        (london(MONDAY + timedelta(days=1), 8), london(MONDAY + timedelta(days=1), 18))
    ]
    assert working.covers(london(MONDAY, 22), london(MONDAY, 22) + timedelta(hours=4))
    assert not working.covers(london(MONDAY, 11, 45), london(MONDAY, 12, 15))
    assert working.away_in(london(MONDAY, 11, 45), london(MONDAY, 12, 15)) == TRAINING.away
    assert working.away_in(london(MONDAY, 11), london(MONDAY, 12)) is None


def test_a_night_may_be_worked_through() -> None:
    nights = Timetable({0: [Stretch(Span(22 * 60, MIDNIGHT))], 1: [Stretch(Span(0, 6 * 60))]})
    working = WorkingTime(nights, LONDON)
    assert working.covers(london(MONDAY, 23), london(MONDAY + timedelta(days=1), 1))
    assert not working.covers(london(MONDAY, 23), london(MONDAY + timedelta(days=1), 7))
    assert not working.covers(london(MONDAY, 21), london(MONDAY, 23))


spans = (
    st.lists(st.integers(0, MIDNIGHT // 5), min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda edges: Span(edges[0] * 5, edges[1] * 5))
)
around_changeovers = st.builds(
    lambda day, days: day + timedelta(days=days), st.sampled_from(CHANGEOVERS), st.integers(-1, 1)
)
timetables = st.builds(
    lambda day, ordinary, changed, aways: Timetable(
        {day.weekday(): [Stretch(span) for span in ordinary]},
        {day: [Stretch(span) for span in changed]} if changed else {},
        [Absence(day, day, Away(span, "away")) for span in aways],
    ),
    around_changeovers,
    st.lists(spans, min_size=1, max_size=3),
    st.lists(spans, max_size=2),
    st.lists(spans, max_size=2),
)


@given(timetables, around_changeovers, st.sampled_from(ZONES))
def test_the_moments_of_a_day_are_in_order_apart_and_inside_it(
    timetable: Timetable, day: date, zone: ZoneInfo
) -> None:
    opens, closes = day_window(day, zone)
    edges = [edge for stretch in WorkingTime(timetable, zone).on(day) for edge in stretch]
    assert edges == sorted(edges)
    assert all(opens <= edge <= closes for edge in edges)


@given(timetables, around_changeovers, st.sampled_from(ZONES), spans)
def test_a_time_is_worked_exactly_when_each_of_its_minutes_is_and_none_is_missed(
    timetable: Timetable, day: date, zone: ZoneInfo, asked: Span
) -> None:
    working = WorkingTime(timetable, zone)
    opens, closes = day_window(day, zone)
    start = min(opens + timedelta(minutes=asked.start), closes - timedelta(minutes=5))
    end = min(start + timedelta(minutes=asked.end - asked.start), closes)
    stretches = working.on(day)
    steps = [start + timedelta(minutes=n) for n in range(0, (end - start) // timedelta(minutes=1), 5)]
    minutes_worked = all(any(one <= at < other for one, other in stretches) for at in steps)
    assert working.covers(start, end) == minutes_worked
    if working.covers(start, end):
        assert working.away_in(start, end) is None


@given(timetables, around_changeovers)
def test_what_is_worked_is_planned_and_nothing_of_it_is_missed(timetable: Timetable, day: date) -> None:
    work = timetable.on(day)
    worked = {minute for span in work.hours for minute in range(*span, 5)}
    missed = {minute for away in work.away for minute in range(*away.span, 5)}
    assert worked == {minute for span in work.planned for minute in range(*span, 5)} - missed
    assert all(one.end < other.start for one, other in pairwise(work.planned))
