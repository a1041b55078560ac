"""Many times held against the diary at once: what is in the way of each, in as many reads as for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, local_day, now
from app.db import rows
from app.diary.conflicts import Despite
from app.diary.entries import LONGEST
from app.diary.hours import WorkingTime
from app.diary.hours_words import why_not_of
from app.diary.slots import Wanted, free_times
from app.diary.statuses import FREEING
from app.diary.workers import Worker, worker_of
from app.i18n import gettext as _

OFFERED = 4
LOOKS_AHEAD = 3  # days, the wanted one included


class Problem(NamedTuple):
    """What is in the way; ``offers`` is the decision that would go ahead all the same, if there is one."""

    says: str
    offers: Despite


class Taken(NamedTuple):
    """Time that somebody has. ``room`` is empty where others may use it, too."""

    id: int
    practitioner: int
    room: int | None
    starts_at: datetime
    ends_at: datetime
    who: str

    def meets(self, wanted: Wanted) -> bool:
        """Whether it is in the way of that."""
        return (
            self.starts_at < wanted.ends_at
            and wanted.starts_at < self.ends_at
            and (self.practitioner == wanted.practitioner or self.room == wanted.room is not None)
        )


class Against:
    """What some times are held against."""

    def __init__(
        self, taken: Sequence[Taken], workers: Mapping[int, Worker], clinic: ClinicSettings, by: Viewer
    ) -> None:
        self._taken = taken
        self._workers = workers
        self._clinic = clinic
        self._by = by

    def problem(self, wanted: Wanted) -> Problem | None:
        """What is in its way: somebody else, as far as the viewer may know whom, or else the working hours."""
        for taken in self._taken:
            if taken.meets(wanted):
                return Problem(self._words(taken, wanted), Despite.TAKEN)
        worker = self._workers.get(wanted.practitioner)
        why_not = why_not_of(worker, wanted, self._clinic) if worker else ""
        return Problem(why_not, Despite.HOURS) if why_not else None

    def _words(self, taken: Taken, wanted: Wanted) -> str:
        when = renderer(self._clinic)
        theirs = {"start": when.time(taken.starts_at), "end": when.time(taken.ends_at)}
        if taken.practitioner != wanted.practitioner:
            return _("The room is taken from {start} to {end}").format(**theirs)
        if not may_see(self._by, taken.practitioner, self._clinic.colleague_access):
            return _("Taken from {start} to {end}").format(**theirs)
        return _("{who} from {start} to {end}").format(who=taken.who, **theirs)


async def read_against(
    wanted: Sequence[Wanted], clinic: ClinicSettings, *, by: Viewer, leaving: Collection[int], hours: bool
) -> Against:
    """Read what these times are held against; ``leaving`` are appointments that aren't there any more by then."""
    taken = await _taken(wanted, [(one.starts_at, one.ends_at) for one in wanted], leaving)
    workers = await _workers(wanted, clinic) if hours else {}
    return Against(taken, workers, clinic, by)


async def free_near(
    wanted: Sequence[Wanted], booked: Iterable[Wanted], clinic: ClinicSettings, *, leaving: Collection[int]
) -> list[tuple[datetime, ...]]:
    """For each the free times next to it, on its day or soon after; ``booked`` are times that are about to be taken."""
    if not wanted:
        return []
    windows = [_around(one, clinic) for one in wanted]
    taken = await _taken(wanted, windows, leaving)
    workers = await _workers(wanted, clinic)
    about_to_be = [(one.starts_at, one.ends_at) for one in booked]
    return [
        tuple(
            _nearest(
                one,
                max(start, now()),
                WorkingTime(workers[one.practitioner].timetable, clinic.zone),
                [
                    *(
                        (each.starts_at, each.ends_at)
                        for each in taken
                        if each.meets(_whole(one, start, end))
                    ),
                    *about_to_be,
                ],
            )
        )
        for one, (start, end) in zip(wanted, windows, strict=True)
    ]


def _around(wanted: Wanted, clinic: ClinicSettings) -> tuple[datetime, datetime]:
    start, _end = day_window(local_day(wanted.starts_at, clinic.zone), clinic.zone)
    return start, start + timedelta(days=LOOKS_AHEAD)


def _whole(wanted: Wanted, start: datetime, end: datetime) -> Wanted:
    return replace(wanted, starts_at=start, ends_at=end)


def _nearest(
    wanted: Wanted, origin: datetime, working: WorkingTime, taken: Sequence[tuple[datetime, datetime]]
) -> list[datetime]:
    """The nearest in time, in time's order."""
    shifted = _whole(wanted, origin, origin + (wanted.ends_at - wanted.starts_at))
    free = islice(free_times(shifted, working, taken, LOOKS_AHEAD), 200)
    return sorted(sorted(free, key=lambda at: abs(at - wanted.starts_at))[:OFFERED])


async def _workers(wanted: Sequence[Wanted], clinic: ClinicSettings) -> dict[int, Worker]:
    """Who they are, with their timetable from the first to some days after the last of these times."""
    first = local_day(min(one.starts_at for one in wanted), clinic.zone)
    last = local_day(max(one.ends_at for one in wanted), clinic.zone) + timedelta(days=LOOKS_AHEAD)
    return {who: await worker_of(who, [first, last]) for who in {one.practitioner for one in wanted}}


async def _taken(
    wanted: Sequence[Wanted], windows: Sequence[tuple[datetime, datetime]], leaving: Collection[int]
) -> list[Taken]:
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
               a.title, t.name AS type, p.name AS patient
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
    alone = row["patient"] if len(attended) == 1 else None
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
