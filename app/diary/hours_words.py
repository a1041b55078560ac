"""Working hours in words: a week's, a day's, and why a time isn't among them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day
from app.diary.hours import WorkingTime
from app.diary.periods import Span
from app.diary.practitioners import Practitioner
from app.diary.slots import Wanted
from app.diary.timetables import Away, Stretch, Workday
from app.diary.versions import days_touched
from app.diary.workers import Worker, worker_of
from app.i18n import Renderer
from app.i18n import gettext as _

A_MONDAY = date(2026, 11, 23)


def weekday_names() -> list[str]:
    """From Monday to Sunday."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def span_words(span: Span, when: Renderer) -> str:
    """09:00 – 13:00"""
    face = when.clock_face()
    return f"{face[span.start]} – {face[span.end % len(face)]}"


def stretches_words(stretches: Iterable[Stretch], when: Renderer) -> str:
    """09:00 – 13:00, 14:00 – 17:00 High Street"""
    return ", ".join(" ".join(filter(None, (span_words(span, when), place))) for span, place in stretches)


def week_words(week: Mapping[int, Sequence[Stretch]], when: Renderer) -> list[tuple[str, str]]:
    """The worked days of a week with their hours, in order: Mon – Wed, 09:00 – 13:00."""
    names = [when.weekday(A_MONDAY + timedelta(days=n)) for n in range(7)]
    words = []
    for stretches, group in groupby(range(7), lambda weekday: list(week.get(weekday, ()))):
        days = list(group)
        if stretches:
            first, last = names[days[0]], names[days[-1]]
            words.append((first if first == last else f"{first} – {last}", stretches_words(stretches, when)))
    return words


def away_words(away: Away, when: Renderer) -> str:
    """Annual leave; Training 13:00 – 17:00"""
    return away.name if away.all_day else f"{away.name} {span_words(away.span, when)}"


def day_words(work: Workday, when: Renderer) -> str:
    """What is particular about that day's work: who is away, and else where they work. Empty when there is nothing."""
    return ", ".join(away_words(away, when) for away in work.away) or ", ".join(work.places)


def away_of(people: Sequence[Practitioner], when: Renderer) -> str:
    """Why a person is away that day; of several only what they have in common: the clinic's holidays."""
    several = len(people) > 1
    absences = (away for person in people for away in person.work.away if away.of_clinic or not several)
    return ", ".join(dict.fromkeys(away_words(away, when) for away in absences))


async def why_not(wanted: Wanted, clinic: ClinicSettings) -> str:
    """Why that isn't the practitioner's working time, as a sentence; empty when it is."""
    days = days_touched(wanted.starts_at, wanted.ends_at, clinic.zone)
    return why_not_of(await worker_of(wanted.practitioner, days), wanted, clinic)


def why_not_of(worker: Worker, wanted: Wanted, clinic: ClinicSettings) -> str:
    """The same of somebody whose timetable is known for those days."""
    working = WorkingTime(worker.timetable, clinic.zone)
    if working.covers(wanted.starts_at, wanted.ends_at):
        return ""
    when = renderer(clinic)
    if away := working.away_in(wanted.starts_at, wanted.ends_at):
        return _away_sentence(worker.name, away, when)
    work = worker.timetable.on(local_day(wanted.starts_at, clinic.zone))
    if not work.hours:
        return _("{name} doesn't work that day.").format(name=worker.name)
    hours = ", ".join(span_words(span, when) for span in work.hours)
    return _("That is outside working hours, {hours}.").format(hours=hours)


def _away_sentence(name: str, away: Away, when: Renderer) -> str:
    if away.of_clinic:
        text = (
            _("The clinic is closed: {what}.") if away.all_day else _("The clinic is closed {time}: {what}.")
        )
    else:
        text = (
            _("{name} is on leave that day: {what}.")
            if away.all_day
            else _("{name} is on leave {time}: {what}.")
        )
    return text.format(name=name, what=away.name, time=span_words(away.span, when))
