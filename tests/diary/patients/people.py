"""Patients and what they have booked, for the tests of their records."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from app.accounts.viewer import Viewer
from app.clock import now
from app.db import rows
from app.diary.patients.patients import NewPatient, add_patients
from app.diary.tables import Appointment, Attendance, Status

AMELIA = NewPatient(
    "Amélia O’Hart",
    preferred_name="Millie",
    date_of_birth=date(1980, 5, 3),
    mobile="+447911123456",
    phone="+441614960142",
    email="amelia@mail.example",
    alert="Latex allergy",
    notes="Comes by bus.\nNever before nine.",
)


async def visit(
    patient: int,
    practitioner: Viewer,
    starts_at: datetime,
    *,
    kind: int | None = None,
    status: str = Status.BOOKED,
    own_status: str | None = None,
    reason: str = "",
) -> int:
    """Half an hour of that practitioner's with that patient, whatever else there is; the appointment's id."""
    created = await Appointment.insert(
        Appointment(
            practitioner=practitioner.user,
            type=kind,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=30),
            status=status,
            forced=True,
            created_at=now(),
        )
    )
    appointment = int(created[0]["id"])
    await Attendance.insert(
        Attendance(appointment=appointment, patient=patient, status=own_status or status, reason=reason)
    )
    return appointment


async def add_several(*names: str) -> list[int]:
    """Patients of whom no more is known."""
    return await add_patients([NewPatient(name) for name in names])


async def viewed() -> list[tuple[int, str]]:
    """Who opened which patient's record, as the audit has it."""
    found = await rows(
        "SELECT actor, subject_id FROM audit_entry WHERE action = 'patient.viewed' AND subject = 'patient' ORDER BY id"
    )
    return [(row["actor"], row["subject_id"]) for row in found]
