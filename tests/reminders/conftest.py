"""The diary's clinic, where patients are reminded."""

from __future__ import annotations

import pytest

from app.clinic.clinic import ClinicSettings
from app.diary.patients.patients import NewPatient, add_patient
from app.settings import Settings
from tests.diary.conftest import Clinicians, Staff, at, clinic, kit, open_as, staff
from tests.reminders.reminding import Reminding

__all__ = ["at", "clinic", "kit", "open_as", "staff"]


@pytest.fixture
async def reminding(staff: Staff, kit: Clinicians, clinic: ClinicSettings, settings: Settings) -> Reminding:
    """Books appointments of Jo Field, who can be reached both ways, and has the planner look."""
    patient = await add_patient(
        NewPatient("Josephine Field", preferred_name="Jo", email="jo@mail.example", mobile="+447911123456")
    )
    return Reminding(settings, clinic, staff, kit, patient)
