"""What a delay does to the rest of a day. Nothing here reads or waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from app.diary.entries import Entry
from app.diary.periods import GRID

_MINUTE = timedelta(minutes=1)
_NONE = timedelta()


class TakenUpBy(StrEnum):
    """What takes up a delay on its way through the day: nothing, free time, or blocks as well, which get shorter."""

    NOTHING = "nothing"
    GAPS = "gaps"
    BLOCKS = "blocks"


class Later(NamedTuple):
    """An appointment or block, and from when to when it is to be."""

    entry: Entry
    starts_at: datetime
    ends_at: datetime

    @property
    def late(self) -> timedelta:
        """How much later it begins."""
        return self.starts_at - self.entry.starts_at


def put_off(entries: Sequence[Entry], delay: timedelta, taken_up_by: TakenUpBy) -> list[Later]:
    """The entries, in time's order, when the first begins ``delay`` later; what keeps its time isn't among them.

    Where something takes the delay up, each is pushed only as far as it must. What overlapped before goes on together.
    """
    shrinks = taken_up_by is TakenUpBy.BLOCKS
    put: list[Later] = []
    for entry in entries:
        if taken_up_by is TakenUpBy.NOTHING:
            late = delay
        else:
            late = max((_pushed(earlier, entry) for earlier in put), default=delay)
        put.append(Later(entry, entry.starts_at + late, _end(entry, late, shrinks=shrinks)))
    return [one for one in put if one.late]


def _pushed(earlier: Later, entry: Entry) -> timedelta:
    if earlier.entry.ends_at > entry.starts_at:
        return earlier.late
    return max(earlier.ends_at - entry.starts_at, _NONE)


def _end(entry: Entry, late: timedelta, *, shrinks: bool) -> datetime:
    """A block that gives way keeps its end and half of its length."""
    if not (shrinks and entry.is_block):
        return entry.ends_at + late
    minutes = (entry.ends_at - entry.starts_at) // _MINUTE
    half = min(-(-minutes // (2 * GRID)) * GRID, minutes)
    return max(entry.ends_at, entry.starts_at + late + half * _MINUTE)
