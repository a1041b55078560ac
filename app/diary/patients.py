"""The people who are treated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.clock import now
from app.db import write
from app.diary.tables import Patient
from app.text import searchable, tidy


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What is known of somebody who comes for the first time. Numbers are E.164."""

    name: str
    preferred_name: str = ""
    date_of_birth: date | None = None
    mobile: str = ""
    phone: str = ""
    email: str = ""
    alert: str = ""
    notes: str = ""


async def add_patient(new: NewPatient) -> int:
    """Write a patient's record; returns its id."""
    async with write():
        created = await Patient.insert(patient_row(new))
    return int(created[0]["id"])


def patient_row(new: NewPatient) -> Patient:
    """The record as it is stored, with what a search compares."""
    born = new.date_of_birth.isoformat() if new.date_of_birth else ""
    return Patient(
        name=tidy(new.name),
        preferred_name=tidy(new.preferred_name),
        search=searchable(new.name, new.preferred_name, born, new.mobile, new.phone)[:400],
        date_of_birth=new.date_of_birth,
        mobile=new.mobile,
        phone=new.phone,
        email=new.email,
        alert=tidy(new.alert),
        notes=new.notes,
        created_at=now(),
    )
