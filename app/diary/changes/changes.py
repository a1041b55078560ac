"""Changing what is in the diary: by whom, on which days, and so that it can be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.permissions import may_see
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.db import execute, rows, write
from app.diary.changes.overwriting import Change, overwrite
from app.diary.changes.snapshots import Snapshot, as_json, load_snapshots
from app.diary.tables import DiaryChange
from app.errors import Forbidden, NotFound
from app.i18n import gettext as _

UNDOABLE_FOR = dt.timedelta(minutes=10)


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
    """The same for several, all or none; the number undoes them together."""
    (first, _), *others = changes
    async with write():
        await overwrite(changes, action, clinic, by=by, **details)
        batch = await remember(first.id, first.version + 1, as_json(first), by=by)
        for before, _after in others:
            await remember(before.id, before.version + 1, as_json(before), by=by, batch=batch)
    return batch


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
