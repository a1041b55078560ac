"""Whose diaries a page shows: those who work here, and on days that are over those who have left since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import today_in
from app.diary.entries import Busy, Entry
from app.diary.hours.practitioners import Practitioner, practitioners_over
from app.diary.pages.preferences import Preference
from app.errors import NotFound
from app.i18n import gettext as _


async def people_on(
    day: date, viewer: Viewer, clinic: ClinicSettings, setup: int | None = None
) -> list[Practitioner]:
    """Whose diaries the viewer sees; on days to come without those who have left, in whose there is nothing."""
    people = (await people_over([day], viewer, clinic, setup))[day]
    return people if day <= today_in(clinic) else [person for person in people if not person.left]


async def people_over(
    days: Sequence[date], viewer: Viewer, clinic: ClinicSettings, setup: int | None = None
) -> dict[date, list[Practitioner]]:
    """The same people on each of several days; those who have left on all of them."""
    return await practitioners_over(
        days, viewer, clinic.colleague_access, left_by=today_in(clinic), setup=setup
    )


def columns_of(people: Sequence[Practitioner], preference: Preference) -> list[Practitioner]:
    """Who has a column, in order. Nobody can hide who has left any more, or show them again."""
    here = preference.columns([person for person in people if not person.left])
    return [*here, *(person for person in people if person.left)]


def who_was_there(people: Sequence[Practitioner], shown: Sequence[Entry | Busy]) -> list[Practitioner]:
    """Those who work here; and of those who have left, whoever has something to show."""
    there = {entry.practitioner for entry in shown}
    return [person for person in people if not person.left or person.id in there]


def to_choose_from(
    people: Sequence[Practitioner], one: Practitioner | None, first: date, clinic: ClinicSettings
) -> tuple[Practitioner, ...]:
    """Whose week or month it may be: those who have left only where it is no time to come, unless they are shown."""
    over = first <= today_in(clinic)
    return tuple(person for person in people if over or not person.left or person is one)


def whose_agendas(people: Sequence[Practitioner], viewer: Viewer) -> list[Practitioner]:
    """Whose lists the viewer gets: their own, or at the desk everybody's."""
    return [person for person in people if viewer.keeps_desk or person.id == viewer.user]


def chosen(practitioner: int | None, people: Sequence[Practitioner], preference: Preference) -> Practitioner:
    """The one that is meant, or the first column's. Raises NotFound when that one isn't among ``people``."""
    if practitioner is None:
        return columns_of(people, preference)[0]
    for person in people:
        if person.id == practitioner:
            return person
    raise NotFound(_("There is no such practitioner."))
