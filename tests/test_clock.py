"""The one clock, and the clinic's wall time through both changes of its clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.clock import NonexistentTime, day_window, freeze, local_day, wall_time, week_of

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
LORD_HOWE, SAO_PAULO, APIA = (
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("America/Sao_Paulo"),
    ZoneInfo("Pacific/Apia"),
)
FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)  # London's

zones = st.sampled_from(
    [LONDON, NEW_YORK, LORD_HOWE, SAO_PAULO, APIA, ZoneInfo("Asia/Kolkata"), ZoneInfo("UTC")]
)
days = st.dates(date(1990, 1, 1), date(2050, 12, 31))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_now_is_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_and_goes_on_after() -> None:
    with freeze(datetime(2026, 6, 1, 12, tzinfo=LONDON)):
        assert clock.now() == utc(2026, 6, 1, 11)
        with freeze(utc(2027, 1, 1)):
            assert clock.now() == utc(2027, 1, 1)
        assert clock.now() == utc(2026, 6, 1, 11)
    assert clock.now() > utc(2026, 6, 1)


def test_a_moment_without_a_zone_cannot_freeze_it() -> None:
    with pytest.raises(ValueError, match="needs a zone"), freeze(datetime(2026, 6, 1)):  # noqa: DTZ001 - the fault
        pass


@pytest.mark.parametrize(
    ("day", "at", "zone", "moment"),
    [
        (date(2026, 11, 23), time(9), LONDON, utc(2026, 11, 23, 9)),
        (date(2026, 6, 1), time(9), LONDON, utc(2026, 6, 1, 8)),
        (FORWARD, time(0, 59), LONDON, utc(2026, 3, 29, 0, 59)),
        (FORWARD, time(2), LONDON, utc(2026, 3, 29, 1)),
        (BACK, time(0, 59), LONDON, utc(2026, 10, 24, 23, 59)),
        (BACK, time(1, 30), LONDON, utc(2026, 10, 25, 0, 30)),  # the first of the two
        (BACK, time(2), LONDON, utc(2026, 10, 25, 2)),
        (date(2026, 11, 1), time(1, 30), NEW_YORK, utc(2026, 11, 1, 5, 30)),
    ],
)
def test_a_wall_time_is_a_moment(day: date, at: time, zone: ZoneInfo, moment: datetime) -> None:
    assert wall_time(day, at, zone) == moment


@pytest.mark.parametrize(
    ("day", "at", "zone", "next_valid"),
    [
        (FORWARD, time(1), LONDON, time(2)),
        (FORWARD, time(1, 59), LONDON, time(2)),
        (date(2026, 3, 8), time(2, 30), NEW_YORK, time(3)),
        (date(2026, 10, 4), time(2, 15), LORD_HOWE, time(2, 30)),  # half an hour is skipped
        (date(2018, 11, 4), time(0), SAO_PAULO, time(1)),  # midnight is skipped
        (date(2011, 12, 30), time(9), APIA, time(0)),  # a whole day is skipped
    ],
)
def test_a_wall_time_that_the_clocks_skip_is_refused_with_the_next_valid_one(
    day: date, at: time, zone: ZoneInfo, next_valid: time
) -> None:
    with pytest.raises(NonexistentTime) as refused:
        wall_time(day, at, zone)
    assert refused.value.next_valid.astimezone(zone).time() == next_valid


def test_a_day_has_23_24_or_25_hours() -> None:
    def hours(day: date, zone: ZoneInfo = LONDON) -> float:
        start, end = day_window(day, zone)
        return (end - start).total_seconds() / 3600

    assert [hours(FORWARD), hours(date(2026, 6, 1)), hours(BACK)] == [23, 24, 25]
    assert hours(date(2026, 10, 4), LORD_HOWE) == 23.5
    assert hours(date(2018, 11, 4), SAO_PAULO) == 23
    assert hours(date(2011, 12, 30), APIA) == 0


@given(day=days, zone=zones)
def test_days_follow_each_other_without_gap_or_overlap(day: date, zone: ZoneInfo) -> None:
    assert day_window(day, zone)[1] == day_window(day + timedelta(days=1), zone)[0]


@given(day=days, zone=zones, minute=st.integers(0, 24 * 60 - 1))
def test_every_wall_time_is_shown_again_or_refused_with_a_later_one(
    day: date, zone: ZoneInfo, minute: int
) -> None:
    wanted = datetime.combine(day, time(*divmod(minute, 60)))
    try:
        moment, skipped = wall_time(day, wanted.time(), zone), False
    except NonexistentTime as refused:
        moment, skipped = refused.next_valid, True
    shown = moment.astimezone(zone).replace(tzinfo=None)
    assert (shown > wanted) if skipped else (shown == wanted)
    assert wall_time(shown.date(), shown.time(), zone) == moment
    assert day_window(shown.date(), zone)[0] <= moment < day_window(shown.date(), zone)[1]


def test_the_date_is_the_wall_calendar_s() -> None:
    late = utc(2026, 6, 1, 23, 30)
    assert local_day(late, LONDON) == date(2026, 6, 2)
    assert local_day(late, NEW_YORK) == date(2026, 6, 1)


@given(days)
def test_a_week_is_monday_to_sunday_around_the_day(day: date) -> None:
    week = week_of(day)
    assert (len(week), week[0].weekday(), week[6].weekday(), day in week) == (7, 0, 6, True)
