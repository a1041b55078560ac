"""Where things stand on a day's page: spans of the wall clock, lanes for what overlaps, and the classes that say both.

The page is ruled by the wall clock, 24 hours of it every day. When the clocks go forward, the skipped hour is a row in
which nothing begins. When they go back, both passes of the repeated hour share its rows, side by side where they meet;
what ran through the change and so ends before it began, by the clock, is drawn as long as it lasts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from operator import itemgetter, le
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clock import midnight

MIDNIGHT = 24 * 60
GRID = 5
MOST_LANES = 6

_MINUTE = timedelta(minutes=1)
_NEAR = 2  # days: nothing in the diary runs longer


class Span(NamedTuple):
    """A stretch of a wall-clock day, in minutes since its midnight: 0 ≤ start < end ≤ 1440."""

    start: int
    end: int


class Lane(NamedTuple):
    """A place beside others: the ``number``-th of ``of``, from 1."""

    number: int
    of: int


WHOLE = Lane(1, 1)

_START, _END = itemgetter(0), itemgetter(1)  # of a span; dozens of them, so in the quickest way


class WallClock:
    """Reads moments off the wall clock, as minutes since the midnight at which the first of its days begins: what is
    before it is negative, what is on a later day counts on.

    Where no clock is changed near those days, that is a difference: to convert each takes several times as long.
    """

    def __init__(self, day: date, zone: ZoneInfo, days: int) -> None:
        self._day = day
        self._zone = zone
        self._days = days
        near = [midnight(day + timedelta(days=n), zone) for n in range(-_NEAR, days + _NEAR + 1)]
        self._midnights = near[_NEAR:-_NEAR]
        self._opens = near[_NEAR]
        self._runs_on = len({moment.astimezone(zone).utcoffset() for moment in near}) == 1

    def minute(self, at: datetime) -> int:
        """What it shows at that moment."""
        if self._runs_on:
            since = at - self._opens
            return since.days * MIDNIGHT + since.seconds // 60
        local = at.astimezone(self._zone)
        return (local.date() - self._day).days * MIDNIGHT + local.hour * 60 + local.minute

    def touched(self, starts_at: datetime, ends_at: datetime) -> range:
        """Which of its days that time touches; the first is 0."""
        first, end = bisect_right(self._midnights, starts_at) - 1, bisect_left(self._midnights, ends_at)
        return range(max(first, 0), min(end, self._days))

    def drawn(self, starts_at: datetime, ends_at: datetime, number: int = 0) -> tuple[int, int, Span]:
        """From which minute of day ``number`` to which that is, and what it covers of it, on the grid of 5 minutes.

        What ends before it began by the clock, which went back meanwhile, covers as much as it lasts.
        """
        before = number * MIDNIGHT
        first, last = self.minute(starts_at) - before, self.minute(ends_at) - before
        covered = last if last > first else first + (ends_at - starts_at) // _MINUTE
        return first, last, _on_the_grid(first, covered)

    def pieces(self, starts_at: datetime, ends_at: datetime) -> list[tuple[int, int, int, Span]]:
        """The numbers of the days that it touches, each with what ``drawn`` says of it there."""
        if self._runs_on:
            first, last = self.minute(starts_at), self.minute(ends_at)
            number, before = first // MIDNIGHT, first - first % MIDNIGHT
            if number == last // MIDNIGHT and 0 <= number < self._days:  # as nearly all of it
                first, last = first - before, last - before
                return [(number, first, last, _on_the_grid(first, last))]
        return [
            (number, *self.drawn(starts_at, ends_at, number)) for number in self.touched(starts_at, ends_at)
        ]

    def span(self, starts_at: datetime, ends_at: datetime) -> Span:
        """What that time, some of which is on the first day, covers of it."""
        return self.drawn(starts_at, ends_at)[2]


@lru_cache(maxsize=128)
def wall_clock(day: date, zone: ZoneInfo, days: int = 1) -> WallClock:
    """The clock that hangs there on so many days from that one on."""
    return WallClock(day, zone, days)


@lru_cache(maxsize=4096)
def _on_the_grid(first: int, last: int) -> Span:
    """What of a day lies between these minutes of it, some of which may be another day's."""
    start = first - first % GRID if first > 0 else 0
    return Span(start, min(max(last + -last % GRID, start + GRID), MIDNIGHT))


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
    if all(map(le, map(_END, spans), map(_START, islice(spans, 1, None)))):  # as on most days
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
    return min(map(_START, covered)) // 60, -(-max(map(_END, covered)) // 60)


def _classes(edge: str) -> tuple[str, ...]:
    hours = (divmod(minute, 60) for minute in range(0, MIDNIGHT + 1, GRID))
    return tuple(
        f"{edge}-h{hour} {edge}-m{minute}" if minute else f"{edge}-h{hour}" for hour, minute in hours
    )


_FROM, _TO = _classes("from"), _classes("to")


@lru_cache(maxsize=8192)
def place(span: Span, lane: Lane = WHOLE) -> str:
    """The classes that put something at that span: static/css/components/clock.css gives them their meaning."""
    where = f"{_FROM[span.start // GRID]} {_TO[-(-span.end // GRID)]}"
    return where if lane.of == 1 else f"{where} lane-{lane.number} of-{lane.of}"
