"""Dealing with the appointments of somebody who isn't there: one by one, or all that are left as one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.db.faults import SlotTaken
from app.diary.appointments.editing import move
from app.diary.appointments.progress import with_status
from app.diary.booking.forms import MoveForm, StatusForm
from app.diary.changes.changes import Done, load_all_for_change, require_keeper, store_all
from app.diary.changes.snapshots import Snapshot
from app.diary.hours.absences import add_absence
from app.diary.hours.forms import AbsenceForm
from app.diary.hours.practitioners import practitioners_on
from app.diary.hours.weeks import current_practitioner
from app.diary.pages.people import chosen
from app.diary.pages.preferences import AS_IT_COMES
from app.diary.setbacks.occasions import Occasion
from app.diary.setbacks.settle_forms import AbsentForm, CancelForm, ElsewhereForm, HandOverForm
from app.diary.slots.slots import Wanted, next_free
from app.diary.stale import Stale
from app.diary.statuses import AWAITED
from app.diary.tables import Status
from app.errors import Conflict
from app.i18n import gettext as _
from app.i18n import ngettext


async def settle_elsewhere(
    form: ElsewhereForm, appointment: int, clinic: ClinicSettings, *, by: Viewer
) -> Done:
    """Move it to another time, to a colleague, or both. Raises as ``move``."""
    to = MoveForm(
        starts=datetime.combine(form.day, form.time),
        practitioner=form.practitioner,
        despite=form.despite,
        version=form.version,
    )
    return await move(to, appointment, clinic, by=by)


async def hand_over_all(
    form: HandOverForm, occasion: Occasion, clinic: ClinicSettings, *, by: Viewer
) -> Done:
    """Give the colleague all that fit into their free working time as they stand; the others stay.

    Raises Conflict when none does; Stale when the list isn't the one that was seen; NotFound, Forbidden.
    """
    require_keeper(form.practitioner, clinic, by=by)
    chosen(
        form.practitioner, await practitioners_on(occasion.first, by, clinic.colleague_access), AS_IT_COMES
    )
    try:
        async with write():
            stored = await _as_seen(form.seen, occasion, clinic, by=by)
            fitting = await _fitting(stored, form.practitioner, clinic)
            if not fitting:
                raise Conflict(_("None of them fits into that diary as it stands."), "practitioner")
            changes = [(one, replace(one, practitioner=form.practitioner)) for one in fitting]
            change = await store_all(changes, "appointment.handed_over", clinic, by=by)
    except SlotTaken:
        raise Stale from None
    says = ngettext("{n} handed over.", "{n} handed over.", len(fitting)).format(n=len(fitting))
    if left := len(stored) - len(fitting):
        says += " " + ngettext("{n} doesn't fit.", "{n} don't fit.", left).format(n=left)
    return Done(fitting[0].id, occasion.first, says, change)


async def cancel_all(form: CancelForm, occasion: Occasion, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Cancel all that are left. Raises Stale when the list isn't the one that was seen."""
    async with write():
        stored = await _as_seen(form.seen, occasion, clinic, by=by)
        changes = [
            (
                one,
                with_status(
                    one, StatusForm(status=Status.CANCELLED, reason=form.reason, version=one.version)
                ),
            )
            for one in stored
        ]
        status = Status.CANCELLED.value
        change = await store_all(changes, "appointment.status", clinic, by=by, status=status)
    says = ngettext("{n} cancelled.", "{n} cancelled.", len(stored)).format(n=len(stored))
    return Done(stored[0].id, occasion.first, says, change)


async def note_absence(form: AbsentForm, occasion: Occasion, clinic: ClinicSettings, *, by: Viewer) -> bool:
    """Have the diary know that nobody can be booked in these days. Raises NotFound and Forbidden."""
    require_keeper(occasion.practitioner, clinic, by=by)
    await current_practitioner(occasion.practitioner)
    absence = AbsenceForm(
        name=occasion.name, first_day=occasion.first, last_day=occasion.last, meant=True, key=form.key
    )
    await add_absence(absence, occasion.practitioner, clinic, by=by)
    return True


async def _as_seen(seen: str, occasion: Occasion, clinic: ClinicSettings, *, by: Viewer) -> list[Snapshot]:
    versions = {int(one): int(version) for one, version in (pair.split(".") for pair in seen.split())}
    stored = await load_all_for_change([*versions], clinic, by=by)
    for one in stored:
        meant = one.practitioner == occasion.practitioner and one.status in AWAITED and not one.is_block
        if not meant or one.version != versions[one.id]:
            raise Stale
    return stored


async def _fitting(stored: Sequence[Snapshot], practitioner: int, clinic: ClinicSettings) -> list[Snapshot]:
    """Those at whose time the colleague works and is free, none beside another."""
    fitting: list[Snapshot] = []
    for one in sorted(stored, key=lambda one: one.starts_at):
        if fitting and one.starts_at < max(other.ends_at for other in fitting):
            continue
        wanted = Wanted(practitioner, one.starts_at, one.ends_at, one.room, but=one.id)
        if (await next_free(wanted, clinic))[:1] == (one.starts_at,):
            fitting.append(one)
    return fitting
