"""The people who are treated, and their records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import rows, write
from app.db.once import KeyReused, once
from app.diary.patients.access import seen_by
from app.diary.patients.forms import PatientForm
from app.diary.patients.search import FoundPatient, find_namesakes, found_patient
from app.diary.patients.words import patient_words
from app.diary.tables import Patient, PatientWord
from app.diary.versions import bump, days_touched
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.text import searchable, tidy

SEARCH_LETTERS = 400
AT_ONCE = 200  # patients in one statement
# An open diary is told of a patient's change where it is likely to stand open. Further off nothing is lost: a diary
# that is opened or turned to reads patients as they are, and only re-fetches of an open one go by its days' versions.
DAYS_BACK, DAYS_AHEAD = timedelta(days=31), timedelta(days=92)


@dataclass(frozen=True, slots=True)
class NewPatient:
    """What is known of somebody who comes for the first time. Numbers are E.164.

    By default they are written to about their appointments, as far as there is an address.
    """

    name: str
    preferred_name: str = ""
    date_of_birth: date | None = None
    mobile: str = ""
    phone: str = ""
    email: str = ""
    alert: str = ""
    notes: str = ""
    no_emails: bool = False
    no_texts: bool = False


DETAILS = tuple(each.name for each in fields(NewPatient))


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient's record as it is stored. Numbers are E.164; what isn't known is empty."""

    id: int
    name: str
    preferred_name: str
    date_of_birth: date | None
    mobile: str
    phone: str
    email: str
    alert: str
    notes: str
    no_emails: bool
    no_texts: bool
    created_at: datetime
    version: int


class AlreadyThere(Conflict):
    """Somebody like this seems to have a record: ``patients`` are who they may be."""

    def __init__(self, message: str, patients: Sequence[FoundPatient]) -> None:
        super().__init__(message)
        self.patients = patients


async def load_patient(patient: int, viewer: Viewer, clinic: ClinicSettings) -> PatientRecord:
    """The record, for somebody who has it open already. Raises NotFound also when it isn't the viewer's to see."""
    seen, arguments = seen_by(viewer, clinic)
    columns = ", ".join(f"p.{name}" for name in PatientRecord.__slots__)
    found = await rows(f"SELECT {columns} FROM patient p WHERE p.id = {{}} AND {seen}", patient, *arguments)
    if not found:
        raise NotFound(_("There is no such patient."))
    return PatientRecord(**found[0])


async def open_patient(patient: int, clinic: ClinicSettings, *, by: Viewer) -> PatientRecord:
    """Open the record for the viewer, which is on record. Raises NotFound as ``load_patient`` does."""
    opened = await load_patient(patient, by, clinic)
    async with write():
        await record("patient.viewed", actor=by.user, subject="patient", subject_id=patient)
    return opened


async def create_patient(form: PatientForm, clinic: ClinicSettings, *, by: Viewer) -> int:
    """Add a patient, once for the form's key however often it is sent; returns the id.

    Raises AlreadyThere, unless told to add them anyway, when somebody of that name has a record whose date of birth
    isn't another; and for a key that has already added somebody else.
    """
    new = _typed(form)
    try:
        async with once(form.key, asdict(new), actor=f"user:{by.user}") as earlier:
            if earlier.result is not None:
                return int(earlier.result)
            namesakes = await find_namesakes(new.name, new.date_of_birth, by, clinic)
            if namesakes and not form.anyway:
                raise AlreadyThere(
                    _("There is somebody of this name already. Is it the same person?"), namesakes
                )
            patient = await add_patient(new, by=by.user)
            await record("patient.created", actor=by.user, subject="patient", subject_id=patient)
            earlier.remember(str(patient))
    except KeyReused as used:
        raise AlreadyThere(
            _("This form has already added somebody. Is it another person now?"),
            await found_patient(int(used.result), by, clinic),
        ) from None
    return patient


async def add_patient(new: NewPatient, *, by: int | None = None) -> int:
    """Write a new patient's record, which the caller audits; returns its id. ``by`` is None for a command."""
    (patient,) = await add_patients([new], by=by)
    return patient


async def add_patients(new: Sequence[NewPatient], *, by: int | None = None) -> list[int]:
    """The same for many at a time; returns their ids in the same order."""
    stored: list[int] = []
    async with write():
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            created = await Patient.insert(
                *(
                    Patient({**_columns(one), Patient.created_at: now(), Patient.created_by: by})
                    for one in some
                )
            )
            ids = sorted(row["id"] for row in created)  # given in order, but not always told in order
            await _store_words(zip(ids, some, strict=True))
            stored += ids
    return stored


async def change_patient(
    form: PatientForm, patient: int, clinic: ClinicSettings, *, by: Viewer
) -> PatientRecord:
    """Write the record anew, which diaries that show the patient are told of.

    Raises NotFound, and Conflict when somebody changed it since it was read, unless to the same.
    """
    before = await load_patient(patient, by, clinic)
    now_known = _typed(form)
    changed = [name for name in DETAILS if getattr(before, name) != getattr(now_known, name)]
    if not changed:
        return before
    async with write():
        written = (
            await Patient.update({**_columns(now_known), Patient.version: form.version + 1})
            .where(Patient.id == patient, Patient.version == form.version)
            .returning(Patient.id)
        )
        if not written:
            raise Conflict(_("Somebody else has changed this record meanwhile. Check it and save again."))
        await PatientWord.delete().where(PatientWord.patient == patient)
        await _store_words([(patient, now_known)])
        await _bump_days(patient, clinic)
        await record(
            "patient.changed", actor=by.user, subject="patient", subject_id=patient, fields=" ".join(changed)
        )
    return await load_patient(patient, by, clinic)


def _typed(form: PatientForm) -> NewPatient:
    return NewPatient(**{name: getattr(form, name) for name in DETAILS})


def _columns(known: NewPatient) -> dict[Any, Any]:
    texts = {"name": tidy(known.name), "search": searchable(known.name)[:SEARCH_LETTERS]}
    return {getattr(Patient, name): value for name, value in {**asdict(known), **texts}.items()}


async def _store_words(known: Iterable[tuple[int, NewPatient]]) -> None:
    words = [
        PatientWord(patient=patient, word=word)
        for patient, one in known
        for word in patient_words(
            one.name, one.preferred_name, born=one.date_of_birth, numbers=(one.mobile, one.phone)
        )
    ]
    if words:
        await PatientWord.insert(*words)


async def _bump_days(patient: int, clinic: ClinicSettings) -> None:
    found = await rows(
        """
        SELECT a.practitioner, a.starts_at, a.ends_at
        FROM attendance s JOIN appointment a ON a.id = s.appointment
        WHERE s.patient = {} AND a.starts_at > {} AND a.starts_at < {}
        """,
        patient,
        now() - DAYS_BACK,
        now() + DAYS_AHEAD,
    )
    await bump(
        *(
            (each["practitioner"], day)
            for each in found
            for day in days_touched(each["starts_at"], each["ends_at"], clinic.zone)
        )
    )
