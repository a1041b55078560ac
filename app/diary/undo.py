"""Undoing one's own last change, as long as nothing else has happened to the appointment since."""

from __future__ import annotations

from typing import Any

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.db.faults import SlotTaken
from app.diary.changes import UNDOABLE_FOR, days_of, load_for_change, overwrite
from app.diary.snapshots import Snapshot, from_json
from app.diary.versions import bump
from app.errors import Conflict
from app.i18n import gettext as _


class CannotUndo(Conflict):
    """It was undone already, or is too long ago, or something else was changed or booked since."""


async def undo(change: int, clinic: ClinicSettings, *, by: Viewer) -> Snapshot:
    """Put back what was before the change, or take out what was only just put in; what now is, or was taken out.

    Raises CannotUndo; NotFound and Forbidden as every change does.
    """
    kept = await _kept(change, by)
    current = await load_for_change(kept["appointment"], clinic, by=by)
    if current.version != kept["version"]:
        raise CannotUndo(_("Something else has been changed since, so this can't be undone any more."))
    try:
        async with write():
            if not await execute("DELETE FROM diary_change WHERE id = {} RETURNING id", change):
                raise CannotUndo(_("This has been undone already."))
            if kept["before"] is None:
                await _take_out(current, clinic, by=by)
                return current
            before = from_json(kept["before"])
            await overwrite(current, before, "appointment.undone", clinic, by=by)
            return before
    except SlotTaken:
        raise CannotUndo(_("Its former time has been taken meanwhile, so this can't be undone.")) from None


async def _kept(change: int, by: Viewer) -> dict[str, Any]:
    found = await rows(
        "SELECT appointment, version, before FROM diary_change WHERE id = {} AND actor = {} AND changed_at > {}",
        change,
        by.user,
        now() - UNDOABLE_FOR,
    )
    if not found:
        raise CannotUndo(_("This can't be undone any more."))
    return found[0]


async def _take_out(booked: Snapshot, clinic: ClinicSettings, *, by: Viewer) -> None:
    await execute("DELETE FROM attendance WHERE appointment = {}", booked.id)
    if not await execute(
        "DELETE FROM appointment WHERE id = {} AND version = {} RETURNING id", booked.id, booked.version
    ):
        raise CannotUndo(_("Something else has been changed since, so this can't be undone any more."))
    await bump(*days_of(booked, clinic))
    await record("appointment.undone", actor=by.user, subject="appointment", subject_id=booked.id)
