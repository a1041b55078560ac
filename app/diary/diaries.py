"""Diaries as a viewer sees them. Each is read for that viewer and by its window, in two reads however full it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, local_day, midnight, now
from app.diary.agenda import Agenda, agenda_view
from app.diary.day import DayView, day_view
from app.diary.days import ShownDay, shown_day
from app.diary.entries import Busy, Entry, entries_between
from app.diary.practitioners import Practitioner, practitioners_on
from app.i18n import Renderer


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A coming day in a line: how many appointments there are, and from when to when."""

    day: ShownDay
    booked: int
    first: str
    last: str


def today_in(clinic: ClinicSettings) -> date:
    """Today by the clinic's calendar."""
    return local_day(now(), clinic.zone)


async def day_for(viewer: Viewer, day: date, clinic: ClinicSettings) -> DayView:
    """The day with a column for each practitioner: one's own, and colleagues' as far as the clinic allows."""
    people = await practitioners_on(day, viewer, clinic.colleague_access)
    entries = await entries_between(_ids(people), *day_window(day, clinic.zone))
    return day_view(day, today_in(clinic), people, _as_allowed(entries, people), renderer(clinic))


async def agendas_for(viewer: Viewer, day: date, clinic: ClinicSettings) -> list[Agenda]:
    """The day as lists: a practitioner's own, or at the desk everybody's."""
    people = await _listed(day, viewer, clinic)
    entries = await entries_between(_ids(people), *day_window(day, clinic.zone))
    when = renderer(clinic)
    return [
        agenda_view(person, day, now(), [entry for entry in entries if entry.practitioner == person.id], when)
        for person in people
    ]


async def days_ahead_for(viewer: Viewer, clinic: ClinicSettings, *, days: int = 7) -> list[DayAhead]:
    """What the coming days hold, from tomorrow on, in the diaries that ``agendas_for`` lists."""
    today = today_in(clinic)
    people = await _listed(today, viewer, clinic)
    coming = [today + timedelta(days=n) for n in range(1, days + 1)]
    start, end = midnight(coming[0], clinic.zone), midnight(coming[-1] + timedelta(days=1), clinic.zone)
    entries = [
        entry
        for entry in await entries_between(_ids(people), start, end)
        if entry.occupies and not entry.is_block
    ]
    when = renderer(clinic)
    return [
        _day_ahead(
            day, today, [entry for entry in entries if local_day(entry.starts_at, clinic.zone) == day], when
        )
        for day in coming
    ]


async def _listed(day: date, viewer: Viewer, clinic: ClinicSettings) -> list[Practitioner]:
    people = await practitioners_on(day, viewer, clinic.colleague_access)
    return [person for person in people if viewer.keeps_desk or person.id == viewer.user]


def _ids(people: Sequence[Practitioner]) -> list[int]:
    return [person.id for person in people]


def _as_allowed(entries: Sequence[Entry], people: Sequence[Practitioner]) -> list[Entry | Busy]:
    """The entries; of colleagues whose patients the viewer may not know, only that their time is taken."""
    known = {person.id for person in people if person.is_open}
    return [
        entry if entry.practitioner in known else Busy(entry.practitioner, entry.starts_at, entry.ends_at)
        for entry in entries
        if entry.practitioner in known or entry.occupies
    ]


def _day_ahead(day: date, today: date, entries: Sequence[Entry], when: Renderer) -> DayAhead:
    first = when.time(entries[0].starts_at) if entries else ""
    last = when.time(max(entry.ends_at for entry in entries)) if entries else ""
    return DayAhead(shown_day(day, today, when), len(entries), first, last)
