"""Many times held against the diary at once: what is in the way of each, in as many reads as for one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, local_day, now
from app.diary.hours.workers import Worker, worker_of
from app.diary.hours.working_time import WorkingTime
from app.diary.slots.conflicts import Despite
from app.diary.slots.outside_hours import why_not_of
from app.diary.slots.slots import STEP, Wanted, free_times
from app.diary.slots.taken import Taken, in_the_way, read_taken
from app.i18n import gettext as _

OFFERED = 4
LOOKS_AHEAD = 3  # days, the wanted one included


class Problem(NamedTuple):
    """What is in the way; ``offers`` is the decision that would go ahead all the same, if there is one."""

    says: str
    offers: Despite


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
            if in_the_way(taken, wanted):
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
    taken = await read_taken(wanted, [(one.starts_at, one.ends_at) for one in wanted], leaving)
    workers = await _workers(wanted, clinic) if hours else {}
    return Against(taken, workers, clinic, by)


async def free_near(
    wanted: Sequence[tuple[Wanted, Sequence[Wanted]]], clinic: ClinicSettings, *, leaving: Collection[int]
) -> list[tuple[datetime, ...]]:
    """For each the free times next to it, on its day or soon after; with it come others that are about to be taken."""
    if not wanted:
        return []
    asked = [one for one, _others in wanted]
    windows = [_around(one, clinic) for one in asked]
    taken = await read_taken(asked, windows, leaving)
    workers = await _workers(asked, clinic)
    offers = []
    for (one, others), (start, end) in zip(wanted, windows, strict=True):
        around = replace(one, starts_at=start, ends_at=end)
        working = WorkingTime(workers[one.practitioner].timetable, clinic.zone)
        near: list[Taken | Wanted] = [*taken, *others]
        busy = [(each.starts_at, each.ends_at) for each in near if in_the_way(each, around)]
        offers.append(tuple(_nearest(one, max(start, _next_quarter()), working, busy)))
    return offers


def _around(wanted: Wanted, clinic: ClinicSettings) -> tuple[datetime, datetime]:
    start, _end = day_window(local_day(wanted.starts_at, clinic.zone), clinic.zone)
    return start, start + timedelta(days=LOOKS_AHEAD)


def _next_quarter() -> datetime:
    """From when on one can still come; what follows stands on the quarters then."""
    at = now().replace(second=0, microsecond=0)
    return at + timedelta(minutes=STEP - at.minute % STEP)


def _nearest(
    wanted: Wanted, origin: datetime, working: WorkingTime, taken: Sequence[tuple[datetime, datetime]]
) -> list[datetime]:
    """The nearest in time, in time's order."""
    shifted = replace(wanted, starts_at=origin, ends_at=origin + (wanted.ends_at - wanted.starts_at))
    free = islice(free_times(shifted, working, taken, LOOKS_AHEAD), 200)
    return sorted(sorted(free, key=lambda at: abs(at - wanted.starts_at))[:OFFERED])


async def _workers(wanted: Sequence[Wanted], clinic: ClinicSettings) -> dict[int, Worker]:
    """Who they are, with their timetable from the first to some days after the last of these times."""
    first = local_day(min(one.starts_at for one in wanted), clinic.zone)
    last = local_day(max(one.ends_at for one in wanted), clinic.zone) + timedelta(days=LOOKS_AHEAD)
    return {who: await worker_of(who, [first, last]) for who in {one.practitioner for one in wanted}}
