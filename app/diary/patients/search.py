"""Finding patients by what is known of them: the list of Patients, and the look-up as somebody is booked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.db import rows
from app.diary.patients.access import Condition, seen_by
from app.diary.patients.words import search_terms
from app.i18n import Renderer
from app.text import searchable

LISTED = 50
FOUND = 8
TAIL = 4  # digits of a number by which one tells it from another

# Sorts after all that begins as a word does.
_BEYOND = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A patient as a search shows them: enough to tell one Amelia Hart from another; what isn't known is empty."""

    id: int
    name: str
    preferred_name: str
    born: str
    phone: str
    alert: str

    @property
    def phone_tail(self) -> str:
        """The end of the number: enough to ask "ending in 3456?" without showing all of it to whoever looks on."""
        return "".join(digit for digit in self.phone if digit.isdigit())[-TAIL:]


@dataclass(frozen=True, slots=True)
class PatientList:
    """A part of the list, by name. ``more`` is the patient after whom it goes on; None at its end."""

    patients: tuple[FoundPatient, ...]
    more: int | None


async def list_patients(
    typed: str, viewer: Viewer, clinic: ClinicSettings, *, after: int | None = None
) -> PatientList:
    """Whom the viewer may see and ``typed`` finds, if anything is typed; from behind the patient ``after`` on."""
    when = renderer(clinic)
    conditions = [_having(term) for term in search_terms(typed, when.locale)]
    if after is not None:
        conditions.append(_behind(after))
    found = await _read(conditions, viewer, clinic, limit=LISTED + 1)
    more = found[LISTED - 1]["id"] if len(found) > LISTED else None
    return PatientList(tuple(_shown(row, when) for row in found[:LISTED]), more)


async def find_patients(
    typed: str, viewer: Viewer, clinic: ClinicSettings, *, limit: int = FOUND
) -> list[FoundPatient]:
    """The first few whom ``typed`` finds: nobody as long as it says nothing that tells people apart."""
    when = renderer(clinic)
    conditions = [_having(term) for term in search_terms(typed, when.locale)]
    found = await _read(conditions, viewer, clinic, limit=limit) if conditions else []
    return [_shown(row, when) for row in found]


async def patient_choices(
    typed: str, chosen: int | None, viewer: Viewer, clinic: ClinicSettings
) -> list[FoundPatient]:
    """Whom a form offers: whoever is ``chosen`` already, and then whom ``typed`` finds."""
    already = await found_patient(chosen, viewer, clinic) if chosen is not None else []
    found = await find_patients(typed, viewer, clinic)
    return [*already, *(patient for patient in found if patient not in already)]


async def find_namesakes(
    name: str, born: date | None, viewer: Viewer, clinic: ClinicSettings
) -> list[FoundPatient]:
    """Who else may be the person of that name: whoever has it and, as far as is known, no other date of birth."""
    same_day = ("(p.date_of_birth = {} OR p.date_of_birth IS NULL)", (born,)) if born else ("TRUE", ())
    found = await _read([("p.search = {}", (searchable(name),)), same_day], viewer, clinic, limit=FOUND)
    return [_shown(row, renderer(clinic)) for row in found]


async def found_patient(patient: int, viewer: Viewer, clinic: ClinicSettings) -> list[FoundPatient]:
    """That one, as a search would show them; nobody when it isn't the viewer's to see."""
    found = await _read([("p.id = {}", (patient,))], viewer, clinic, limit=1)
    return [_shown(row, renderer(clinic)) for row in found]


def _having(term: Sequence[str]) -> Condition:
    begins = " OR ".join(["(w.word >= {} AND w.word < {})"] * len(term))
    bounds = tuple(bound for word in term for bound in (word, word + _BEYOND))
    return f"p.id IN (SELECT w.patient FROM patient_word w WHERE {begins})", bounds


def _behind(patient: int) -> Condition:
    return "(p.search, p.id) > (SELECT k.search, k.id FROM patient k WHERE k.id = {})", (patient,)


async def _read(
    conditions: Sequence[Condition], viewer: Viewer, clinic: ClinicSettings, *, limit: int
) -> list[dict[str, Any]]:
    """Whom the viewer may see and all conditions fit, by name."""
    texts, arguments = zip(seen_by(viewer, clinic), *conditions, strict=True)
    return await rows(
        f"""
        SELECT p.id, p.name, p.preferred_name, p.date_of_birth, p.mobile, p.phone, p.alert
        FROM patient p
        WHERE {" AND ".join(texts)}
        ORDER BY p.search, p.id LIMIT {limit}
        """,
        *chain.from_iterable(arguments),
    )


def _shown(row: dict[str, Any], when: Renderer) -> FoundPatient:
    return FoundPatient(
        row["id"],
        row["name"],
        row["preferred_name"],
        when.date_of_birth(row["date_of_birth"]) if row["date_of_birth"] else "",
        when.phone(row["mobile"] or row["phone"]),
        row["alert"],
    )
