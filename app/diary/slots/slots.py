"""Free time: where something of a given length still fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.db import rows
from app.diary.entries import LONGEST
from app.diary.hours.working_time import WorkingTime, working_time
from app.diary.periods import GRID, Span, without
from app.diary.statuses import FREEING

OFFERED = 5
LOOKS_AHEAD = 28  # days
STEP = 15

_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Time that somebody asks for. ``but`` is the appointment that would move there and so isn't in its own way."""

    practitioner: int
    starts_at: datetime
    ends_at: datetime
    room: int | None = None
    but: int = 0

    @property
    def minutes(self) -> int:
        """How long it is."""
        return (self.ends_at - self.starts_at) // _MINUTE


async def next_free(wanted: Wanted, clinic: ClinicSettings) -> tuple[datetime, ...]:
    """When as much time is free next for the practitioner and the room, within working hours; none within four weeks
    is an empty answer."""
    first = local_day(wanted.starts_at, clinic.zone)
    days = [first + timedelta(days=n) for n in range(LOOKS_AHEAD)]
    working = await working_time(wanted.practitioner, days, clinic.zone)
    until = wanted.starts_at + timedelta(days=LOOKS_AHEAD)
    taken = await _taken(wanted, "a.practitioner = {}", wanted.practitioner, until)
    if wanted.room is not None:
        unshared = "a.room = {} AND NOT (SELECT shared FROM room WHERE id = a.room)"
        taken += await _taken(wanted, unshared, wanted.room, until)
    return tuple(islice(free_times(wanted, working, taken), OFFERED))


async def _taken(wanted: Wanted, whose: str, who: int, until: datetime) -> list[tuple[datetime, datetime]]:
    found = await rows(
        f"""
        SELECT a.starts_at, a.ends_at FROM appointment a
        WHERE {whose} AND a.id <> {{}} AND a.starts_at >= {{}} AND a.starts_at < {{}} AND a.ends_at > {{}}
          AND a.status NOT IN ({", ".join(["{}"] * len(FREEING))})
          AND (a.held_until IS NULL OR a.held_until > {{}})
        """,
        who,
        wanted.but,
        wanted.starts_at - LONGEST,
        until,
        wanted.starts_at,
        *FREEING,
        now(),
    )
    return [(row["starts_at"], row["ends_at"]) for row in found]


def free_times(
    wanted: Wanted,
    working: WorkingTime,
    taken: Sequence[tuple[datetime, datetime]],
    days: int = LOOKS_AHEAD,
) -> Iterator[datetime]:
    """When as much time is free, from its start on; side by side, so that five don't all mean the same quarter."""
    origin = wanted.starts_at
    step = wanted.minutes + -wanted.minutes % STEP
    busy = [_span(start, end, origin) for start, end in taken]
    for stretch in working.between(origin, days):
        for gap in without(_span(*stretch, origin), busy):
            start = max(gap.start, 0)
            start += -start % GRID
            while start + wanted.minutes <= gap.end:
                yield origin + start * _MINUTE
                start += step


def _span(start: datetime, end: datetime, origin: datetime) -> Span:
    """The same stretch in minutes from the origin, before which they are negative."""
    return Span((start - origin) // _MINUTE, -((origin - end) // _MINUTE))
