"""How far a change of one appointment may reach into its series.

Only what is still to come is reached, and has neither begun nor fallen out: the past stays as it was.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from app.accounts.viewer import Viewer
from app.clock import now
from app.db import rows
from app.diary.changes.snapshots import Snapshot
from app.diary.series.forms import Scope
from app.diary.tables import Status

AHEAD = frozenset({Status.BOOKED, Status.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Reach:
    """The series' appointments that a change would concern, in order, by scope; ``seen`` stands for all as they are.

    ``goes_back`` is whether the series has any before them.
    """

    following: tuple[int, ...]
    all: tuple[int, ...]
    first_due: dict[Scope, datetime]
    goes_back: dict[Scope, bool]
    seen: str

    def of(self, scope: Scope) -> tuple[int, ...]:
        """Which ones that scope means, of the two that mean several."""
        return self.all if scope is Scope.ALL else self.following


async def reach_of(stored: Snapshot, *, by: Viewer, patient: int | None = None) -> Reach | None:
    """What a change of it can reach; None when that is nothing but itself.

    A change that is about one ``patient`` of a class reaches those to which they are still to come.
    """
    if stored.series is None or stored.due_at is None:
        return None
    found = await rows(
        """
        SELECT a.id, a.practitioner, a.due_at, a.starts_at, a.status, a.version, s.status AS theirs
        FROM appointment a LEFT JOIN attendance s ON s.appointment = a.id AND s.patient = {}
        WHERE a.series = {} ORDER BY a.due_at, a.id
        """,
        patient or 0,
        stored.series,
    )
    ahead = [
        row
        for row in found
        if row["status"] in AHEAD
        and row["starts_at"] > now()
        and by.keeps(row["practitioner"])
        and (patient is None or row["theirs"] in AHEAD)
    ]
    if len(ahead) < 2 or stored.id not in {row["id"] for row in ahead}:
        return None
    following = [row for row in ahead if row["due_at"] >= stored.due_at]
    first_due = {Scope.FOLLOWING: stored.due_at, Scope.ALL: ahead[0]["due_at"]}
    states = " ".join(f"{row['id']}.{row['version']}" for row in found)
    return Reach(
        tuple(row["id"] for row in following),
        tuple(row["id"] for row in ahead),
        first_due,
        {scope: found[0]["due_at"] < due_at for scope, due_at in first_due.items()},
        hashlib.sha256(states.encode()).hexdigest()[:16],
    )
