"""/diary/appointments/…/status and …/attendees: how it goes with an appointment, and who comes to a class."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import who_knows_names
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.diary.appointments.attendees import add_attendee, remove_attendee
from app.diary.appointments.progress import change_status
from app.diary.appointments.series import cancel_series
from app.diary.appointments.views.opening import opened
from app.diary.booking.forms import AttendeeForm, RemovalForm, StatusForm
from app.diary.changes.changes import load_for_change
from app.diary.changes.snapshots import Snapshot, names_of
from app.diary.changes.views import changed
from app.diary.pages.views.addresses import layout_for
from app.diary.series.forms import Scope
from app.diary.series.reaches import reach_of
from app.diary.statuses import ABSENT
from app.diary.tables import Status
from app.errors import NotFound
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page
from app.web.request import Request

SHORT_NOTICE = timedelta(hours=24)  # whoever cancels within it cancels late, unless somebody says otherwise


class StatusController(Controller):
    """Statuses of appointments and of a class's patients."""

    path = "/diary/appointments/{appointment:int}/status"
    guards = [who_knows_names]

    @get("/{status:str}")
    async def ask(
        self,
        request: Request,
        viewer: Viewer,
        clinic: ClinicSettings,
        appointment: int,
        status: str,
        patient: str = "",
    ) -> Response[Any]:
        """Ask for the reason first."""
        if status not in ABSENT:
            raise NotFound(_("There is no such page."))
        stored = await load_for_change(appointment, clinic, by=viewer)
        if status == Status.CANCELLED and now() > stored.starts_at - SHORT_NOTICE and not stored.is_block:
            status = Status.LATE_CANCELLED
        form = blank(StatusForm, status=status, patient=patient, version=stored.version)
        return await _question(request, viewer, stored, form)

    @post()
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """Give it the status."""
        form = await read_form(request, StatusForm)
        change = change_status if not form.data or form.data.scope is Scope.ONE else cancel_series
        done = await form.apply(change, appointment, clinic, by=viewer)
        if done and not (form.data and form.data.patient):
            return changed(request, viewer, done)
        if "reason" in form.errors:
            stored = await load_for_change(appointment, clinic, by=viewer)
            return await _question(request, viewer, stored, form)
        return await opened(request, viewer, clinic, appointment, form, done)


class AttendeeController(Controller):
    """Who comes to a class."""

    path = "/diary/appointments/{appointment:int}/attendees"
    guards = [who_knows_names]

    @post()
    async def add(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """Let somebody join."""
        form = await read_form(request, AttendeeForm)
        if form.values.get("then") == "find":
            return await opened(request, viewer, clinic, appointment, blank(AttendeeForm, **form.values))
        done = await form.apply(add_attendee, appointment, clinic, by=viewer)
        return await opened(request, viewer, clinic, appointment, form, done)

    @post("/{patient:int}/removal")
    async def remove(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int, patient: int
    ) -> Response[Any]:
        """Take somebody off the list."""
        form = await read_form(request, RemovalForm)
        done = await form.apply(remove_attendee, appointment, patient, clinic, by=viewer)
        return await opened(request, viewer, clinic, appointment, form, done)


async def _question(
    request: Request, viewer: Viewer, stored: Snapshot, form: FormState[StatusForm]
) -> Response[Any]:
    patient = str(form.values.get("patient") or "")
    whose = int(patient) if re.fullmatch(r"\d{1,9}", patient, re.ASCII) else None
    reach = await reach_of(stored, by=viewer, patient=whose)
    if reach and "seen" not in form.values:
        form.values = {**form.values, "seen": reach.seen}
    return page(
        request,
        "diary/appointments/cancel.html",
        f"diary/appointments/{'_cancel_form' if request.method == 'POST' else '_cancel_dialog'}.html",
        status=form.status,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        stored=stored,
        names=await names_of(stored),
        reach=reach,
    )
