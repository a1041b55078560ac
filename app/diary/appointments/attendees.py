"""Who comes to a class: one joins while there is room, one is taken off the list."""

from __future__ import annotations

from dataclasses import replace

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import rows, write
from app.diary.booking.forms import AttendeeForm, RemovalForm
from app.diary.changes.changes import Done, day_of, load_for_change, nothing_new, store
from app.diary.changes.snapshots import Attended, Snapshot
from app.diary.patients.newcomers import patient_of
from app.diary.stale import Stale
from app.diary.statuses import FREEING, status_of_class
from app.diary.tables import Status
from app.errors import Conflict, Invalid, NotFound
from app.i18n import gettext as _
from app.i18n import ngettext


async def add_attendee(form: AttendeeForm, appointment: int, clinic: ClinicSettings, *, by: Viewer) -> Done:
    """Let somebody join. Raises Conflict when the class is full, Stale, Invalid; NotFound and Forbidden."""
    before = await load_for_change(appointment, clinic, by=by)
    if form.patient in {attended.patient for attended in before.attended}:
        return await nothing_new(before, clinic, by=by)
    if form.version != before.version:
        raise Stale
    _require_room(before)
    async with write():
        patient = await patient_of(form, clinic, by=by)
        if patient is None:
            raise Invalid(_("Choose a patient, or fill in a new one."), "patient")
        known = await rows("SELECT id FROM attendance WHERE patient = {} LIMIT 1", patient)
        joined = Attended(patient, Status.BOOKED, "", new_patient=not known)
        after = _with(before, (*before.attended, joined))
        change = await store(before, after, "appointment.attendee_added", clinic, by=by, patient=patient)
    return Done(before.id, day_of(before, clinic), _("Added to the class."), change)


async def remove_attendee(
    form: RemovalForm, appointment: int, patient: int, clinic: ClinicSettings, *, by: Viewer
) -> Done:
    """Take somebody off the list, as if they had never been on it. Raises Stale; NotFound and Forbidden."""
    before = await load_for_change(appointment, clinic, by=by)
    if not before.is_class:
        raise NotFound(_("This isn't a class."))
    after = _with(before, tuple(one for one in before.attended if one.patient != patient))
    if after == before:
        return await nothing_new(before, clinic, by=by)
    if form.version != before.version:
        raise Stale
    change = await store(before, after, "appointment.attendee_removed", clinic, by=by, patient=patient)
    return Done(before.id, day_of(before, clinic), _("Taken off the list."), change)


def _require_room(before: Snapshot) -> None:
    if not before.is_class:
        raise NotFound(_("This isn't a class."))
    if before.status in FREEING:
        raise Conflict(_("This class is cancelled."))
    if sum(attended.status not in FREEING for attended in before.attended) >= before.capacity:
        text = ngettext(
            "This class is full: {n} patient.", "This class is full: {n} patients.", before.capacity
        )
        raise Conflict(text.format(n=before.capacity), "patient")


def _with(before: Snapshot, attended: tuple[Attended, ...]) -> Snapshot:
    freed = before.status in FREEING
    status = before.status if freed else status_of_class(one.status for one in attended)
    return replace(before, attended=attended, status=status)
