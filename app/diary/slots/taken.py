"""Time that somebody has, read for many windows at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from app.clock import now
from app.db import rows
from app.diary.entries import LONGEST
from app.diary.slots.slots import Wanted
from app.diary.statuses import FREEING


class Taken(NamedTuple):
    """Time that somebody has. ``room`` is empty where others may use it, too."""

    id: int
    practitioner: int
    room: int | None
    starts_at: datetime
    ends_at: datetime
    who: str


def in_the_way(one: Taken | Wanted, wanted: Wanted) -> bool:
    """Whether it takes time of the same practitioner or room."""
    return (
        one.starts_at < wanted.ends_at
        and wanted.starts_at < one.ends_at
        and (one.practitioner == wanted.practitioner or one.room == wanted.room is not None)
    )


async def read_taken(
    wanted: Sequence[Wanted], windows: Sequence[tuple[datetime, datetime]], leaving: Collection[int]
) -> list[Taken]:
    """What anybody has within the windows of the practitioners' time and of the rooms that are wanted."""
    found = await _read("a.practitioner", {one.practitioner for one in wanted}, windows)
    if rooms := {one.room for one in wanted if one.room is not None}:
        found += await _read("NOT r.shared AND a.room", rooms, windows)
    return [taken for taken in found if taken.id not in leaving]


async def _read(
    whose: str, who: Collection[int], windows: Sequence[tuple[datetime, datetime]]
) -> list[Taken]:
    within = [(start - LONGEST, end, start) for start, end in _merged(windows)]
    found = await rows(
        f"""
        SELECT a.id, a.practitioner, CASE WHEN r.shared THEN NULL ELSE a.room END AS room, a.starts_at, a.ends_at,
               a.title, t.name AS type, t.capacity, p.name AS patient
        FROM appointment a
        LEFT JOIN appointment_type t ON t.id = a.type
        LEFT JOIN room r ON r.id = a.room
        LEFT JOIN attendance s ON s.appointment = a.id
        LEFT JOIN patient p ON p.id = s.patient
        WHERE {whose} IN ({_marks(who)})
          AND a.status NOT IN ({_marks(FREEING)}) AND (a.held_until IS NULL OR a.held_until > {{}})
          AND ({" OR ".join(["a.starts_at >= {} AND a.starts_at < {} AND a.ends_at > {}"] * len(within))})
        ORDER BY a.starts_at, a.id
        """,
        *who,
        *FREEING,
        now(),
        *(bound for window in within for bound in window),
    )
    return [_one(list(group)) for _id, group in groupby(found, itemgetter("id"))]


def _one(attended: Sequence[dict[str, Any]]) -> Taken:
    row = attended[0]
    alone = row["patient"] if row["capacity"] == 1 and len(attended) == 1 else None
    return Taken(
        row["id"],
        row["practitioner"],
        row["room"],
        row["starts_at"],
        row["ends_at"],
        alone or row["type"] or row["title"],
    )


def _merged(windows: Iterable[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """The same time in as few stretches as it takes."""
    reached: tuple[datetime, datetime] | None = None
    for start, end in sorted(windows):
        if reached and start <= reached[1]:
            reached = reached[0], max(reached[1], end)
            continue
        if reached:
            yield reached
        reached = start, end
    if reached:
        yield reached


def _marks(values: Collection[object]) -> str:
    return ", ".join(["{}"] * len(values))
