"""A practitioner's ordinary week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from app.db import rows, write
from app.diary.periods import hours_span, merged
from app.diary.tables import WorkingHours
from app.errors import Invalid
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Hours:
    """A stretch of a weekday in which the practitioner works, in the clinic's wall time; 00:00 ends a day."""

    practitioner: int
    starts: time
    ends: time


async def hours_on(day: date, practitioners: Sequence[int]) -> list[Hours]:
    """When these practitioners ordinarily work on such a day of the week."""
    if not practitioners:
        return []
    found = await rows(
        f"""
        SELECT practitioner, starts, ends FROM working_hours
        WHERE weekday = {{}} AND practitioner IN ({", ".join(["{}"] * len(practitioners))})
        ORDER BY practitioner, starts
        """,
        day.weekday(),
        *practitioners,
    )
    return [Hours(row["practitioner"], row["starts"], row["ends"]) for row in found]


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
