"""Changing what is in the diary: by whom, on which days, and so that it can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.db import execute, rows, write
from app.diary.conflicts import Stale
from app.diary.snapshots import COLUMNS, Snapshot, as_json, load_snapshots
from app.diary.tables import DiaryChange, Status
from app.diary.versions import bump, days_touched
from app.errors import Forbidden, NotFound
from app.i18n import gettext as _

UNDOABLE_FOR = dt.timedelta(minutes=10)

# What is stored, and what shall be in its place.
Change = tuple[Snapshot, Snapshot]


@dataclass(frozen=True, slots=True)
class Done:
    """A change that was made: what to say of it, the day it is on now, and its number for Undo, if it has one."""

    appointment: int
    day: dt.date
    says: str
    change: int | None


def require_keeper(practitioner: int, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Raise NotFound for a diary that ``by`` can't see, Forbidden for a colleague's, which they may only read."""
    if not may_see(by, practitioner, clinic.colleague_access):
        raise NotFound(_("There is no such practitioner."))
    if not by.keeps(practitioner):
        raise Forbidden(_("Only its practitioner and the front desk can change this diary."))


async def load_for_change(appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Snapshot:
    """What is stored, for somebody who means to change it. Raises NotFound and Forbidden."""
    (stored,) = await load_all_for_change([appointment], clinic, by=by)
    return stored


async def load_all_for_change(
    appointments: Sequence[int], clinic: ClinicSettings, *, by: Viewer
) -> list[Snapshot]:
    """The same for several, in their order: all of them, or it raises."""
    stored = await load_snapshots(appointments)
    if len(stored) < len(appointments) or not all(
        may_see(by, each.practitioner, clinic.colleague_access) for each in stored
    ):
        raise NotFound(_("There is no such appointment."))
    for each in stored:
        require_keeper(each.practitioner, clinic, by=by)
    return stored


async def store(
    before: Snapshot,
    after: Snapshot,
    action: str,
    clinic: ClinicSettings,
    *,
    by: Viewer,
    **details: int | str | bool | None,
) -> int:
    """Write ``after`` in place of ``before``; the change's number, by which it can be undone. Raises as overwrite."""
    return await store_all([(before, after)], action, clinic, by=by, **details)


async def store_all(
    changes: Sequence[Change],
    action: str,
    clinic: ClinicSettings,
    *,
    by: Viewer,
    **details: int | str | bool | None,
) -> int:
    """The same for several, in this order, all or none; the number undoes them together."""
    (first, _), *others = changes
    async with write():
        await overwrite(changes, action, clinic, by=by, **details)
        batch = await remember(first.id, first.version + 1, as_json(first), by=by)
        for before, _after in others:
            await remember(before.id, before.version + 1, as_json(before), by=by, batch=batch)
    return batch


async def overwrite(
    changes: Sequence[Change],
    action: str,
    clinic: ClinicSettings,
    *,
    by: Viewer,
    **details: int | str | bool | None,
) -> None:
    """Write each ``after`` in place of its ``before``, in this order, all or none.

    What moves has left its time by then: a week that is put off by a day isn't in its own way.
    Raises Stale when something was stored since a ``before``, and SlotTaken when its time was given away.
    """
    async with write():
        if len(changes) > 1:
            for change in sorted(changes, key=lambda change: change[0].id):
                await _lift(*change)
        for before, after in changes:
            await _overwrite_row(before, after)
            await _store_attended(before, after)
            on_purpose = {"forced": True} if after.forced and not before.forced else {}
            told = {**details, **on_purpose}
            await record(action, actor=by.user, subject="appointment", subject_id=before.id, **told)
        await bump(*(day for change in changes for snapshot in change for day in days_of(snapshot, clinic)))


async def remember(
    appointment: int, version: int, before: str | None, *, by: Viewer, batch: int | None = None
) -> int:
    """Keep what was before the change, in the caller's transaction, and forget what can't be undone any more.

    ``batch`` is the number of the first of several changes that were made as one.
    """
    kept = await DiaryChange.insert(
        DiaryChange(
            appointment=appointment,
            actor=by.user,
            changed_at=now(),
            version=version,
            before=before,
            batch=batch,
        )
    )
    await execute("DELETE FROM diary_change WHERE changed_at < {}", now() - UNDOABLE_FOR)
    return int(kept[0]["id"])


async def nothing_new(stored: Snapshot, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """What to answer to a change that is stored already: whoever made it can still undo it."""
    kept = await rows(
        """
        SELECT coalesce(batch, id) AS id FROM diary_change
        WHERE appointment = {} AND version = {} AND actor = {} AND changed_at > {}
        """,
        stored.id,
        stored.version,
        by.user,
        now() - UNDOABLE_FOR,
    )
    return Done(stored.id, day_of(stored, clinic), _("It is saved."), kept[0]["id"] if kept else None)


def day_of(snapshot: Snapshot, clinic: ClinicSettings) -> dt.date:
    """The day of the wall calendar on which it begins."""
    return local_day(snapshot.starts_at, clinic.zone)


def days_of(snapshot: Snapshot, clinic: ClinicSettings) -> list[tuple[int, dt.date]]:
    """Whose days it touches."""
    days = days_touched(snapshot.starts_at, snapshot.ends_at, clinic.zone)
    return [(snapshot.practitioner, day) for day in days]


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
