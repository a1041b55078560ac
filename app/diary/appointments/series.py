"""Changing or cancelling several of a series at once: this one and those that follow, or all that are still to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.db import rows, write
from app.db.faults import SlotTaken
from app.diary.appointments.editing import HELD, TIME, differ, edited, edited_block
from app.diary.appointments.progress import with_status
from app.diary.booking.forms import BlockForm, EditForm, StatusForm
from app.diary.changes.changes import (
    Done,
    day_of,
    load_all_for_change,
    load_for_change,
    nothing_new,
    require_keeper,
    store_all,
)
from app.diary.changes.overwriting import Change
from app.diary.changes.snapshots import COLUMNS, Snapshot
from app.diary.series.carrying import Carried, Carry
from app.diary.series.forms import Scope, Scoped
from app.diary.series.reaches import Reach, reach_of
from app.diary.series.recurrence import rule_of
from app.diary.series.reviews import Review, Reviewed, Undecided, review_of
from app.diary.stale import Stale
from app.diary.statuses import FREEING
from app.diary.tables import Series, Status
from app.errors import Invalid
from app.i18n import gettext as _
from app.i18n import ngettext


async def change_series(
    form: EditForm | BlockForm, appointment: int, clinic: ClinicSettings, *, by: Viewer
) -> Done:
    """Carry what the form changes over to all that its scope means.

    Raises Undecided while a time that one of them would get needs a decision; Stale when any of the series was changed
    since; Invalid; NotFound and Forbidden.
    """
    before = await load_for_change(appointment, clinic, by=by)
    after = (
        edited_block(form, before, clinic)
        if isinstance(form, BlockForm)
        else await edited(form, before, clinic)
    )
    if not differ(before, after, COLUMNS):
        return await nothing_new(before, clinic, by=by)
    reach = await _require_reach(form, before, by)
    require_keeper(after.practitioner, clinic, by=by)
    carry = Carry(before, after, clinic.zone)
    stored = await load_all_for_change(reach.of(form.scope), clinic, by=by)
    await _require_room_for_all(after, stored)
    carried = [carry.onto(other) for other in stored]
    review = await _review(carried, form, clinic, by)
    if review.open:
        raise Undecided(review)
    decided = {item.key: item for item in review.items}
    try:
        async with write():
            series = await _series_of(carry, reach, form, clinic, by=by)
            changes = [
                (one.before, replace(_decided(one, decided.get(str(one.before.id))), series=series))
                for one in carried
            ]
            change = await _store(changes, series, clinic, by=by)
    except SlotTaken:  # since it was looked at: look again
        raise Undecided(await _review(carried, form, clinic, by)) from None
    text = ngettext("{n} changed.", "{n} changed.", len(changes))
    return Done(before.id, day_of(after, clinic), text.format(n=len(changes)), change)


async def cancel_series(form: StatusForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Cancel all that the form's scope means, or one patient's places in these classes: late at most the one it was
    asked for, the others are in time.

    Raises Stale, Invalid; NotFound and Forbidden.
    """
    before = await load_for_change(appointment, clinic, by=by)
    if form.status not in FREEING:
        raise Invalid(_("Only what is cancelled can be so several times at once."))
    if with_status(before, form) == before:
        return await nothing_new(before, clinic, by=by)
    reach = await _require_reach(form, before, by, form.patient)
    in_time = form.model_copy(update={"status": Status.CANCELLED})
    changes = [
        (other, with_status(other, form if other.id == before.id else in_time))
        for other in await load_all_for_change(reach.of(form.scope), clinic, by=by)
    ]
    told: dict[str, int | str | None] = {"status": Status.CANCELLED.value, "series": before.series}
    whose = {"patient": form.patient} if form.patient else {}
    action = "series.place_cancelled" if form.patient else "series.cancelled"
    async with write():
        change = await store_all(changes, "appointment.status", clinic, by=by, **told, **whose)
        await record(
            action,
            actor=by.user,
            subject="series",
            subject_id=before.series or "",
            appointments=len(changes),
            **whose,
        )
    text = ngettext("{n} cancelled.", "{n} cancelled.", len(changes))
    return Done(before.id, day_of(before, clinic), text.format(n=len(changes)), change)


async def _require_reach(form: Scoped, before: Snapshot, by: Viewer, patient: int | None = None) -> Reach:
    reach = await reach_of(before, by=by, patient=patient)
    if reach is None or reach.seen != form.seen:
        raise Stale
    return reach


async def _require_room_for_all(after: Snapshot, stored: Sequence[Snapshot]) -> None:
    attending = max(len(other.attended) for other in stored)
    if after.type is not None and not await rows(
        "SELECT id FROM appointment_type WHERE id = {} AND capacity >= {}", after.type, attending
    ):
        raise Invalid(_("Choose a type that has room for everybody who comes."), "type")


async def _review(
    carried: Sequence[Carried], form: EditForm | BlockForm, clinic: ClinicSettings, by: Viewer
) -> Review:
    """Those that get another time or place, held against the diary without them."""
    moving = [one for one in carried if differ(one.before, one.after, HELD)]
    return await review_of(
        [one.planned for one in moving],
        form.decisions,
        clinic,
        by=by,
        leaving={one.before.id for one in moving},
        hours=any(differ(one.before, one.after, TIME) and not one.after.is_block for one in moving),
    )


def _decided(one: Carried, item: Reviewed | None) -> Snapshot:
    """What it becomes by what was decided: at another time, or left where it is."""
    if item is None:
        return one.after
    if item.chosen is None:
        return replace(one.after, **{name: getattr(one.before, name) for name in (*HELD, "location")})
    wanted = item.chosen.wanted
    return replace(one.after, starts_at=wanted.starts_at, ends_at=wanted.ends_at, forced=item.forced)


async def _series_of(
    carry: Carry, reach: Reach, form: Scoped, clinic: ClinicSettings, *, by: Viewer
) -> int | None:
    """The series of all that are changed: a new one when it parts from the earlier ones, or falls on other weekdays."""
    series = carry.before.series
    if not carry.days and not (reach.goes_back[form.scope] and form.scope is Scope.FOLLOWING):
        return series
    (found,) = await rows("SELECT first, rule FROM series WHERE id = {}", series)
    rule = rule_of(found["first"], found["rule"])
    day = local_day(reach.first_due[form.scope], clinic.zone)
    days = rule.days()
    # Unless the clinic has changed its zone, it is one of the rule's days itself.
    next_day = next((other for other in days if other >= day), days[0])
    if next_day != days[0]:
        _earlier, rule = rule.split(next_day)
    rule = rule.shifted(carry.days)
    made = await Series.insert(
        Series(first=rule.first, rule=rule.text(), created_by=by.user, created_at=now())
    )
    return int(made[0]["id"])


async def _store(changes: Sequence[Change], series: int | None, clinic: ClinicSettings, *, by: Viewer) -> int:
    # Whoever is double-booked on purpose comes last: whom they overlap isn't.
    ordered = sorted(changes, key=lambda change: change[1].forced)
    verb = "moved" if any(differ(*change, HELD) for change in changes) else "changed"
    change = await store_all(ordered, f"appointment.{verb}", clinic, by=by, series=series)
    await record(
        "series.changed",
        actor=by.user,
        subject="series",
        subject_id=series or "",
        appointments=len(changes),
        forced=sum(after.forced and not before.forced for before, after in changes),
    )
    return change
