"""Leave of practitioners, and the clinic's holidays, which are absences of everybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import execute, rows, write
from app.db.once import once
from app.diary.days import shown_day
from app.diary.hours.bookings_missed import Booked, TimeAway, booked_in, count_booked_in
from app.diary.hours.forms import AbsenceForm
from app.diary.hours.timetables import WHOLE_DAY
from app.diary.hours.words import span_words
from app.diary.periods import hours_span
from app.diary.stale import Stale
from app.diary.tables import Absence
from app.errors import Conflict, NotFound
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _

COLUMNS = "id, practitioner, name, first_day, last_day, starts, ends, version"


@dataclass(frozen=True, slots=True)
class StoredAbsence:
    """An absence; ``practitioner`` is None for a holiday. From 00:00 to 00:00 is the whole day."""

    id: int
    practitioner: int | None
    name: str
    first_day: date
    last_day: date
    starts: time
    ends: time
    version: int

    @property
    def time(self) -> TimeAway:
        """When it is."""
        return TimeAway(self.practitioner, self.first_day, self.last_day, self.starts, self.ends)

    def words(self, when: Renderer) -> str:
        """Mon 23 Nov – Fri 27 Nov; Mon 23 Nov, 13:00 – 17:00"""
        today = local_day(now(), when.zone)
        first, last = (shown_day(day, today, when).short_title for day in (self.first_day, self.last_day))
        if first != last:
            return f"{first} – {last}"
        span = hours_span(self.starts, self.ends)
        return first if span == WHOLE_DAY else f"{first}, {span_words(span, when)}"


@dataclass(frozen=True, slots=True)
class ListedAbsence:
    """An absence in a list: when it is, in words, and how many appointments stand in it."""

    id: int
    name: str
    when: str
    booked: int


class PeopleBooked(Conflict):
    """Appointments stand in the time: whoever adds the absence shall have seen them."""

    def __init__(self, booked: list[Booked]) -> None:
        text = ngettext(
            "{n} appointment stands in this time.", "{n} appointments stand in this time.", len(booked)
        )
        super().__init__(text.format(n=len(booked)))
        self.booked = booked


async def load_absence(absence: int, practitioner: int | None) -> StoredAbsence:
    """That practitioner's leave, or a holiday. Raises NotFound."""
    found = [
        StoredAbsence(**row) for row in await rows(f"SELECT {COLUMNS} FROM absence WHERE id = {{}}", absence)
    ]
    if not found or found[0].practitioner != practitioner:
        raise NotFound(_("There is no such leave or holiday."))
    return found[0]


async def coming_absences(
    practitioner: int | None, since: date, clinic: ClinicSettings
) -> list[ListedAbsence]:
    """Those that aren't over on that day, in order."""
    whose, args = (
        ("practitioner IS NULL", []) if practitioner is None else ("practitioner = {}", [practitioner])
    )
    found = await rows(
        f"SELECT {COLUMNS} FROM absence WHERE {whose} AND last_day >= {{}} ORDER BY first_day, starts, id",
        *args,
        since,
    )
    absences = [StoredAbsence(**row) for row in found]
    counts = await count_booked_in([absence.time for absence in absences], clinic)
    when = renderer(clinic)
    return [
        ListedAbsence(absence.id, absence.name, absence.words(when), booked)
        for absence, booked in zip(absences, counts, strict=True)
    ]


async def add_absence(
    form: AbsenceForm, practitioner: int | None, clinic: ClinicSettings, *, by: Viewer
) -> int:
    """Store it, once for the form's key; its id. Raises PeopleBooked unless that is known."""
    columns = _columns(form)
    if not form.meant and (booked := await booked_in(_time(form, practitioner), clinic)):
        raise PeopleBooked(booked)
    asked_for = {"practitioner": practitioner, **form.model_dump(mode="json", exclude={"key", "meant"})}
    async with once(form.key, asked_for, actor=f"user:{by.user}") as earlier:
        if earlier.result is not None:
            return int(earlier.result)
        created = await Absence.insert(
            Absence(practitioner=practitioner, created_by=by.user, created_at=now(), **columns)
        )
        absence = int(created[0]["id"])
        await _recorded("added", absence, practitioner, by)
        earlier.remember(str(absence))
    return absence


async def change_absence(
    form: AbsenceForm, absence: int, practitioner: int | None, clinic: ClinicSettings, *, by: Viewer
) -> StoredAbsence:
    """Store what was typed; what it is now. Raises NotFound and Stale; PeopleBooked for those who stand in the time
    that is added, unless that is known.
    """
    columns = _columns(form)
    stored = await load_absence(absence, practitioner)
    if all(getattr(stored, name) == value for name, value in columns.items()):
        return stored  # the form was sent twice, or nothing was typed
    if form.version != stored.version:
        raise Stale
    if not form.meant and (booked := await _booked_anew(_time(form, practitioner), stored.time, clinic)):
        raise PeopleBooked(booked)
    async with write():
        changed = (
            await Absence.update({**_columns(form), "version": form.version + 1})
            .where(Absence.id == absence, Absence.version == form.version)
            .returning(Absence.id)
        )
        if not changed:
            raise Stale
        await _recorded("changed", absence, practitioner, by)
    return await load_absence(absence, practitioner)


async def _booked_anew(wanted: TimeAway, stored: TimeAway, clinic: ClinicSettings) -> list[Booked]:
    known = {booked.href for booked in await booked_in(stored, clinic)}
    return [booked for booked in await booked_in(wanted, clinic) if booked.href not in known]


async def remove_absence(absence: int, practitioner: int | None, *, by: Viewer) -> None:
    """Take it back; it may be gone already."""
    whose, args = (
        ("practitioner IS NULL", []) if practitioner is None else ("practitioner = {}", [practitioner])
    )
    async with write():
        if await execute(f"DELETE FROM absence WHERE id = {{}} AND {whose} RETURNING id", absence, *args):
            await _recorded("removed", absence, practitioner, by)


async def _recorded(what: str, absence: int, practitioner: int | None, by: Viewer) -> None:
    if practitioner is None:
        await record(f"holiday.{what}", actor=by.user, subject="holiday", subject_id=absence)
    else:
        await record(f"leave.{what}", actor=by.user, subject="user", subject_id=practitioner, absence=absence)


def _columns(form: AbsenceForm) -> dict[Any, Any]:
    """What of the form is stored."""
    return {
        "name": form.name,
        "first_day": form.first_day,
        "last_day": form.last_day or form.first_day,
        "starts": form.starts or time(),
        "ends": form.ends or time(),
    }


def _time(form: AbsenceForm, practitioner: int | None) -> TimeAway:
    columns = _columns(form)
    del columns["name"]
    return TimeAway(practitioner, **columns)
