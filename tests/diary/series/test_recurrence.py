"""Rules of what repeats, whatever the clocks do."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.clock import NonexistentTime, wall_time
from app.diary.series.recurrence import MOST, Rule, last_possible, rule_of
from app.i18n import Renderer, locale_for

MONDAY = date(2026, 11, 23)
LONDON = ZoneInfo("Europe/London")
ZONES = [
    LONDON,
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/New_York"),
    ZoneInfo("Asia/Kathmandu"),
]

firsts = st.dates(date(2024, 1, 1), date(2030, 12, 31))
weekdays = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))
counted = st.builds(
    Rule, firsts, weekdays, st.integers(1, 4), st.integers(1, 60), week_begins=st.integers(0, 6)
)
until_a_day = st.builds(
    lambda first, days, every, ahead: Rule(first, days, every, until=first + timedelta(days=ahead)),
    firsts,
    weekdays,
    st.integers(1, 4),
    st.integers(0, 500),
)
rules = (counted | until_a_day).filter(lambda rule: not rule.is_cut)


@given(rules)
def test_it_names_the_chosen_weekdays_of_every_nth_week(rule: Rule) -> None:
    for before, day in zip([rule.first, *rule.days()], rule.days(), strict=False):
        assert day.weekday() in rule.weekdays
        assert before <= day
    start = rule.first - timedelta(days=(rule.first.weekday() - rule.week_begins) % 7)
    assert {(day - start).days // 7 % rule.every for day in rule.days()} <= {0}


@given(counted.filter(lambda rule: not rule.is_cut))
def test_a_count_is_how_many_there_are(rule: Rule) -> None:
    assert len(rule.days()) == rule.count


@given(until_a_day)
def test_until_a_day_includes_it_and_leaves_nothing_out(rule: Rule) -> None:
    assert rule.until is not None
    days = rule.days()
    if days and len(days) < MOST:
        assert rule.until - timedelta(days=7 * rule.every + 6) < days[-1] <= rule.until


@given(rules, st.sampled_from(ZONES), st.times())
def test_the_clock_shows_the_same_time_on_every_day(rule: Rule, zone: ZoneInfo, at: time) -> None:
    at = at.replace(second=0, microsecond=0)
    for day in rule.days():
        with suppress(NonexistentTime):
            shown = wall_time(day, at, zone).astimezone(zone)
            assert (shown.date(), shown.time()) == (day, at)


@given(rules, st.data())
def test_split_anywhere_the_parts_name_the_same_days(rule: Rule, data: st.DataObject) -> None:
    days = rule.days()
    assume(len(days) > 1)
    earlier, later = rule.split(data.draw(st.sampled_from(days[1:])))
    assert earlier.days() + later.days() == days


@given(rules, st.integers(-30, 30))
def test_shifted_it_names_the_same_days_that_much_later(rule: Rule, by: int) -> None:
    assert rule.shifted(by).days() == [day + timedelta(days=by) for day in rule.days()]


@given(counted | until_a_day)
def test_a_rule_is_stored_as_text(rule: Rule) -> None:
    assert rule_of(rule.first, rule.text()) == rule


def test_the_text_is_an_rrule() -> None:
    assert (
        Rule(MONDAY, (0, 3), every=2, count=10).text()
        == "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,TH;COUNT=10"
    )
    assert Rule(MONDAY, (0,), until=date(2027, 1, 4)).text().endswith("BYDAY=MO;UNTIL=20270104")


def test_it_begins_on_the_first_chosen_weekday() -> None:
    assert Rule(MONDAY, (2,), count=2).days() == [date(2026, 11, 25), date(2026, 12, 2)]


@pytest.mark.parametrize(
    "rule",
    [
        Rule(MONDAY, (0,), count=106),
        Rule(MONDAY, tuple(range(7)), until=date(2027, 6, 11)),
        Rule(MONDAY, (0,), until=date(2028, 11, 24)),
    ],
)
def test_more_than_two_years_or_two_hundred_is_cut(rule: Rule) -> None:
    assert rule.is_cut
    assert len(rule.days()) <= MOST
    assert rule.days()[-1] <= last_possible(MONDAY)


def test_two_years_after_a_leap_day_is_a_day() -> None:
    assert last_possible(date(2028, 2, 29)) == date(2030, 2, 28)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule(MONDAY, (0,)), "every week on Mon"),
        (Rule(MONDAY, (0, 2, 3), every=2), "every 2 weeks on Mon, Wed and Thu"),
        (Rule(MONDAY, tuple(range(5))), "every weekday"),
        (Rule(MONDAY, tuple(range(7))), "every day"),
    ],
)
def test_it_is_put_into_words(rule: Rule, says: str) -> None:
    assert rule.words(Renderer(locale_for("GB"), LONDON)) == says
