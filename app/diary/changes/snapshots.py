"""An appointment or block as it is stored, whole: what an edit starts from and what Undo goes back to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import combinations, groupby
from operator import itemgetter
from typing import Any

from app.db import rows
from app.diary.statuses import FREEING

# The columns that people change.
COLUMNS = (
    "practitioner", "type", "title", "location", "room", "starts_at", "ends_at", "status", "forced", "notes",
    "series", "due_at",
)  # fmt: skip
_TIMES = ("starts_at", "ends_at", "due_at")


@dataclass(frozen=True, slots=True)
class Attended:
    """One patient's attendance."""

    patient: int
    status: str
    reason: str
    new_patient: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """It as of ``version``. A block has no type; a class's type takes several patients.

    One of a series is ``due_at`` the time at which the series has it, wherever it was moved by itself.
    """

    id: int
    practitioner: int
    type: int | None
    title: str
    location: int | None
    room: int | None
    starts_at: datetime
    ends_at: datetime
    status: str
    forced: bool
    notes: str
    version: int
    capacity: int
    attended: tuple[Attended, ...]
    series: int | None = None
    due_at: datetime | None = None

    @property
    def is_block(self) -> bool:
        """Whether it is time without patients."""
        return self.type is None

    @property
    def is_class(self) -> bool:
        """Whether several patients may come, each with a status of their own."""
        return self.capacity > 1 or len(self.attended) > 1

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


async def load_snapshot(appointment: int) -> Snapshot | None:
    """What is stored; None when there is no such appointment."""
    return next(iter(await load_snapshots([appointment])), None)


async def load_snapshots(appointments: Sequence[int]) -> list[Snapshot]:
    """What is stored of them, in their order; what there isn't is left out."""
    if not appointments:
        return []
    found = await rows(
        f"""
        SELECT a.id, {", ".join(f"a.{name}" for name in COLUMNS)}, a.version, t.capacity,
               s.patient, s.status AS patient_status, s.reason, s.new_patient
        FROM appointment a
        LEFT JOIN appointment_type t ON t.id = a.type
        LEFT JOIN attendance s ON s.appointment = a.id
        WHERE a.id IN ({", ".join(["{}"] * len(appointments))})
        ORDER BY a.id, s.id
        """,
        *appointments,
    )
    stored = {each: _snapshot(list(group)) for each, group in groupby(found, itemgetter("id"))}
    return [stored[each] for each in appointments if each in stored]


async def names_of(stored: Snapshot) -> dict[str, str]:
    """Who comes: patients' ids, as forms have them, and names, in the order in which they were put down."""
    found = await rows(
        """
        SELECT p.id, p.name FROM attendance s JOIN patient p ON p.id = s.patient
        WHERE s.appointment = {} ORDER BY s.id
        """,
        stored.id,
    )
    return {str(row["id"]): row["name"] for row in found}


def _snapshot(found: Sequence[dict[str, Any]]) -> Snapshot:
    row = found[0]
    return Snapshot(
        id=row["id"],
        **{name: row[name] for name in COLUMNS},
        version=row["version"],
        capacity=row["capacity"] or 0,
        attended=tuple(
            Attended(s["patient"], s["patient_status"], s["reason"], s["new_patient"])
            for s in found
            if s["patient"] is not None
        ),
    )


def overlapping(snapshots: Sequence[Snapshot]) -> set[int]:
    """The ids of those that take the time of another one of them."""
    return {
        snapshot.id
        for one, other in combinations([taken for taken in snapshots if taken.status not in FREEING], 2)
        if one.practitioner == other.practitioner
        and one.starts_at < other.ends_at
        and other.starts_at < one.ends_at
        for snapshot in (one, other)
    }


def as_json(snapshot: Snapshot) -> str:
    """The snapshot as text."""
    return json.dumps(asdict(snapshot), default=datetime.isoformat)


def from_json(text: str) -> Snapshot:
    """The snapshot that the text was made of."""
    values = json.loads(text)
    times = {name: datetime.fromisoformat(values[name]) for name in _TIMES if values.get(name)}
    attended = tuple(Attended(**one) for one in values["attended"])
    return Snapshot(**{**values, **times, "attended": attended})
