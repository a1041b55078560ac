"""The patient whom a form names: one who is known, or one whose record it makes."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.diary.patients.patients import AlreadyThere, NewPatient, add_patient, load_patient
from app.diary.patients.search import find_namesakes
from app.errors import Invalid, NotFound
from app.i18n import gettext as _


class NamesPatient(Protocol):
    """A form with a choice of patients and the fields of a new one."""

    @property
    def patient(self) -> int | None: ...
    @property
    def new_name(self) -> str: ...
    @property
    def new_born(self) -> date | None: ...
    @property
    def new_mobile(self) -> str: ...
    @property
    def new_anyway(self) -> str: ...


async def require_patient(form: NamesPatient, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Raise Invalid for somebody whom ``by`` doesn't know, and when the form names two; AlreadyThere for a new one who
    seems to have a record, unless it says that this is somebody else.
    """
    if form.patient is not None:
        if form.new_name:
            raise Invalid(_("A patient is chosen above. Look up nobody, or leave this empty."), "new_name")
        try:
            await load_patient(form.patient, by, clinic)
        except NotFound:
            raise Invalid(_("There is no such patient. Look the name up again."), "patient") from None
    elif form.new_name and form.new_anyway != form.new_name:
        await _require_no_namesake(form, clinic, by)


async def patient_of(form: NamesPatient, clinic: ClinicSettings, *, by: Viewer) -> int | None:
    """The patient's id, in the caller's transaction; None when the form names nobody. Raises as ``require_patient``."""
    await require_patient(form, clinic, by=by)
    if form.patient is not None or not form.new_name:
        return form.patient
    new = NewPatient(form.new_name, date_of_birth=form.new_born, mobile=form.new_mobile)
    patient = await add_patient(new, by=by.user)
    await record("patient.created", actor=by.user, subject="patient", subject_id=patient)
    return patient


async def _require_no_namesake(form: NamesPatient, clinic: ClinicSettings, by: Viewer) -> None:
    if namesakes := await find_namesakes(form.new_name, form.new_born, by, clinic):
        raise AlreadyThere(_("There is somebody of this name already. Is it the same person?"), namesakes)
