"""Changing when, where and what an appointment or block is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day
from app.db import rows, write
from app.diary.booking.choices import place_of
from app.diary.booking.forms import BlockForm, EditForm, MoveForm
from app.diary.changes.changes import Done, day_of, load_for_change, nothing_new, require_keeper, store
from app.diary.changes.snapshots import COLUMNS, Snapshot
from app.diary.slots.conflicts import Despite, refusals_told, require_working, unless_taken
from app.diary.slots.slots import Wanted
from app.diary.stale import Stale
from app.diary.times import typed_again, typed_end
from app.errors import Invalid
from app.i18n import gettext as _

# What is held against other appointments: a change of anything else leaves a double booking as it is.
TIME = ("practitioner", "starts_at", "ends_at")
HELD = (*TIME, "room")


async def change_appointment(form: EditForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Store the form. Raises Stale, TimeRefused, Invalid; NotFound and Forbidden as ``load_for_change``."""
    before = await load_for_change(appointment, clinic, by=by)
    after = await edited(form, before, clinic)
    return await _change(before, after, form.version, form.despite, clinic, by=by)


async def change_block(form: BlockForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """The same for time without patients."""
    before = await load_for_change(appointment, clinic, by=by)
    return await _change(
        before, edited_block(form, before, clinic), form.version, form.despite, clinic, by=by
    )


async def edited(form: EditForm, before: Snapshot, clinic: ClinicSettings) -> Snapshot:
    """The appointment as the form has it. Raises Invalid."""
    starts_at = form.starts_at(clinic.zone, before.starts_at)
    if form.type != before.type and not await rows(
        "SELECT id FROM appointment_type WHERE id = {} AND active AND capacity >= {}",
        form.type,
        len(before.attended),
    ):
        raise Invalid(_("Choose a type that has room for everybody who comes."), "type")
    location, room = await place_of(form.location, form.room, before)
    return replace(
        before,
        practitioner=form.practitioner,
        type=form.type,
        location=location,
        room=room,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=form.minutes),
        notes=form.notes,
    )


def edited_block(form: BlockForm, before: Snapshot, clinic: ClinicSettings) -> Snapshot:
    """The block as the form has it. Raises Invalid."""
    starts_at, ends_at = form.span(clinic.zone, (before.starts_at, before.ends_at))
    return replace(
        before,
        practitioner=form.practitioner,
        title=form.title,
        starts_at=starts_at,
        ends_at=ends_at,
        notes=form.notes,
    )


async def move(form: MoveForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Put it where a gesture dropped it; what the gesture doesn't say stays."""
    before = await load_for_change(appointment, clinic, by=by)
    starts_at = _dropped(form, before, clinic)
    after = replace(
        before,
        practitioner=form.practitioner or before.practitioner,
        starts_at=starts_at,
        ends_at=_stretched(form, starts_at, before, clinic),
    )
    return await _change(before, after, form.version, form.despite, clinic, by=by)


def _dropped(form: MoveForm, before: Snapshot, clinic: ClinicSettings) -> datetime:
    if form.starts is None:
        return before.starts_at
    return typed_again(form.starts.date(), form.starts.time(), before.starts_at, clinic.zone)


def _stretched(form: MoveForm, starts_at: datetime, before: Snapshot, clinic: ClinicSettings) -> datetime:
    if form.until is None:
        return starts_at + (before.ends_at - before.starts_at)
    ends_at = typed_end(local_day(starts_at, clinic.zone), form.until, clinic.zone, before.ends_at)
    if ends_at <= starts_at:
        raise Invalid(_("It must end after it starts."))
    return ends_at


async def _change(
    before: Snapshot, after: Snapshot, version: int, despite: Despite, clinic: ClinicSettings, *, by: Viewer
) -> Done:
    if not differ(before, after, COLUMNS):
        return await nothing_new(before, clinic, by=by)  # the form was sent twice, or nothing was typed
    if version != before.version:
        raise Stale
    require_keeper(after.practitioner, clinic, by=by)
    moved = differ(before, after, HELD)
    wanted = Wanted(after.practitioner, after.starts_at, after.ends_at, after.room, but=before.id)

    verb = "moved" if moved else "changed"

    async def attempt(forced: bool) -> int:
        put = replace(after, forced=forced) if moved else after
        details = {"forced": True} if moved and forced else {}
        return await store(before, put, f"appointment.{verb}", clinic, by=by, **details)

    async with refusals_told(wanted, clinic), write():
        change = await unless_taken(attempt, despite)
        if differ(before, after, TIME) and not after.is_block:
            await require_working(wanted, clinic, despite)
    return Done(before.id, day_of(after, clinic), _says(before, after, clinic), change)


def differ(before: Snapshot, after: Snapshot, columns: Iterable[str]) -> bool:
    """Whether any of these was changed."""
    return any(getattr(before, name) != getattr(after, name) for name in columns)


def _says(before: Snapshot, after: Snapshot, clinic: ClinicSettings) -> str:
    when = renderer(clinic)
    if day_of(before, clinic) != day_of(after, clinic):
        text = _("Moved to {day}, {time}.")
        return text.format(day=when.day_short(after.starts_at), time=when.time(after.starts_at))
    if before.starts_at != after.starts_at:
        return _("Moved to {time}.").format(time=when.time(after.starts_at))
    if before.practitioner != after.practitioner:
        return _("Moved to another diary.")
    if before.ends_at != after.ends_at:
        return _("It now ends at {time}.").format(time=when.time(after.ends_at))
    return _("The change is saved.")
