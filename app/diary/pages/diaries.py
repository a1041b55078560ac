"""Diaries as a viewer sees them. Each is read for that viewer and by its window, in two reads however full it is.

Whoever has just read the version of what all days are drawn with hands it on as ``setup``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, local_day, midnight, now, week_of
from app.diary.days import ShownDay, shown_day, today_in
from app.diary.entries import Busy, Entry, entries_between
from app.diary.hours.practitioners import Practitioner, practitioners_over
from app.diary.hours.words import away_of
from app.diary.pages.agenda import Agenda, agenda_view
from app.diary.pages.day import DayView, day_view, week_view
from app.diary.pages.loads import loads_between
from app.diary.pages.month import Month, month_view
from app.diary.pages.people import (
    chosen,
    columns_of,
    people_on,
    people_over,
    to_choose_from,
    who_was_there,
    whose_agendas,
)
from app.diary.pages.preferences import AS_IT_COMES, Preference
from app.diary.pages.shown import Shown, View
from app.i18n import Renderer


@dataclass(frozen=True, slots=True)
class DayAhead:
    """A coming day in a line: how many appointments there are, from when to when, and who is away."""

    day: ShownDay
    booked: int
    first: str
    last: str
    away: str


@dataclass(frozen=True, slots=True)
class WeekView:
    """A practitioner's week, and whom one can choose; both are None where there is nobody to choose."""

    person: Practitioner | None
    people: tuple[Practitioner, ...]
    days: DayView | None


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month, and whom one can choose."""

    month: Month
    people: tuple[Practitioner, ...]


async def day_for(
    viewer: Viewer,
    day: date,
    clinic: ClinicSettings,
    preference: Preference = AS_IT_COMES,
    setup: int | None = None,
) -> DayView:
    """The day with a column for each practitioner: one's own, and colleagues' as far as the clinic allows."""
    people = columns_of(await people_on(day, viewer, clinic, setup), preference)
    entries = await _entries_for(viewer, people, *day_window(day, clinic.zone))
    shown = _as_allowed(entries, people, preference)
    return day_view(day, today_in(clinic), who_was_there(people, shown), shown, renderer(clinic))


async def week_for(
    viewer: Viewer,
    day: date,
    practitioner: int | None,
    clinic: ClinicSettings,
    preference: Preference = AS_IT_COMES,
    setup: int | None = None,
) -> WeekView:
    """The week around the day of one practitioner; of the first column's when it isn't said whose.

    Those who have left can be chosen where the week isn't one to come. Raises NotFound for somebody whose diary the
    viewer can't see.
    """
    week = week_of(day)
    staff = await people_over(week, viewer, clinic, setup)
    people = preference.in_order(staff[day])
    if not people and practitioner is None:
        return WeekView(None, (), None)
    person = chosen(practitioner, people, preference)
    person_on = {on: next(one for one in staff[on] if one.id == person.id) for on in week}
    start, end = midnight(week[0], clinic.zone), midnight(week[-1] + timedelta(days=1), clinic.zone)
    entries = _as_allowed(await _entries_for(viewer, [person], start, end), [person], preference)
    week_days = week_view(person_on, today_in(clinic), entries, renderer(clinic))
    return WeekView(person, to_choose_from(people, person, week[0], clinic), week_days)


async def month_for(
    viewer: Viewer,
    day: date,
    practitioner: int | None,
    clinic: ClinicSettings,
    preference: Preference = AS_IT_COMES,
    setup: int | None = None,
) -> MonthView:
    """The load of each day of that month: of one practitioner, or of all whose agendas the viewer has.

    Nobody knows until when those who have left worked as usual: among all, what they did counts, not their hours.
    """
    first, last = Shown(View.MONTH, day).days
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    staff = await people_over(days, viewer, clinic, setup)
    people = preference.in_order(staff[day])
    one = chosen(practitioner, people, preference) if practitioner else None
    counted = {person.id for person in ([one] if one else whose_agendas(people, viewer))}
    loads = await loads_between(sorted(counted), first, last, clinic.zone)
    working = {
        on: [person for person in staff[on] if person.id in counted and (one or not person.left)]
        for on in days
    }
    worked = {
        on: sum(span.end - span.start for person in working[on] for span in person.hours) for on in days
    }
    when = renderer(clinic)
    away = {on: away_of(working[on], when) for on in days}
    month = month_view(day, today_in(clinic), loads, worked, away, when)
    return MonthView(month, to_choose_from(people, one, first, clinic))


async def agendas_for(
    viewer: Viewer,
    day: date,
    clinic: ClinicSettings,
    preference: Preference = AS_IT_COMES,
    setup: int | None = None,
) -> list[Agenda]:
    """The day as lists: a practitioner's own, or at the desk everybody's."""
    people = columns_of(whose_agendas(await people_on(day, viewer, clinic, setup), viewer), preference)
    entries = [
        entry
        for entry in await _entries_for(viewer, people, *day_window(day, clinic.zone))
        if entry.occupies or preference.show_cancelled
    ]
    when = renderer(clinic)
    return [
        agenda_view(person, day, now(), [entry for entry in entries if entry.practitioner == person.id], when)
        for person in who_was_there(people, entries)
    ]


async def days_ahead_for(viewer: Viewer, clinic: ClinicSettings, *, days: int = 7) -> list[DayAhead]:
    """What the coming days hold, from tomorrow on, in the diaries that ``agendas_for`` lists."""
    today = today_in(clinic)
    coming = [today + timedelta(days=n) for n in range(1, days + 1)]
    staff = await practitioners_over(coming, viewer, clinic.colleague_access)
    listed = {day: whose_agendas(staff[day], viewer) for day in coming}
    start, end = midnight(coming[0], clinic.zone), midnight(coming[-1] + timedelta(days=1), clinic.zone)
    entries = [
        entry
        for entry in await _entries_for(viewer, listed[coming[0]], start, end)
        if entry.occupies and not entry.is_block
    ]
    when = renderer(clinic)
    return [
        _day_ahead(
            day,
            today,
            [entry for entry in entries if local_day(entry.starts_at, clinic.zone) == day],
            away_of(listed[day], when),
            when,
        )
        for day in coming
    ]


async def _entries_for(
    viewer: Viewer, people: Sequence[Practitioner], start: datetime, end: datetime
) -> list[Entry]:
    """What is in these people's diaries, as far as the viewer may know whom it is about."""
    entries = await entries_between([person.id for person in people], start, end)
    return entries if viewer.knows_names else [entry.without_names() for entry in entries]


def _as_allowed(
    entries: Sequence[Entry], people: Sequence[Practitioner], preference: Preference
) -> list[Entry | Busy]:
    """The entries, cancelled ones if they are wanted; of colleagues whose patients the viewer may not know, only that
    their time is taken.
    """
    known = {person.id for person in people if person.is_open}
    return [
        entry
        if entry.practitioner in known
        else Busy(entry.practitioner, entry.starts_at, entry.ends_at, held_until=entry.held_until)
        for entry in entries
        if entry.occupies or (preference.show_cancelled and entry.practitioner in known)
    ]


def _day_ahead(day: date, today: date, entries: Sequence[Entry], away: str, when: Renderer) -> DayAhead:
    first = when.time(entries[0].starts_at) if entries else ""
    last = when.time(max(entry.ends_at for entry in entries)) if entries else ""
    return DayAhead(shown_day(day, today, when), len(entries), first, last, away)
