"""What a change of one appointment makes of another of its series. Nothing here reads or waits.

What was changed is carried over to whoever had the same before: who has another room, other notes or another length
keeps it, and what was moved by itself keeps its own time. Where the series would have it moves along all the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.diary.changes.snapshots import Snapshot
from app.diary.series.occurrences import Lasts, Planned, due
from app.diary.slots.slots import Wanted

# What goes together: a room brings its location.
CARRIED = (("practitioner",), ("type",), ("title",), ("location", "room"), ("notes",))


@dataclass(frozen=True, slots=True)
class Carried:
    """What another one becomes, and the time that the clocks skip where it was to begin, if they do."""

    before: Snapshot
    after: Snapshot
    lasts: Lasts
    skips: time | None = None

    @property
    def planned(self) -> Planned:
        """The time that it shall have, called by its id."""
        after = self.after
        wanted = Wanted(after.practitioner, after.starts_at, after.ends_at, after.room, but=after.id)
        return Planned(str(after.id), after.due_at or after.starts_at, wanted, self.lasts, self.skips)


@dataclass(frozen=True, slots=True)
class Carry:
    """The change of ``before`` into ``after``, which may be moved by days, to another time of the clock, or both."""

    before: Snapshot
    after: Snapshot
    zone: ZoneInfo

    @property
    def days(self) -> int:
        """By how many days it moves."""
        return (self._local(self.after.starts_at).date() - self._local(self.before.starts_at).date()).days

    def onto(self, other: Snapshot) -> Carried:
        """What the other one becomes; the one that was changed becomes what it was changed into."""
        new: dict[str, Any] = {}
        for names in CARRIED:
            if self._value(self.before, names) == self._value(other, names):
                new |= {name: getattr(self.after, name) for name in names}
        lasts = _lasts(other, self.zone)
        if lasts == _lasts(self.before, self.zone):
            lasts = _lasts(self.after, self.zone)
        due_at, skips = self._due(other.due_at or other.starts_at)
        regular = other.starts_at == other.due_at
        starts_at = due_at if regular else other.starts_at
        if other.id == self.before.id:
            starts_at, skips = self.after.starts_at, None
        same = starts_at == other.starts_at and lasts == _lasts(other, self.zone)
        ends_at = other.ends_at if same else lasts.after(starts_at, self.zone)
        after = replace(other, **new, starts_at=starts_at, ends_at=ends_at, due_at=due_at)
        return Carried(other, after, lasts, skips if regular else None)

    def _due(self, at: datetime) -> tuple[datetime, time | None]:
        """Where the series has what it had there. What keeps day and time keeps the moment, also in a repeated hour."""
        was, becomes = self._local(self.before.starts_at), self._local(self.after.starts_at)
        if was == becomes:
            return at, None
        local = self._local(at)
        clock = local.time() if was.time() == becomes.time() else becomes.time()
        return due(local.date() + timedelta(days=self.days), clock, self.zone)

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)

    def _value(self, snapshot: Snapshot, names: tuple[str, ...]) -> list[Any]:
        return [getattr(snapshot, name) for name in names]


def _lasts(snapshot: Snapshot, zone: ZoneInfo) -> Lasts:
    if not snapshot.is_block:
        return Lasts(snapshot.ends_at - snapshot.starts_at, by_clock=False)
    starts, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (snapshot.starts_at, snapshot.ends_at))
    return Lasts(ends - starts, by_clock=True)
