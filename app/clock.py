"""The one clock, and the clinic's wall time.

Times are stored in UTC. A clinic thinks in its own zone: a *day* is what its wall calendar says, 23, 24 or 25 hours
long. Every conversion between the two goes through here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_frozen: datetime | None = None


def now() -> datetime:
    """The current moment in UTC."""
    return _frozen or datetime.now(UTC)


@contextmanager
def freeze(at: datetime) -> Iterator[None]:
    """Stop the clock at ``at`` for the whole process. Nested calls move it; leaving restores what was."""
    global _frozen
    if at.tzinfo is None:
        raise ValueError("a frozen moment needs a zone")
    before, _frozen = _frozen, at.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


class NonexistentTime(ValueError):
    """A wall time that the clocks skip when they go forward. ``next_valid`` is the first one after the gap."""

    def __init__(self, wanted: datetime, next_valid: datetime) -> None:
        super().__init__(f"{wanted:%Y-%m-%d %H:%M} does not exist in {wanted.tzinfo}")
        self.next_valid = next_valid


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name."""
    return ZoneInfo(name)


def wall_time(day: date, at: time, in_zone: ZoneInfo) -> datetime:
    """The UTC moment at which the wall clock shows ``at`` on ``day``; the first of two when clocks go back.

    Raises NonexistentTime when the clocks skip it.
    """
    wanted = datetime.combine(day, at, in_zone)
    moment = wanted.astimezone(UTC)
    shown = moment.astimezone(in_zone)
    if shown.replace(tzinfo=None) != wanted.replace(tzinfo=None):
        # In a gap, fold=0 reads the time with the offset from before the change: as far past the gap's end as the
        # wanted time is past its start. The first valid time is where the two offsets meet.
        after = wanted.replace(fold=1)
        gap = _offset(wanted) - _offset(after)
        raise NonexistentTime(wanted, _end_of_gap(moment, abs(gap), in_zone))
    return moment


def _offset(at: datetime) -> timedelta:
    return at.utcoffset() or timedelta()


def _end_of_gap(after: datetime, gap: timedelta, in_zone: ZoneInfo) -> datetime:
    """The wall time right after the change of offset that lies within ``gap`` before ``after``, to the minute."""
    low, high = after - gap - timedelta(minutes=1), after
    new = _offset(high.astimezone(in_zone))
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if _offset(middle.astimezone(in_zone)) == new else (middle, high)
    return high.replace(second=0, microsecond=0).astimezone(in_zone)


def local_day(at: datetime, in_zone: ZoneInfo) -> date:
    """The wall calendar's date at that moment."""
    return at.astimezone(in_zone).date()


def midnight(day: date, in_zone: ZoneInfo) -> datetime:
    """The UTC moment at which the day begins, also where clocks skip midnight itself."""
    return datetime.combine(day, time(), in_zone).astimezone(UTC)


def day_window(day: date, in_zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The day's first moment and the next day's, in UTC: half open."""
    return midnight(day, in_zone), midnight(day + timedelta(days=1), in_zone)


def week_of(day: date) -> list[date]:
    """Monday to Sunday of the week that holds ``day``."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=n) for n in range(7)]
