"""A patient's appointments, as the record lists them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import rows
from app.diary.days import shown_day
from app.diary.patients.access import Condition, sees_all_patients
from app.diary.statuses import FREEING, status_words
from app.diary.tables import Status
from app.i18n import Renderer

LISTED = 10

# Of these somebody is still waited for, or here.
_OPEN = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.IN_SESSION)


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment from its patient's side."""

    href: str
    day: str
    time: str
    what: str
    practitioner: str
    status: str
    status_word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Visits:
    """A part of a list of them. ``more`` is the appointment behind which it goes on; None at its end."""

    visits: tuple[Visit, ...]
    more: int | None


async def coming_visits(
    patient: int, viewer: Viewer, clinic: ClinicSettings, *, after: int | None = None
) -> Visits:
    """Those that are still to come or under way, the next one first."""
    return await _visits(patient, viewer, clinic, coming=True, behind=after)


async def earlier_visits(
    patient: int, viewer: Viewer, clinic: ClinicSettings, *, before: int | None = None
) -> Visits:
    """Those that are over, or won't be: the latest first, cancelled ones among them."""
    return await _visits(patient, viewer, clinic, coming=False, behind=before)


async def _visits(
    patient: int, viewer: Viewer, clinic: ClinicSettings, *, coming: bool, behind: int | None
) -> Visits:
    """Of a patient whom the viewer sees by way of their own appointments, these alone."""
    states = ", ".join(f"'{status}'" for status in _OPEN)
    is_open = f"(a.ends_at > {{}} AND a.status IN ({states}) AND s.status IN ({states}))"
    conditions: list[Condition] = [(is_open if coming else f"NOT {is_open}", (now(),))]
    if not sees_all_patients(viewer, clinic):
        conditions.append(("a.practitioner = {}", (viewer.user,)))
    if behind is not None:
        past = ">" if coming else "<"
        place = f"(a.starts_at, a.id) {past} (SELECT k.starts_at, k.id FROM appointment k WHERE k.id = {{}})"
        conditions.append((place, (behind,)))
    texts, arguments = zip(*conditions, strict=True)
    order = "ASC" if coming else "DESC"
    found = await rows(
        f"""
        SELECT a.id, a.starts_at, a.ends_at, a.status, s.status AS patient_status, s.reason, t.name AS type,
               u.name AS practitioner
        FROM attendance s
        JOIN appointment a ON a.id = s.appointment
        JOIN staff_user u ON u.id = a.practitioner
        LEFT JOIN appointment_type t ON t.id = a.type
        WHERE s.patient = {{}} AND (a.held_until IS NULL OR a.held_until > {{}}) AND {" AND ".join(texts)}
        ORDER BY a.starts_at {order}, a.id {order} LIMIT {LISTED + 1}
        """,
        patient,
        now(),
        *chain.from_iterable(arguments),
    )
    when, words = renderer(clinic), status_words()
    more = found[LISTED - 1]["id"] if len(found) > LISTED else None
    return Visits(tuple(_visit(row, words, when) for row in found[:LISTED]), more)


def _visit(row: dict[str, Any], words: dict[str, str], when: Renderer) -> Visit:
    # What is cancelled is so for everybody; else each patient has an own status.
    status = row["status"] if row["status"] in FREEING else row["patient_status"]
    day = shown_day(local_day(row["starts_at"], when.zone), local_day(now(), when.zone), when)
    return Visit(
        href=f"/diary/appointments/{row['id']}",
        day=day.short_title,
        time=f"{when.time(row['starts_at'])} – {when.time(row['ends_at'])}",
        what=row["type"] or "",
        practitioner=row["practitioner"],
        status=status,
        status_word=words[status],
        reason=row["reason"],
    )
