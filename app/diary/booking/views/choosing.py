"""The part of a form in which a patient is chosen."""

from __future__ import annotations

import re
from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.booking.forms import with_namesake
from app.diary.patients.search import find_patients, found_patient
from app.web.forms import FormState


async def patient_choices(form: FormState[Any], viewer: Viewer, clinic: ClinicSettings) -> dict[str, Any]:
    """What ``diary/patients/_patient_choices.html`` wants: whoever is chosen comes first, then whom the form's search
    finds.
    """
    form.values = with_namesake(form.values)
    q, chosen = str(form.values.get("q", "")), str(form.values.get("patient") or "")
    already = (
        await found_patient(int(chosen), viewer, clinic) if re.fullmatch(r"\d{1,9}", chosen, re.ASCII) else []
    )
    found = await find_patients(q, viewer, clinic)
    return {
        "found": [*already, *(patient for patient in found if patient not in already)],
        "q": q,
        "chosen": chosen,
    }
