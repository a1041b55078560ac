"""Putting appointments into the diary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import rows, write
from app.db.faults import SlotTaken
from app.diary.tables import Appointment, Attendance
from app.diary.versions import bump, days_touched
from app.errors import Conflict, Invalid, NotFound
from app.i18n import gettext as _
from app.i18n import ngettext


@dataclass(frozen=True, slots=True)
class Booking:
    """What is to be booked; how long it takes is the type's to say."""

    practitioner: int
    type: int
    starts_at: datetime
    patients: tuple[int, ...]
    location: int | None = None
    room: int | None = None
    notes: str = ""
    booked_online: bool = False


async def book(booking: Booking, clinic: ClinicSettings, *, by: Viewer) -> int:
    """Write an appointment into the diary; returns its id.

    Raises NotFound for a practitioner whose diary ``by`` can't see, Conflict when practitioner or room is taken.
    """
    if not may_see(by, booking.practitioner, clinic.colleague_access):
        raise NotFound(_("There is no such practitioner."))
    kind = await _kind(booking.type)
    if not 1 <= len(booking.patients) <= kind["capacity"]:
        raise Invalid(
            ngettext("{n} patient can come.", "Up to {n} patients can come.", kind["capacity"]).format(
                n=kind["capacity"]
            ),
            "patients",
        )
    ends_at = booking.starts_at + timedelta(minutes=kind["minutes"])
    try:
        async with write():
            appointment = await _insert(booking, ends_at, by)
            touched = days_touched(booking.starts_at, ends_at, clinic.zone)
            await bump(*((booking.practitioner, day) for day in touched))
            await record("appointment.booked", actor=by.user, subject="appointment", subject_id=appointment)
    except SlotTaken as taken:
        if taken.whose == "room":
            raise Conflict(_("The room is taken at that time."), "room") from None
        raise Conflict(_("There is already an appointment at that time."), "starts_at") from None
    return appointment


async def _kind(type_id: int) -> dict[str, int]:
    found = await rows("SELECT minutes, capacity FROM appointment_type WHERE id = {} AND active", type_id)
    if not found:
        raise Invalid(_("Choose a type of appointment."), "type")
    return found[0]


async def _insert(booking: Booking, ends_at: datetime, by: Viewer) -> int:
    created = await Appointment.insert(
        Appointment(
            practitioner=booking.practitioner,
            type=booking.type,
            location=booking.location,
            room=booking.room,
            starts_at=booking.starts_at,
            ends_at=ends_at,
            booked_online=booking.booked_online,
            notes=booking.notes,
            created_by=by.user,
            created_at=now(),
        )
    )
    appointment = int(created[0]["id"])
    known = await Attendance.select(Attendance.patient).where(
        Attendance.patient.is_in(list(booking.patients))
    )
    regulars = {attended["patient"] for attended in known}
    await Attendance.insert(
        *(
            Attendance(appointment=appointment, patient=patient, new_patient=patient not in regulars)
            for patient in booking.patients
        )
    )
    return appointment
