"""Patients who ask to cancel: the desk sees them, and decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.diary.told import Told, note_told
from app.errors import NotFound
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Somebody's wish to cancel, with what one needs to act on it. ``mobile`` is E.164."""

    id: int
    appointment: int
    patient: int
    name: str
    mobile: str
    starts_at: datetime
    type: str
    practitioner: str
    asked_at: datetime


async def open_requests(*, by: Viewer) -> list[OpenRequest]:
    """Those about the diaries that the viewer keeps, the next appointment first."""
    whose, arguments = ("", ()) if by.keeps_desk else ("AND a.practitioner = {}", (by.user,))
    found = await rows(
        f"""
        SELECT q.id, q.appointment, q.patient, p.name, p.mobile, a.starts_at, t.name AS type,
               u.name AS practitioner, q.asked_at
        FROM cancel_request q
        JOIN appointment a ON a.id = q.appointment
        JOIN attendance s ON s.appointment = q.appointment AND s.patient = q.patient
        JOIN patient p ON p.id = q.patient
        JOIN appointment_type t ON t.id = a.type
        JOIN staff_user u ON u.id = a.practitioner
        WHERE q.settled_at IS NULL AND a.ends_at > {{}} {whose}
        ORDER BY a.starts_at, q.id LIMIT 200
        """,
        now(),
        *arguments,
    )
    return [OpenRequest(**row) for row in found]


async def keep_appointment(request: int, clinic: ClinicSettings, *, by: Viewer) -> None:
    """It is settled: they come after all. Raises NotFound for one that isn't the viewer's to settle."""
    mine = next((each for each in await open_requests(by=by) if each.id == request), None)
    if mine is None:
        raise NotFound(_("This has been settled already."))
    async with write():
        await execute(
            "UPDATE cancel_request SET settled_at = {}, settled_by = {} WHERE id = {} AND settled_at IS NULL",
            now(),
            by.user,
            request,
        )
        await _forget(mine.appointment, mine.patient, clinic)
        await record(
            "appointment.kept",
            actor=by.user,
            subject="appointment",
            subject_id=mine.appointment,
            patient=mine.patient,
        )


async def settle_by_itself(appointment: int, patient: int) -> None:
    """The appointment is cancelled, or the patient comes after all: nobody needs to decide any more."""
    await execute(
        "UPDATE cancel_request SET settled_at = {} WHERE appointment = {} AND patient = {} AND settled_at IS NULL",
        now(),
        appointment,
        patient,
    )


async def _forget(appointment: int, patient: int, clinic: ClinicSettings) -> None:
    for row in await rows(
        "SELECT told FROM attendance WHERE appointment = {} AND patient = {}", appointment, patient
    ):
        await note_told(appointment, patient, row["told"] & ~Told.ASKS_TO_CANCEL, clinic)
