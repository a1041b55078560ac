"""Undoing one's own last change, as long as nothing else has happened to the appointment since.

Changes that were made as one are undone as one: all of them or none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import now
from app.db import execute, rows, write
from app.db.faults import SlotTaken
from app.diary.changes.changes import UNDOABLE_FOR, load_all_for_change
from app.diary.changes.forms import UndoForm
from app.diary.changes.overwriting import Change, days_of, overwrite
from app.diary.changes.snapshots import Snapshot, from_json, overlapping
from app.diary.changes.untold import note
from app.diary.slots.against import read_against
from app.diary.slots.conflicts import Despite, TimeRefused, unless_taken
from app.diary.slots.slots import Wanted, next_free
from app.diary.times import typed_moment
from app.diary.versions import bump
from app.errors import Conflict
from app.i18n import gettext as _


class CannotUndo(Conflict):
    """It was undone already, or is too long ago, or something else was changed or booked since."""


async def undo(form: UndoForm, change: int, clinic: ClinicSettings, *, by: Viewer) -> Snapshot:
    """Put back what was before the change, or take out what was only just put in; what now is, or was taken out.

    Of several changes that were made as one it answers with the first. Raises CannotUndo; TimeRefused where the former
    time of a single one was given away, which may go to another time then; NotFound and Forbidden as every change does.
    """
    kept = await _kept(change, by)
    current = await load_all_for_change([one["appointment"] for one in kept], clinic, by=by)
    _require_unchanged(kept, current, clinic)
    before = [from_json(one["before"]) if one["before"] else None for one in kept]
    if len(before) == 1 and before[0] and form.slot:
        before = [_at(form.slot, before[0], clinic)]
    despite = form.despite if len(before) == 1 else Despite.NOTHING

    async def attempt(forced: bool) -> None:
        await overwrite(_way_back(current, before, forced=forced), "appointment.undone", clinic, by=by)

    try:
        async with write():
            gone = await execute(
                "DELETE FROM diary_change WHERE id = {} OR batch = {} RETURNING id", change, change
            )
            if len(gone) != len(kept):
                raise CannotUndo(_("This has been undone already."))
            for stored, was in zip(current, before, strict=True):
                if was is None:
                    await _take_out(stored, clinic, by=by)
            await unless_taken(attempt, despite)
    except SlotTaken:
        raise await _taken([was for was in before if was], clinic, by=by) from None
    return before[0] or current[0]


async def _kept(change: int, by: Viewer) -> list[dict[str, Any]]:
    found = await rows(
        """
        SELECT appointment, version, before FROM diary_change
        WHERE (id = {} OR batch = {}) AND actor = {} AND changed_at > {} ORDER BY id
        """,
        change,
        change,
        by.user,
        now() - UNDOABLE_FOR,
    )
    if not found:
        raise CannotUndo(_("This can't be undone any more."))
    return found


def _require_unchanged(
    kept: Sequence[dict[str, Any]], current: Sequence[Snapshot], clinic: ClinicSettings
) -> None:
    changed = [stored for one, stored in zip(kept, current, strict=True) if stored.version != one["version"]]
    if changed and len(kept) > 1:
        when = renderer(clinic)
        text = _("Something else has been changed since at {times}, so none of this can be undone any more.")
        raise CannotUndo(text.format(times=", ".join(when.time(stored.starts_at) for stored in changed)))
    if changed:
        raise CannotUndo(_("Something else has been changed since, so this can't be undone any more."))


def _at(slot: datetime, was: Snapshot, clinic: ClinicSettings) -> Snapshot:
    """The same at that time of the clinic's clock. Raises Invalid for one that doesn't exist."""
    starts_at = typed_moment(slot.date(), slot.time(), clinic.zone)
    return replace(was, starts_at=starts_at, ends_at=starts_at + (was.ends_at - was.starts_at))


def _way_back(
    current: Sequence[Snapshot], before: Sequence[Snapshot | None], *, forced: bool
) -> list[Change]:
    """What was double-booked among them is so again: nobody else's time is taken by that."""
    doubled = overlapping([was for was in before if was])
    return [
        (stored, replace(was, forced=forced or was.forced or was.id in doubled))
        for stored, was in zip(current, before, strict=True)
        if was
    ]


async def _taken(before: Sequence[Snapshot], clinic: ClinicSettings, *, by: Viewer) -> Conflict:
    """Of several, whose former time is somebody else's by now; of one, what is free instead."""
    wanted = [Wanted(was.practitioner, was.starts_at, was.ends_at, was.room, but=was.id) for was in before]
    if len(wanted) == 1:
        free = await next_free(wanted[0], clinic)
        return TimeRefused(_("Its former time has been taken meanwhile."), Despite.TAKEN, free)
    against = await read_against(wanted, clinic, by=by, leaving=[was.id for was in before], hours=False)
    when = renderer(clinic)
    times = ", ".join(when.time(one.starts_at) for one in wanted if against.problem(one))
    text = _(
        "What was at {times} can't go back there, so none of this can be undone: the time has been taken."
    )
    return CannotUndo(text.format(times=times))


async def _take_out(booked: Snapshot, clinic: ClinicSettings, *, by: Viewer) -> None:
    await execute("DELETE FROM attendance WHERE appointment = {}", booked.id)
    if not await execute(
        "DELETE FROM appointment WHERE id = {} AND version = {} RETURNING id", booked.id, booked.version
    ):
        raise CannotUndo(_("Something else has been changed since, so this can't be undone any more."))
    await bump(*days_of(booked, clinic))
    await note([(booked, None)], clinic, by=by)
    await record("appointment.undone", actor=by.user, subject="appointment", subject_id=booked.id)
