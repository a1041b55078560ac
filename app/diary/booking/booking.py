"""Putting appointments into the diary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import rows, write
from app.db.once import KeyReused, once
from app.diary.booking.choices import place_of
from app.diary.booking.forms import BookingForm
from app.diary.changes.changes import Done, remember, require_keeper
from app.diary.changes.untold import note_new
from app.diary.hours.employed import stay_employed
from app.diary.patients.newcomers import patient_of
from app.diary.slots.conflicts import Despite, refusals_told, require_working, unless_taken
from app.diary.slots.slots import Wanted
from app.diary.tables import Appointment, Attendance
from app.diary.versions import bump, days_touched
from app.errors import Conflict, Invalid
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


class AlreadyBooked(Conflict):
    """The form has booked something else before; nobody can tell whether this one is meant as well."""


async def book_from(form: BookingForm, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Book what the form says, its new patient's record included, once for its key however often it is sent.

    Raises what ``book`` does, Invalid for a time that doesn't exist, and AlreadyBooked.
    """
    starts_at = form.starts_at(clinic.zone)
    wanted = await _wanted(form.practitioner, form.type, starts_at, form.room)
    require_keeper(form.practitioner, clinic, by=by)
    asked_for = form.model_dump(mode="json", exclude={"key"})
    try:
        async with (
            refusals_told(wanted, clinic),
            once(form.key, asked_for, actor=f"user:{by.user}") as earlier,
        ):
            if earlier.result is not None:
                appointment, change = (int(number) for number in earlier.result.split())
                return _done(appointment, change, starts_at, clinic)
            patient = await patient_of(form, clinic, by=by)
            location, room = await place_of(form.location, form.room)
            booking = Booking(
                form.practitioner,
                form.type,
                starts_at,
                (patient,) if patient else (),
                location=location,
                room=room,
                notes=form.notes,
            )
            appointment = await book(booking, clinic, by=by, despite=form.despite)
            change = await remember(appointment, 1, None, by=by)
            earlier.remember(f"{appointment} {change}")
    except KeyReused as reused:
        raise await already_booked(int(reused.result.split()[0]), clinic) from None
    return _done(appointment, change, starts_at, clinic)


async def book(
    booking: Booking, clinic: ClinicSettings, *, by: Viewer, despite: Despite = Despite.HOURS
) -> int:
    """Write an appointment into the diary; returns its id.

    Raises NotFound for a practitioner whose diary ``by`` can't see, Forbidden for one they only see, and TimeRefused
    when practitioner or room is taken or the practitioner doesn't work then, unless it is meant.
    """
    require_keeper(booking.practitioner, clinic, by=by)
    kind = await kind_of(booking.type)
    require_patients(len(booking.patients), kind["capacity"])
    wanted = await _wanted(booking.practitioner, booking.type, booking.starts_at, booking.room)
    async with refusals_told(wanted, clinic), write():

        async def attempt(forced: bool) -> tuple[int, bool]:
            return await _insert(booking, wanted.ends_at, by, forced=forced), forced

        await stay_employed(booking.practitioner)
        appointment, forced = await unless_taken(attempt, despite)
        await require_working(wanted, clinic, despite)
        touched = days_touched(booking.starts_at, wanted.ends_at, clinic.zone)
        await bump(*((booking.practitioner, day) for day in touched))
        span = {appointment: (booking.starts_at, wanted.ends_at)}
        await note_new(booking.practitioner, span, clinic, by=by)
        on_purpose = {"forced": True} if forced else {}
        await record(
            "appointment.booked", actor=by.user, subject="appointment", subject_id=appointment, **on_purpose
        )
    return appointment


async def _wanted(practitioner: int, type_id: int, starts_at: datetime, room: int | None) -> Wanted:
    minutes = (await kind_of(type_id))["minutes"]
    return Wanted(practitioner, starts_at, starts_at + timedelta(minutes=minutes), room)


async def kind_of(type_id: int) -> dict[str, int]:
    """The type's ``minutes`` and ``capacity``. Raises Invalid when there is none to choose."""
    found = await rows("SELECT minutes, capacity FROM appointment_type WHERE id = {} AND active", type_id)
    if not found:
        raise Invalid(_("Choose a type of appointment."), "type")
    return found[0]


def require_patients(patients: int, capacity: int) -> None:
    """One patient, or in a class as many as it takes: it may begin empty. Raises Invalid."""
    if not patients and capacity == 1:
        raise Invalid(_("Choose a patient, or fill in a new one."), "patient")
    if patients > capacity:
        text = ngettext("{n} patient can come.", "Up to {n} patients can come.", capacity)
        raise Invalid(text.format(n=capacity), "patient")


async def _insert(booking: Booking, ends_at: datetime, by: Viewer, *, forced: bool) -> int:
    created = await Appointment.insert(
        Appointment(
            practitioner=booking.practitioner,
            type=booking.type,
            location=booking.location,
            room=booking.room,
            starts_at=booking.starts_at,
            ends_at=ends_at,
            forced=forced,
            booked_online=booking.booked_online,
            notes=booking.notes,
            created_by=by.user,
            created_at=now(),
        )
    )
    appointment = int(created[0]["id"])
    if booking.patients:
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


def _done(appointment: int, change: int, starts_at: datetime, clinic: ClinicSettings) -> Done:
    when = renderer(clinic)
    says = _("Booked for {day}, {time}.").format(day=when.day_short(starts_at), time=when.time(starts_at))
    return Done(appointment, local_day(starts_at, clinic.zone), says, change)


async def already_booked(appointment: int, clinic: ClinicSettings) -> AlreadyBooked:
    """What to say of a form that has booked that appointment, and now asks for another."""
    found = await rows("SELECT starts_at FROM appointment WHERE id = {}", appointment)
    if not found:
        return AlreadyBooked(_("This form has been used before. Book again to book this as well."))
    when, starts_at = renderer(clinic), found[0]["starts_at"]
    text = _("This form has already booked {day}, {time}. Book again to book this as well.")
    return AlreadyBooked(text.format(day=when.day_short(starts_at), time=when.time(starts_at)))
