"""/diary/appointments/…: an appointment or block edited, moved, and how it goes with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import who_knows_names
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.appointments.editing import change_appointment, change_block, move
from app.diary.appointments.opened import note_opened
from app.diary.appointments.series import change_series
from app.diary.appointments.views.comparing import show_both, typed_from
from app.diary.appointments.views.opening import opened
from app.diary.booking.choices import choices_for
from app.diary.booking.forms import AttendeeForm, BlockForm, EditForm, MoveForm
from app.diary.changes.changes import Done, load_for_change
from app.diary.changes.snapshots import Snapshot, names_of
from app.diary.changes.views import OPENED, changed
from app.diary.days import today_in
from app.diary.pages.views.addresses import layout_for
from app.diary.series.forms import Scope
from app.diary.series.reaches import reach_of
from app.diary.series.reviews import Undecided
from app.diary.series.views import review_page
from app.diary.stale import Stale
from app.web.forms import FormState, blank, read_form
from app.web.pages import page
from app.web.request import Request


class AppointmentController(Controller):
    """When, where and what something in the diary is."""

    path = "/diary/appointments/{appointment:int}"
    guards = [who_knows_names]

    @get()
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """All there is to know of it, and what can be done."""
        return await opened(request, viewer, clinic, appointment, blank(AttendeeForm))

    @get("/edit")
    async def edit(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """The form, filled in."""
        stored = await load_for_change(appointment, clinic, by=viewer)
        form = blank(EditForm, **typed_from(stored, clinic))
        return await _edit_page(request, viewer, clinic, stored, form)

    @post()
    async def change(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """Store the form; or say what is in the way, or that it was changed meanwhile."""
        stored = await load_for_change(appointment, clinic, by=viewer)
        form: FormState[Any]
        change_one: Callable[..., Awaitable[Done]]
        if stored.is_block:
            form, change_one = await read_form(request, BlockForm), change_block
        else:
            form, change_one = await read_form(request, EditForm), change_appointment
        if form.values.get("then") == "back":
            return await _edit_page(request, viewer, clinic, stored, blank(EditForm, **form.values))
        change = change_one if not form.data or form.data.scope is Scope.ONE else change_series
        if done := await form.apply(change, appointment, clinic, by=viewer):
            return changed(request, viewer, done)
        if isinstance(form.refusal, Undecided):
            action = f"/diary/appointments/{appointment}"
            return review_page(request, viewer, clinic, form, form.refusal, action, moving=True)
        return await _edit_page(request, viewer, clinic, stored, form)

    @post("/time")
    async def move(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Response[Any]:
        """Where a gesture dropped it. What is refused opens the form with the time that was wanted."""
        form = await read_form(request, MoveForm)
        if done := await form.apply(move, appointment, clinic, by=viewer):
            return changed(request, viewer, done)
        stored = await load_for_change(appointment, clinic, by=viewer)
        edit = FormState[Any](
            {**typed_from(stored, clinic), **_wanted(form, stored, clinic)},
            None,
            form.errors,
            form.status,
            form.refusal,
        )
        return await _edit_page(request, viewer, clinic, stored, edit, opens=True)


def _wanted(form: FormState[MoveForm], stored: Snapshot, clinic: ClinicSettings) -> dict[str, Any]:
    """What a gesture said, as the fields of both forms say it: an appointment's minutes, and a block's end."""
    if form.data is None:
        return {}
    starts = form.data.starts or stored.starts_at.astimezone(clinic.zone).replace(tzinfo=None)
    ends = starts + timedelta(minutes=stored.minutes)
    if form.data.until is not None:
        ends = datetime.combine(starts.date(), form.data.until)
    return {
        "day": f"{starts:%Y-%m-%d}",
        "time": f"{starts:%H:%M}",
        "minutes": (ends - starts) % timedelta(days=1) // timedelta(minutes=1),
        "until": f"{ends:%H:%M}",
        "practitioner": form.data.practitioner or stored.practitioner,
    }


async def _edit_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    stored: Snapshot,
    form: FormState[Any],
    *,
    opens: bool = False,
) -> Response[Any]:
    await note_opened(stored.id, by=viewer)
    choices = await choices_for(viewer, clinic, today_in(clinic), stored)
    reach = await reach_of(stored, by=viewer)
    if isinstance(form.refusal, Stale):
        show_both(form, stored, clinic, choices.names)
    if reach and (isinstance(form.refusal, Stale) or "seen" not in form.values):
        form.values = {**form.values, "seen": reach.seen}
    return page(
        request,
        "diary/appointments/edit.html",
        f"diary/appointments/{'_edit_form' if request.method == 'POST' and not opens else '_edit_dialog'}.html",
        status=form.status,
        headers=OPENED if opens else None,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        stored=stored,
        names=await names_of(stored),
        choices=choices,
        reach=reach,
    )
