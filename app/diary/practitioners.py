"""Whose diaries a viewer sees, and when those people ordinarily work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.accounts.permissions import diary_access
from app.accounts.viewer import Viewer
from app.clinic.tables import ColleagueAccess
from app.db import rows, write
from app.diary.periods import Span, hours_span, merged
from app.diary.tables import WorkingHours
from app.errors import Invalid
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Whose day it is, how much of it the viewer sees, and the stretches they work on such a day of the week."""

    id: int
    name: str
    access: ColleagueAccess
    hours: tuple[Span, ...]

    @property
    def is_open(self) -> bool:
        """Whether the viewer sees appointments with their patients, not only that time is taken."""
        return self.access is ColleagueAccess.FULL


async def practitioners_on(day: date, viewer: Viewer, colleague_access: str) -> list[Practitioner]:
    """The current practitioners of whose diary the viewer sees anything: their own first, then by name."""
    return (await practitioners_over([day], viewer, colleague_access))[day]


async def practitioners_over(
    days: Sequence[date], viewer: Viewer, colleague_access: str
) -> dict[date, list[Practitioner]]:
    """The same people on each of several days.

    People and hours come in one read, because every page of the diary begins with it.
    """
    weekdays = {day.weekday() for day in days}
    found = await rows(
        f"""
        SELECT u.id, u.name, h.weekday, h.starts, h.ends
        FROM staff_user u
        LEFT JOIN working_hours h ON h.practitioner = u.id AND h.weekday IN ({", ".join(["{}"] * len(weekdays))})
        WHERE u.practitioner AND u.current
        ORDER BY u.search, u.id, h.starts
        """,
        *weekdays,
    )
    people = [
        (user, stretches[0]["name"], access, stretches)
        for user, group in groupby(found, itemgetter("id"))
        for access in [diary_access(viewer, user, colleague_access)]
        if access is not ColleagueAccess.NONE
        for stretches in [list(group)]
    ]
    people.sort(key=lambda person: person[0] != viewer.user)
    return {
        day: [
            Practitioner(user, name, access, _hours(stretches, day.weekday()))
            for user, name, access, stretches in people
        ]
        for day in days
    }


def _hours(stretches: Sequence[dict[str, Any]], weekday: int) -> tuple[Span, ...]:
    return tuple(hours_span(row["starts"], row["ends"]) for row in stretches if row["weekday"] == weekday)


async def set_hours(practitioner: int, week: Mapping[int, Sequence[tuple[time, time]]]) -> None:
    """Replace a practitioner's ordinary week: weekday (Monday is 0) → its stretches in order; none is a day off."""
    for stretches in week.values():
        spans = [hours_span(starts, ends) for starts, ends in stretches]
        if any(span.start >= span.end for span in spans) or spans != merged(spans):
            raise Invalid(_("Working hours must end after they start, and stand apart from each other."))
    async with write():
        await WorkingHours.delete().where(WorkingHours.practitioner == practitioner)
        worked = [
            WorkingHours(practitioner=practitioner, weekday=weekday, starts=starts, ends=ends)
            for weekday, stretches in week.items()
            for starts, ends in stretches
        ]
        if worked:
            await WorkingHours.insert(*worked)
