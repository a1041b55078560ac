"""The times that several appointments or blocks shall have. Nothing here reads or waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clock import NonexistentTime, wall_time
from app.diary.slots.slots import Wanted
from app.diary.times import moment_at


class Lasts(NamedTuple):
    """How long something is: an appointment so many minutes, a block until the clock shows so much later."""

    length: timedelta
    by_clock: bool

    def after(self, starts_at: datetime, zone: ZoneInfo) -> datetime:
        """When it ends if it begins then."""
        if not self.by_clock:
            return starts_at + self.length
        ends = starts_at.astimezone(zone).replace(tzinfo=None) + self.length
        return moment_at(ends.date(), ends.hour * 60 + ends.minute, zone)


@dataclass(frozen=True, slots=True)
class Planned:
    """One of the times: where the series has it (``due_at``), and what is wanted there or elsewhere.

    ``skips`` is the time that the clocks skip on that day; the next one that exists stands in its place.
    """

    key: str
    due_at: datetime
    wanted: Wanted
    lasts: Lasts
    skips: time | None = None

    def at(self, starts_at: datetime, zone: ZoneInfo) -> Planned:
        """The same thing at another time."""
        ends_at = self.lasts.after(starts_at, zone)
        return replace(self, wanted=replace(self.wanted, starts_at=starts_at, ends_at=ends_at), skips=None)


def planned(
    key: str,
    day: date,
    at: time,
    lasts: Lasts,
    zone: ZoneInfo,
    *,
    practitioner: int,
    room: int | None,
    but: int = 0,
) -> Planned:
    """What shall be at that time of that day."""
    starts_at, skips = due(day, at, zone)
    wanted = Wanted(practitioner, starts_at, lasts.after(starts_at, zone), room, but)
    return Planned(key, starts_at, wanted, lasts, skips)


def due(day: date, at: time, zone: ZoneInfo) -> tuple[datetime, time | None]:
    """When the clock shows that time on that day; if it skips it, the next one that exists and the time it skips."""
    try:
        return wall_time(day, at, zone), None
    except NonexistentTime as skipped:
        return skipped.next_valid, at


def meet(one: Wanted, others: Iterable[Wanted]) -> bool:
    """Whether it takes time of one of the same practitioner's others."""
    return any(
        other.practitioner == one.practitioner
        and other.starts_at < one.ends_at
        and one.starts_at < other.ends_at
        for other in others
    )
