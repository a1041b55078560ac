"""Why a time isn't a practitioner's working time, as a sentence."""

from __future__ import annotations

from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day
from app.diary.hours.timetables import Away
from app.diary.hours.words import span_words
from app.diary.hours.workers import Worker, worker_of
from app.diary.hours.working_time import WorkingTime
from app.diary.slots.slots import Wanted
from app.diary.versions import days_touched
from app.i18n import Renderer
from app.i18n import gettext as _


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
