"""Everybody's working week and who is away soon, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import shown_day, today_in
from app.diary.hours.timetables import Absence
from app.diary.hours.words import week_words
from app.diary.hours.workers import current_workers
from app.i18n import Renderer
from app.i18n import gettext as _

COMING_DAYS = 28


@dataclass(frozen=True, slots=True)
class ListedHours:
    """A practitioner: the week as pairs of days and hours, and leave that has begun or begins soon."""

    id: int
    name: str
    week: list[tuple[str, str]]
    leave: str


async def hours_of_everybody(clinic: ClinicSettings) -> list[ListedHours]:
    """The current practitioners by name."""
    today, when = today_in(clinic), renderer(clinic)
    coming = [today + timedelta(days=n) for n in range(COMING_DAYS)]
    listed = []
    for person in await current_workers(coming):
        leave = [absence for absence in person.timetable.absences if not absence.away.of_clinic]
        first = min(leave, key=lambda absence: absence.first, default=None)
        words = _leave_words(first, today, when) if first else ""
        listed.append(
            ListedHours(person.id, person.name, week_words(person.timetable.week_on(today), when), words)
        )
    return listed


def _leave_words(leave: Absence, today: date, when: Renderer) -> str:
    if leave.first == leave.last:
        text, day = _("{what} on {day}"), leave.first
    elif leave.first <= today:
        text, day = _("{what} until {day}"), leave.last
    else:
        text, day = _("{what} from {day}"), leave.first
    return text.format(what=leave.away.name, day=shown_day(day, today, when).short_title)
