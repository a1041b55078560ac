"""One appointment, opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import rows, write
from app.diary.deeds import NO_DEEDS, Deeds, deeds_for
from app.diary.series.words import series_words
from app.diary.statuses import FREEING, status_words
from app.diary.told import Sign, Told, signs
from app.errors import NotFound
from app.i18n import Renderer
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class AttendingPatient:
    """A patient as an opened appointment shows them; what isn't known is empty. ``mobile`` is E.164."""

    id: int
    name: str
    preferred_name: str
    born: str
    mobile: str
    mobile_shown: str
    email: str
    alert: str
    new: bool
    status: str
    status_word: str
    reason: str
    deeds: Deeds
    told: tuple[Sign, ...]
    asks_to_cancel: bool


@dataclass(frozen=True, slots=True)
class OpenedAppointment:
    """An appointment or block with all there is to know of it; what doesn't apply is empty.

    It is headed by its patient, or a class by its type, or a block by its title. ``kept`` is whether the viewer may
    change it, and ``deeds`` what they can do about its status then. ``series`` says which one of which series it is.
    """

    id: int
    day: dt.date
    heading: str
    type: str
    date: str
    starts: str
    ends: str
    practitioner: str
    place: str
    notes: str
    status: str
    status_word: str
    booked_online: bool
    forced: bool
    freed: bool
    patients: tuple[AttendingPatient, ...]
    version: int
    kept: bool
    capacity: int
    deeds: Deeds
    series: str

    @property
    def is_class(self) -> bool:
        """Whether several patients may come, each with a status of their own."""
        return self.capacity > 1 or len(self.patients) > 1

    @property
    def is_block(self) -> bool:
        """Whether it is time without patients."""
        return not self.type

    @property
    def has_room(self) -> bool:
        """Whether somebody else can come."""
        return sum(patient.status not in FREEING for patient in self.patients) < self.capacity


async def open_appointment(appointment: int, clinic: ClinicSettings, *, by: Viewer) -> OpenedAppointment:
    """Open it for the viewer, on record. Raises NotFound also when it is in a diary they may not see."""
    found = await rows(
        """
        SELECT a.id, a.practitioner, u.name AS practitioner_name, a.starts_at, a.ends_at, a.title, a.notes,
               a.status, a.booked_online,
               a.forced, a.version, a.series, t.name AS type, t.capacity, r.name AS room, l.name AS location,
               s.patient, s.status AS patient_status, s.reason, s.new_patient, s.told,
               p.name, p.preferred_name, p.date_of_birth, p.mobile, p.email, p.alert
        FROM appointment a
        JOIN staff_user u ON u.id = a.practitioner
        LEFT JOIN appointment_type t ON t.id = a.type
        LEFT JOIN room r ON r.id = a.room
        LEFT JOIN location l ON l.id = COALESCE(r.location, a.location)
        LEFT JOIN attendance s ON s.appointment = a.id
        LEFT JOIN patient p ON p.id = s.patient
        WHERE a.id = {}
        ORDER BY s.id
        """,
        appointment,
    )
    if not found or not may_see(by, found[0]["practitioner"], clinic.colleague_access):
        raise NotFound(_("There is no such appointment."))
    attended = [row for row in found if row["patient"] is not None]
    async with write():
        await record("appointment.viewed", actor=by.user, subject="appointment", subject_id=appointment)
        for row in attended:
            await record("patient.viewed", actor=by.user, subject="patient", subject_id=row["patient"])
    row, when = found[0], renderer(clinic)
    series = await series_words(row["series"], appointment, when) if row["series"] else ""
    return _opened(row, attended, series, when, kept=by.keeps(row["practitioner"]))


async def note_opened(appointment: int, *, by: Viewer) -> None:
    """The viewer sees its notes without opening it, as a form."""
    async with write():
        await record("appointment.viewed", actor=by.user, subject="appointment", subject_id=appointment)


def _opened(
    row: dict[str, Any], attended: Sequence[dict[str, Any]], series: str, when: Renderer, *, kept: bool
) -> OpenedAppointment:
    words = status_words()
    today = local_day(row["starts_at"], when.zone) <= local_day(now(), when.zone)
    return OpenedAppointment(
        id=row["id"],
        day=local_day(row["starts_at"], when.zone),
        heading=attended[0]["name"]
        if len(attended) == 1 and row["capacity"] == 1
        else row["type"] or row["title"],
        type=row["type"] or "",
        date=when.date(row["starts_at"]),
        starts=when.time(row["starts_at"]),
        ends=when.time(row["ends_at"]),
        practitioner=row["practitioner_name"],
        place=", ".join(part for part in (row["room"], row["location"]) if part),
        notes=row["notes"],
        status=row["status"] if row["type"] else "",
        status_word=words[row["status"]] if row["type"] else "",
        booked_online=row["booked_online"],
        forced=row["forced"],
        freed=row["status"] in FREEING,
        patients=tuple(_attending(patient, words, when, today=today) for patient in attended),
        version=row["version"],
        kept=kept,
        capacity=row["capacity"] or 0,
        deeds=deeds_for(row["status"], today=today) if row["type"] else NO_DEEDS,
        series=series,
    )


def _attending(
    row: dict[str, Any], words: dict[str, str], when: Renderer, *, today: bool
) -> AttendingPatient:
    return AttendingPatient(
        id=row["patient"],
        name=row["name"],
        preferred_name=row["preferred_name"],
        born=when.date_of_birth(row["date_of_birth"]) if row["date_of_birth"] else "",
        mobile=row["mobile"],
        mobile_shown=when.phone(row["mobile"]),
        email=row["email"],
        alert=row["alert"],
        new=row["new_patient"],
        status=row["patient_status"],
        status_word=words[row["patient_status"]],
        reason=row["reason"],
        deeds=deeds_for(row["patient_status"], today=today),
        told=signs(row["told"]),
        asks_to_cancel=bool(row["told"] & Told.ASKS_TO_CANCEL),
    )
