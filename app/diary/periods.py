"""Where things stand on a day's page: spans of the wall clock, lanes for what overlaps, and the classes that say both.

The page is ruled by the wall clock, 24 hours of it every day. When the clocks go forward, the skipped hour is a row in
which nothing begins. When they go back, both passes of the repeated hour share its rows, side by side where they meet;
what ran through the change and so ends before it began, by the clock, is drawn as long as it lasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60
GRID = 5
MOST_LANES = 6

_MINUTE = timedelta(minutes=1)


class Span(NamedTuple):
    """A stretch of a wall-clock day, in minutes since its midnight: 0 ≤ start < end ≤ 1440."""

    start: int
    end: int


class Lane(NamedTuple):
    """A place beside others: the ``number``-th of ``of``, from 1."""

    number: int
    of: int


WHOLE = Lane(1, 1)


def wall_span(starts_at: datetime, ends_at: datetime, day: date, zone: ZoneInfo) -> Span:
    """What that time, some of which is on ``day``, covers of it on the wall clock; widened to the grid of 5 minutes."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    start = first.hour * 60 + first.minute if first.date() == day else 0
    end = last.hour * 60 + last.minute if last.date() == day else MIDNIGHT
    if end <= start:
        end = start + (ends_at - starts_at) // _MINUTE
    start -= start % GRID
    return Span(start, min(max(end + -end % GRID, start + GRID), MIDNIGHT))


def hours_span(starts: time, ends: time) -> Span:
    """A stretch of the ordinary week as a span; one that ends at 00:00 lasts until midnight."""
    end = ends.hour * 60 + ends.minute
    return Span(starts.hour * 60 + starts.minute, end or MIDNIGHT)


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as the spans cover, in order, without overlaps."""
    whole: list[Span] = []
    for span in sorted(spans):
        if whole and span.start <= whole[-1].end:
            whole[-1] = Span(whole[-1].start, max(whole[-1].end, span.end))
        else:
            whole.append(span)
    return whole


def between(spans: Sequence[Span]) -> list[Span]:
    """The gaps from each merged span to the next."""
    return [Span(one.end, other.start) for one, other in pairwise(spans)]


def without(span: Span, taken: Iterable[Span]) -> list[Span]:
    """What of the span is left when the taken ones are cut out of it."""
    left, start = [], span.start
    for other in merged(taken):
        if start < min(other.start, span.end):
            left.append(Span(start, min(other.start, span.end)))
        start = max(start, other.end)
    if start < span.end:
        left.append(Span(start, span.end))
    return left


def lanes(spans: Sequence[Span]) -> list[Lane]:
    """A lane for each span, so that no two that overlap share one.

    Spans that overlap, directly or through others, form a group and share its width. The page has six lanes; what
    stands deeper than that shares the sixth, which takes six double bookings on purpose.
    """
    if all(one.end <= other.start for one, other in pairwise(spans)):  # as on most days
        return [WHOLE] * len(spans)
    numbers = [0] * len(spans)
    width = [1] * len(spans)
    group: list[int] = []
    ends: list[int] = []
    latest = 0
    for index in sorted(range(len(spans)), key=spans.__getitem__):
        start, end = spans[index]
        if start >= latest:
            _close(group, len(ends), width)
            group, ends = [], []
        free = next((number for number, other in enumerate(ends) if other <= start), len(ends))
        ends[free : free + 1] = [end]
        latest = max(latest, end)
        numbers[index] = free + 1
        group.append(index)
    _close(group, len(ends), width)
    return [
        Lane(min(number, MOST_LANES), min(of, MOST_LANES)) for number, of in zip(numbers, width, strict=True)
    ]


def _close(group: list[int], of: int, width: list[int]) -> None:
    for index in group:
        width[index] = of


def shown_hours(spans: Iterable[Span]) -> tuple[int, int]:
    """The whole hours that hold all the spans, as (opens, closes); 8 to 18 when there is none."""
    covered = list(spans)
    if not covered:
        return 8, 18
    return min(covered).start // 60, -(-max(span.end for span in covered) // 60)


def _classes(edge: str) -> tuple[str, ...]:
    hours = (divmod(minute, 60) for minute in range(0, MIDNIGHT + 1, GRID))
    return tuple(
        f"{edge}-h{hour} {edge}-m{minute}" if minute else f"{edge}-h{hour}" for hour, minute in hours
    )


_FROM, _TO = _classes("from"), _classes("to")


def place(span: Span, lane: Lane = WHOLE) -> str:
    """The classes that put something at that span: static/css/components/clock.css gives them their meaning."""
    where = f"{_FROM[span.start // GRID]} {_TO[-(-span.end // GRID)]}"
    return where if lane.of == 1 else f"{where} lane-{lane.number} of-{lane.of}"
