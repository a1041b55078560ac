"""How it goes with an appointment: confirmed, arrived, in session, completed, or not at all. Each can be taken back.

An appointment with one patient has the patient's status. In a class everybody has their own, and the class's is made
of theirs (``status_of_class``). To cancel a class is to cancel everybody who hasn't fallen out of it; to take that back
brings back everybody who was cancelled with it.
"""

from __future__ import annotations

from dataclasses import replace

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.db import write
from app.diary.booking.forms import StatusForm
from app.diary.changes.changes import Done, day_of, load_for_change, nothing_new, store
from app.diary.changes.snapshots import Attended, Snapshot
from app.diary.slots.conflicts import refusals_told, unless_taken
from app.diary.slots.slots import Wanted
from app.diary.stale import Stale
from app.diary.statuses import ABSENT, FREEING, status_of_class, status_words
from app.diary.tables import Status
from app.diary.times import typed_moment
from app.errors import Invalid, NotFound
from app.i18n import gettext as _


async def change_status(form: StatusForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Give the appointment, or one of a class's patients, that status.

    Raises Stale; TimeRefused when a cancelled one is taken back and its time was given away; NotFound and Forbidden.
    """
    before = await load_for_change(appointment, clinic, by=by)
    after = with_status(before, form)
    if after == before:
        return await nothing_new(before, clinic, by=by)  # the button was pressed twice
    if form.version != before.version:
        raise Stale
    taken_back = before.status in FREEING and after.status not in FREEING
    if form.slot and taken_back:
        starts_at = typed_moment(form.slot.date(), form.slot.time(), clinic.zone)
        after = replace(after, starts_at=starts_at, ends_at=starts_at + (before.ends_at - before.starts_at))
    wanted = Wanted(after.practitioner, after.starts_at, after.ends_at, after.room, but=after.id)
    details = {"patient": form.patient} if form.patient else {}

    async def attempt(forced: bool) -> int:
        put = replace(after, forced=forced) if taken_back else after
        status = form.status.value
        return await store(before, put, "appointment.status", clinic, by=by, status=status, **details)

    async with refusals_told(wanted, clinic), write():
        change = await unless_taken(attempt, form.despite)
    return Done(before.id, day_of(after, clinic), _says(before, after, form, clinic), change)


def with_status(before: Snapshot, form: StatusForm) -> Snapshot:
    """It as the form would have it. Raises Invalid, NotFound."""
    if before.is_block and form.status not in (Status.BOOKED, Status.CANCELLED):
        raise Invalid(_("Only appointments with patients have this status."))
    if form.patient is not None:
        if form.patient not in {attended.patient for attended in before.attended}:
            raise NotFound(_("This patient doesn't come to this appointment."))
        attended = tuple(_given(one, form) if one.patient == form.patient else one for one in before.attended)
    else:
        attended = tuple(_given(one, form) if _concerns(one, before) else one for one in before.attended)
    status = form.status
    if before.is_class and form.patient is not None:
        status = (
            Status(before.status) if before.status in FREEING else status_of_class(a.status for a in attended)
        )
    return replace(before, status=status, attended=attended)


def _given(attended: Attended, form: StatusForm) -> Attended:
    return replace(attended, status=form.status, reason=form.reason if form.status in ABSENT else "")


def _concerns(attended: Attended, before: Snapshot) -> bool:
    """Whether a status for all is this patient's, too."""
    return (
        not before.is_class
        or attended.status not in ABSENT
        or (before.status in FREEING and attended.status == before.status)
    )


def _says(before: Snapshot, after: Snapshot, form: StatusForm, clinic: ClinicSettings) -> str:
    if before.starts_at != after.starts_at:
        when = renderer(clinic)
        text = _("It is booked again, for {day}, {time}.")
        return text.format(day=when.day_short(after.starts_at), time=when.time(after.starts_at))
    if before.is_block:
        return _("It is taken out of the diary.") if form.status in FREEING else _("It is back in the diary.")
    if form.status == Status.BOOKED and before.status in FREEING:
        return _("It is booked again.")
    return _("Now: {status}.").format(status=status_words()[form.status])
