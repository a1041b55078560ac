"""Spans, lanes and classes, over days of 23, 24 and 25 hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import day_window
from app.diary.periods import (
    GRID,
    MIDNIGHT,
    MOST_LANES,
    Lane,
    Span,
    between,
    hours_span,
    lanes,
    merged,
    place,
    shown_hours,
    wall_clock,
    without,
)

LONDON = ZoneInfo("Europe/London")
ZONES = [
    ZoneInfo(name) for name in ("Europe/London", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu")
]
CHANGEOVERS = [
    date(2026, 3, 29),
    date(2026, 10, 25),
    date(2026, 4, 5),
    date(2026, 10, 4),
    date(2026, 3, 8),
    date(2026, 11, 1),
]

spans = st.tuples(st.integers(0, MIDNIGHT - 1), st.integers(1, 180)).map(
    lambda at: Span(at[0], min(at[0] + at[1], MIDNIGHT))
)


def london(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute, fold=fold), LONDON).astimezone(UTC)


def test_a_span_is_what_the_wall_clock_shows() -> None:
    day = date(2026, 7, 1)
    assert wall_clock(day, LONDON).span(london(day, 9, 30), london(day, 10, 15)) == (570, 615)


def test_a_span_is_widened_to_the_grid() -> None:
    day = date(2026, 7, 1)
    assert wall_clock(day, LONDON).span(london(day, 9, 33), london(day, 9, 41)) == (570, 585)


def test_what_runs_over_midnight_is_on_both_days_with_its_part_of_each() -> None:
    day = date(2026, 7, 1)
    starts, ends = london(day, 23), london(day + timedelta(days=1), 1)
    assert wall_clock(day, LONDON).span(starts, ends) == (23 * 60, MIDNIGHT)
    assert wall_clock(day + timedelta(days=1), LONDON).span(starts, ends) == (0, 60)


def test_when_the_clocks_go_forward_the_skipped_hour_is_a_row() -> None:
    day = date(2026, 3, 29)
    half_an_hour = wall_clock(day, LONDON).span(london(day, 0, 45), london(day, 2, 15))
    assert half_an_hour == (45, 135)


def test_when_the_clocks_go_back_both_passes_share_the_rows() -> None:
    day = date(2026, 10, 25)
    first = wall_clock(day, LONDON).span(london(day, 1, 30), london(day, 1, 45))
    second = wall_clock(day, LONDON).span(london(day, 1, 30, fold=1), london(day, 1, 45, fold=1))
    assert first == second == (90, 105)
    assert lanes([first, second]) == [Lane(1, 2), Lane(2, 2)]


def test_what_ends_before_it_began_by_the_clock_is_as_long_as_it_lasts() -> None:
    day = date(2026, 10, 25)
    assert wall_clock(day, LONDON).span(london(day, 1, 45), london(day, 1, 15, fold=1)) == (105, 135)


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(
    day=st.sampled_from(CHANGEOVERS) | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    start=st.integers(-300, 25 * 60),
    length=st.integers(1, 25 * 60),
)
def test_every_time_has_a_place_on_each_day_it_touches(
    zone: ZoneInfo, day: date, start: int, length: int
) -> None:
    opens, closes = day_window(day, zone)
    starts_at = opens + timedelta(minutes=start)
    ends_at = starts_at + timedelta(minutes=length)
    if starts_at >= closes or ends_at <= opens:
        return
    span = wall_clock(day, zone).span(starts_at, ends_at)
    assert 0 <= span.start < span.end <= MIDNIGHT
    assert span.start % GRID == span.end % GRID == 0
    assert place(span).startswith(f"from-h{span.start // 60}")


@pytest.mark.parametrize("zone", ZONES, ids=str)
@given(
    day=st.sampled_from(CHANGEOVERS) | st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    days=st.sampled_from([1, 7]),
    passed=st.integers(-25 * 60, 8 * 25 * 60),
)
def test_the_clock_shows_what_the_zone_says(zone: ZoneInfo, day: date, days: int, passed: int) -> None:
    at = day_window(day, zone)[0] + timedelta(minutes=passed)
    local = at.astimezone(zone)
    if (local.date() - day).days <= days:
        read = wall_clock(day, zone, days).minute(at)
        assert divmod(read, MIDNIGHT) == ((local.date() - day).days, local.hour * 60 + local.minute)


@given(st.lists(spans, max_size=30))
def test_lanes_never_overlap_and_none_is_wider_than_it_must(all_spans: list[Span]) -> None:
    places = lanes(all_spans)
    assert len(places) == len(all_spans)
    for (one, its), (other, others) in combinations(zip(all_spans, places, strict=True), 2):
        if one.start < other.end and other.start < one.end:
            assert its.of == others.of
            assert its.number != others.number or its.number == MOST_LANES
    for lane in places:
        assert 1 <= lane.number <= lane.of <= MOST_LANES


def test_only_a_group_that_overlaps_shares_its_width() -> None:
    assert lanes([Span(540, 600), Span(570, 630), Span(600, 660), Span(660, 690)]) == [
        Lane(1, 2),
        Lane(2, 2),
        Lane(1, 2),
        Lane(1, 1),
    ]


def test_deeper_than_six_lanes_share_the_sixth() -> None:
    assert lanes([Span(540, 600)] * 8)[4:] == [Lane(5, 6), Lane(6, 6), Lane(6, 6), Lane(6, 6)]


@given(st.lists(spans, max_size=20))
def test_merged_covers_the_same_minutes_without_overlap(all_spans: list[Span]) -> None:
    whole = merged(all_spans)
    assert {m for span in whole for m in range(*span)} == {m for span in all_spans for m in range(*span)}
    assert all(gap.start < gap.end for gap in between(whole))


@given(spans, st.lists(spans, max_size=10))
def test_without_leaves_exactly_what_is_not_taken(span: Span, taken: list[Span]) -> None:
    left = without(span, taken)
    assert {m for part in left for m in range(*part)} == set(range(*span)) - {
        m for part in taken for m in range(*part)
    }
    assert all(part.start < part.end for part in left)


def test_hours_that_end_at_midnight_last_until_then() -> None:
    assert hours_span(time(18), time(0)) == (18 * 60, MIDNIGHT)


def test_the_page_shows_the_whole_hours_that_hold_everything() -> None:
    assert shown_hours([Span(9 * 60, 17 * 60), Span(7 * 60 + 50, 8 * 60)]) == (7, 17)
    assert shown_hours([Span(9 * 60, 20 * 60 + 5)]) == (9, 21)
    assert shown_hours([]) == (8, 18)


def test_a_place_is_said_by_classes() -> None:
    assert place(Span(585, 615)) == "from-h9 from-m45 to-h10 to-m15"
    assert place(Span(540, MIDNIGHT), Lane(2, 3)) == "from-h9 to-h24 lane-2 of-3"
