"""Whose diaries a viewer sees, and when those people work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, time
from typing import NamedTuple

from app.accounts.permissions import diary_access
from app.accounts.viewer import Viewer
from app.clinic.tables import ColleagueAccess
from app.db import write
from app.diary.days import SINCE_EVER
from app.diary.hours.timetables import Timetable, Workday
from app.diary.hours.workers import Worker, all_workers
from app.diary.periods import Span, hours_span
from app.diary.tables import WorkingHours
from app.errors import Invalid
from app.i18n import gettext as _


class Practitioner(NamedTuple):
    """Whose day it is, how much of it the viewer sees, and when they work that day.

    ``left`` is somebody who treats nobody any more: there is nothing to see of them but what was.
    """

    id: int
    name: str
    access: ColleagueAccess
    work: Workday
    left: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the viewer sees appointments with their patients, not only that time is taken."""
        return self.access is ColleagueAccess.FULL

    @property
    def hours(self) -> tuple[Span, ...]:
        """The stretches that they work."""
        return self.work.hours


class Hours(NamedTuple):
    """A stretch of working time as it is stored; ``location`` is an id, where there are several."""

    starts: time
    ends: time
    location: int | None = None


async def practitioners_on(day: date, viewer: Viewer, colleague_access: str) -> list[Practitioner]:
    """The current practitioners of whose diary the viewer sees anything: their own first, then by name."""
    return (await practitioners_over([day], viewer, colleague_access))[day]


async def practitioners_over(
    days: Sequence[date],
    viewer: Viewer,
    colleague_access: str,
    *,
    left_by: date | None = None,
    setup: int | None = None,
) -> dict[date, list[Practitioner]]:
    """The same people on each of several days, which are in order.

    With ``left_by``, today, those who have left come last; after that day they don't work.
    """
    people = [
        (worker, access, _as_allowed(worker.timetable, access))
        for worker in await all_workers(days, setup)
        if left_by or not worker.left
        for access in [diary_access(viewer, worker.id, colleague_access)]
        if access is not ColleagueAccess.NONE
    ]
    people.sort(key=lambda person: person[0].id != viewer.user)
    return {
        day: [
            Practitioner(worker.id, worker.name, access, _work(worker, timetable, day, left_by), worker.left)
            for worker, access, timetable in people
        ]
        for day in days
    }


def _work(worker: Worker, timetable: Timetable, day: date, left_by: date | None) -> Workday:
    return Workday() if worker.left and left_by and day > left_by else timetable.on(day)


def _as_allowed(timetable: Timetable, access: ColleagueAccess) -> Timetable:
    """Who may only see that a colleague's time is taken isn't told what for."""
    if access is ColleagueAccess.FULL or not timetable.absences:
        return timetable
    absences = [
        absence if absence.away.of_clinic else absence._replace(away=absence.away._replace(name=_("away")))
        for absence in timetable.absences
    ]
    return replace(timetable, absences=absences)


async def set_hours(
    practitioner: int,
    week: Mapping[int, Sequence[Hours | tuple[time, time]]],
    since: date = SINCE_EVER,
) -> None:
    """Replace an ordinary week of a practitioner: weekday (Monday is 0) → its stretches in order; none is a day off."""
    stretches = {
        weekday: [one if isinstance(one, Hours) else Hours(*one) for one in day]
        for weekday, day in week.items()
    }
    for day in stretches.values():
        require_in_order(day)
    async with write():
        await WorkingHours.delete().where(
            WorkingHours.practitioner == practitioner, WorkingHours.since == since
        )
        worked = [
            WorkingHours(practitioner=practitioner, since=since, weekday=weekday, **hours._asdict())
            for weekday, day in stretches.items()
            for hours in day
        ]
        if worked:
            await WorkingHours.insert(*worked)


def require_in_order(day: Sequence[Hours]) -> None:
    """Raise Invalid for stretches that overlap, or end before they start."""
    edges = [edge for hours in day for edge in hours_span(hours.starts, hours.ends)]
    ended = all(span.start < span.end for span in (hours_span(hours.starts, hours.ends) for hours in day))
    if not ended or edges != sorted(edges):
        raise Invalid(_("Working hours must end after they start, and stand apart from each other."))
