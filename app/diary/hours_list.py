"""Everybody's working week and who is away soon, as a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import shown_day
from app.diary.diaries import today_in
from app.diary.hours_words import week_words
from app.diary.workers import current_workers
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
        words = ""
        if first and first.first <= today:
            until = shown_day(first.last, today, when).short_title
            words = _("{what} until {day}").format(what=first.away.name, day=until)
        elif first:
            since = shown_day(first.first, today, when).short_title
            words = _("{what} from {day}").format(what=first.away.name, day=since)
        listed.append(ListedHours(person.id, person.name, week_words(person.timetable.week, when), words))
    return listed
