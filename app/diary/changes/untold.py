"""What others have changed in somebody's diary, kept until its owner is told.

Of each such appointment there is what the owner last knew of it. Whether it is news is seen only when they are told, by
what is stored then: so what was undone meanwhile is none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.db import execute
from app.diary.changes.snapshots import Snapshot
from app.diary.statuses import FREEING
from app.diary.versions import days_touched


@dataclass(frozen=True, slots=True)
class Known:
    """What the owner of a diary goes by: when, what, where and who. How far it has come is not among it."""

    starts_at: datetime
    ends_at: datetime
    type: int | None
    location: int | None
    room: int | None
    patients: tuple[int, ...]

    def is_on(self, days: Sequence[date], clinic: ClinicSettings) -> bool:
        """Whether it takes time on one of these days."""
        return not set(days).isdisjoint(days_touched(self.starts_at, self.ends_at, clinic.zone))


# By the appointment's id; None where it took none of the owner's time.
Kept = dict[int, Known | None]


def known_of(snapshot: Snapshot | None, practitioner: int) -> Known | None:
    """What of it stands in that practitioner's diary; None where it takes none of their time."""
    if snapshot is None or snapshot.practitioner != practitioner or snapshot.status in FREEING:
        return None
    return Known(
        starts_at=snapshot.starts_at,
        ends_at=snapshot.ends_at,
        type=snapshot.type,
        location=snapshot.location,
        room=snapshot.room,
        patients=tuple(sorted(one.patient for one in snapshot.attended if one.status not in FREEING)),
    )


def days_told_of(clinic: ClinicSettings) -> tuple[date, date]:
    """Today and tomorrow, by the wall calendar: what changes later than that is seen in time anyway."""
    today = local_day(now(), clinic.zone)
    return today, today + timedelta(days=1)


async def note(
    changes: Sequence[tuple[Snapshot | None, Snapshot | None]], clinic: ClinicSettings, *, by: Viewer | None
) -> None:
    """Keep for the owners what was before, in the caller's transaction; None is where there was, or is, nothing.

    Who changes their own diary has seen what they change.
    """
    days, actor = days_told_of(clinic), by.user if by else None
    owners = {each.practitioner for change in changes for each in change if each}
    for owner in sorted(owners):  # in the same order for everybody: nobody waits in a circle
        before: Kept = {}
        for was, becomes in changes:
            knew, knows = known_of(was, owner), known_of(becomes, owner)
            soon = any(known.is_on(days, clinic) for known in (knew, knows) if known)
            changed = was or becomes
            if changed and (actor == owner or (soon and knew != knows)):
                before[changed.id] = knew
        await (_forget(owner, before) if actor == owner else _keep(owner, before))


async def note_new(
    practitioner: int,
    spans: Mapping[int, tuple[datetime, datetime]],
    clinic: ClinicSettings,
    *,
    by: Viewer,
) -> None:
    """The same for appointments that were only just put in: their ids, and from when to when they are."""
    if by.user == practitioner:
        return
    days = set(days_told_of(clinic))
    soon = [each for each, span in spans.items() if not days.isdisjoint(days_touched(*span, clinic.zone))]
    await _keep(practitioner, dict.fromkeys(soon))


async def _keep(owner: int, before: Kept) -> None:
    if not before:
        return
    found = await execute(
        """
        INSERT INTO untold_changes (practitioner, changed_at, known) VALUES ({}, {}, {})
        ON CONFLICT (practitioner) DO UPDATE SET changed_at = excluded.changed_at RETURNING known
        """,
        owner,
        now(),
        as_json({}),
    )
    # What they knew before the first of several changes is what they know.
    await _store(owner, before | from_json(found[0]["known"]))


async def _forget(owner: int, seen: Kept) -> None:
    # An UPDATE holds the row: what another transaction adds meanwhile isn't lost.
    found = await execute(
        "UPDATE untold_changes SET practitioner = practitioner WHERE practitioner = {} RETURNING known", owner
    )
    for row in found:
        kept = from_json(row["known"])
        await _store(owner, {each: known for each, known in kept.items() if each not in seen})


async def _store(owner: int, kept: Kept) -> None:
    await execute(
        "UPDATE untold_changes SET known = {} WHERE practitioner = {} RETURNING id", as_json(kept), owner
    )


def as_json(kept: Kept) -> str:
    """What is kept as text."""
    plain = {each: known and asdict(known) for each, known in kept.items()}
    return json.dumps(plain, default=datetime.isoformat)


def from_json(text: str) -> Kept:
    """What the text was made of."""
    return {int(each): _known(plain) if plain else None for each, plain in json.loads(text).items()}


def _known(plain: dict[str, Any]) -> Known:
    times = {name: datetime.fromisoformat(plain[name]) for name in ("starts_at", "ends_at")}
    return Known(**{**plain, **times, "patients": tuple(plain["patients"])})
