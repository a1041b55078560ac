"""Putting what shall be in the place of what is stored: the one way in which the diary changes what is in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import execute, write
from app.diary.changes.snapshots import COLUMNS, Snapshot
from app.diary.changes.untold import note
from app.diary.hours.employed import stay_employed
from app.diary.hours.weeks import current_practitioner
from app.diary.stale import Stale
from app.diary.statuses import FREEING
from app.diary.tables import Status
from app.diary.versions import bump, days_touched

# What is stored, and what shall be in its place.
Change = tuple[Snapshot, Snapshot]


async def overwrite(
    changes: Sequence[Change],
    action: str,
    clinic: ClinicSettings,
    *,
    by: Viewer | None,
    **details: int | str | bool | None,
) -> None:
    """Write each ``after`` in place of its ``before``, all or none.

    What moves has left its time by then: a week that is put off by a day isn't in its own way. They are written in the
    order of the locks they take, so that two who need the same rooms never wait for each other's.
    ``by`` is None for a patient, who answers by a link.
    Raises Stale when something was stored since a ``before``, SlotTaken when its time was given away, and NotFound when
    whoever would have it has left.
    """
    async with write():
        if len(changes) > 1:
            for change in sorted(changes, key=lambda change: change[0].id):
                await _lift(*change)
        for before, after in sorted(changes, key=_locks):
            if _comes(before, after):
                await current_practitioner(after.practitioner)
            await _overwrite_row(before, after)
            if _comes(before, after):  # only now: rows are held before practitioners, by everybody
                await stay_employed(after.practitioner)
            await _store_attended(before, after)
            on_purpose = {"forced": True} if after.forced and not before.forced else {}
            told = {**details, **on_purpose}
            await record(
                action, actor=by.user if by else None, subject="appointment", subject_id=before.id, **told
            )
        await bump(*(day for change in changes for snapshot in change for day in days_of(snapshot, clinic)))
        await note(changes, clinic, by=by)


def days_of(snapshot: Snapshot, clinic: ClinicSettings) -> list[tuple[int, dt.date]]:
    """Whose days it touches."""
    days = days_touched(snapshot.starts_at, snapshot.ends_at, clinic.zone)
    return [(snapshot.practitioner, day) for day in days]


def _locks(change: Change) -> tuple[int, int]:
    _before, after = change
    return after.practitioner, after.room or 0


def _comes(before: Snapshot, after: Snapshot) -> bool:
    """Whether it takes a practitioner's time that it didn't take before."""
    if after.status in FREEING:
        return False
    return before.practitioner != after.practitioner or before.status in FREEING


async def _lift(before: Snapshot, after: Snapshot) -> None:
    """Hold the row, and free its time if it moves.

    In the order of ids: two changes of the same rows then never wait for each other's.
    """
    moves = (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at)
    await execute(
        "UPDATE appointment SET status = {} WHERE id = {} AND version = {}",
        Status.CANCELLED if moves else before.status,
        before.id,
        before.version,
    )


async def _overwrite_row(before: Snapshot, after: Snapshot) -> None:
    assignments = ", ".join(f"{name} = {{}}" for name in COLUMNS)
    changed = await execute(
        f"""
        UPDATE appointment SET {assignments}, version = version + 1
        WHERE id = {{}} AND version = {{}} RETURNING id
        """,
        *(getattr(after, name) for name in COLUMNS),
        before.id,
        before.version,
    )
    if not changed:
        raise Stale


async def _store_attended(before: Snapshot, after: Snapshot) -> None:
    was = {attended.patient: attended for attended in before.attended}
    now_attending = {attended.patient: attended for attended in after.attended}
    for patient in was.keys() - now_attending.keys():
        await execute("DELETE FROM attendance WHERE appointment = {} AND patient = {}", before.id, patient)
    for patient, attended in now_attending.items():
        if attended == was.get(patient):
            continue
        await execute(
            """
            INSERT INTO attendance (appointment, patient, status, reason, new_patient) VALUES ({}, {}, {}, {}, {})
            ON CONFLICT (appointment, patient) DO UPDATE SET status = excluded.status, reason = excluded.reason
            """,
            before.id,
            patient,
            attended.status,
            attended.reason,
            attended.new_patient,
        )
