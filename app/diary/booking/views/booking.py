"""/diary/book and /diary/block: new appointments, and time without patients."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from litestar import Controller, Response, get, post
from litestar.params import Parameter

from app.accounts.guards import who_knows_names
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.diary.booking.blocking import block_time
from app.diary.booking.booking import AlreadyBooked, book_from
from app.diary.booking.choices import choices_for, is_to_choose_from
from app.diary.booking.forms import BlockForm, BookingForm
from app.diary.booking.series import block_series, book_series
from app.diary.booking.views.choosing import patient_choices
from app.diary.changes.changes import load_for_change
from app.diary.changes.views import changed
from app.diary.days import YEARS, today_in
from app.diary.fields import LARGEST_ID
from app.diary.pages.views.addresses import layout_for
from app.diary.series.reviews import Undecided
from app.diary.series.views import review_page
from app.i18n import gettext as _
from app.web.forms import FormState, blank, read_form
from app.web.pages import page
from app.web.request import Request

QUARTER = 15
WEEK = timedelta(days=7)


class BookingController(Controller):
    """Putting something into the diary."""

    path = "/diary"
    guards = [who_knows_names]

    @get("/book")
    async def new_appointment(
        self,
        request: Request,
        viewer: Viewer,
        clinic: ClinicSettings,
        practitioner: str = "",
        at: str = "",
        after: Annotated[int, Parameter(ge=0, le=LARGEST_ID)] = 0,
    ) -> Response[Any]:
        """An empty form for that time; ``after`` an appointment, one for the same patient a week later."""
        values = await _next_of(after, viewer, clinic) if after else {}
        form = blank(BookingForm, **{**_asked_for(practitioner, at, clinic), **values, "key": new_token()})
        if after and not await is_to_choose_from(form.values["practitioner"], viewer, clinic):
            form.values = {**form.values, "practitioner": ""}
            form.errors["practitioner"] = _("Whom they saw treats nobody any more. Choose somebody else.")
        return await _booking_page(request, viewer, clinic, form)

    @post("/appointments")
    async def book(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Book it; or say what is in the way and what is free instead."""
        form = await read_form(request, BookingForm)
        if form.values.get("then") in ("find", "back"):
            return await _booking_page(request, viewer, clinic, blank(BookingForm, **form.values))
        book = book_series if form.data and form.data.repeats else book_from
        if done := await form.apply(book, clinic, by=viewer):
            return changed(request, viewer, done)
        if isinstance(form.refusal, Undecided):
            return review_page(request, viewer, clinic, form, form.refusal, "/diary/appointments")
        if isinstance(form.refusal, AlreadyBooked):
            form.values = {**form.values, "key": new_token()}  # booking this as well is something else
        return await _booking_page(request, viewer, clinic, form)

    @get("/block")
    async def new_block(
        self,
        request: Request,
        viewer: Viewer,
        clinic: ClinicSettings,
        practitioner: str = "",
        at: str = "",
        until: str = "",
    ) -> Response[Any]:
        """An empty form for time without patients: an hour of it, unless the link says until when."""
        asked = _asked_for(practitioner, at, clinic)
        an_hour = datetime.fromisoformat(f"{asked['day']}T{asked['time']}") + timedelta(hours=1)
        form = blank(BlockForm, **asked, until=until or f"{an_hour:%H:%M}", key=new_token())
        return await _block_page(request, viewer, clinic, form)

    @post("/blocks")
    async def block(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Block it; or say what is in the way."""
        form = await read_form(request, BlockForm)
        if form.values.get("then") == "back":
            return await _block_page(request, viewer, clinic, blank(BlockForm, **form.values))
        block = block_series if form.data and form.data.repeats else block_time
        if done := await form.apply(block, clinic, by=viewer):
            return changed(request, viewer, done)
        if isinstance(form.refusal, Undecided):
            return review_page(request, viewer, clinic, form, form.refusal, "/diary/blocks")
        return await _block_page(request, viewer, clinic, form)


def _asked_for(practitioner: str, at: str, clinic: ClinicSettings) -> dict[str, str]:
    """What a link says, as far as it makes sense; by default the next quarter of an hour."""
    try:
        wanted = datetime.fromisoformat(at).replace(tzinfo=None)
        if wanted.year not in YEARS:
            raise ValueError
    except ValueError:
        wanted = now().astimezone(clinic.zone).replace(tzinfo=None) + timedelta(minutes=QUARTER)
        wanted -= timedelta(minutes=wanted.minute % QUARTER)
    return {"practitioner": practitioner, "day": f"{wanted:%Y-%m-%d}", "time": f"{wanted:%H:%M}"}


async def _next_of(appointment: int, viewer: Viewer, clinic: ClinicSettings) -> dict[str, Any]:
    """*Book next*: the same patient, practitioner, type and place, a week later at the same time of the wall clock."""
    before = await load_for_change(appointment, clinic, by=viewer)
    local = before.starts_at.astimezone(clinic.zone)
    return {
        "practitioner": before.practitioner,
        "type": before.type,
        "day": f"{local.date() + WEEK}",
        "time": f"{local:%H:%M}",
        "patient": before.attended[0].patient if len(before.attended) == 1 else "",
        "location": before.location if before.room is None else None,
        "room": before.room,
    }


async def _booking_page(
    request: Request, viewer: Viewer, clinic: ClinicSettings, form: FormState[BookingForm]
) -> Response[Any]:
    return page(
        request,
        "diary/booking/booking.html",
        "diary/booking/_booking_form.html"
        if request.method == "POST"
        else "diary/booking/_booking_dialog.html",
        status=form.status,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        choices=await choices_for(viewer, clinic, today_in(clinic)),
        **await patient_choices(form, viewer, clinic),
    )


async def _block_page(
    request: Request, viewer: Viewer, clinic: ClinicSettings, form: FormState[BlockForm]
) -> Response[Any]:
    return page(
        request,
        "diary/booking/block.html",
        "diary/booking/_block_form.html" if request.method == "POST" else "diary/booking/_block_dialog.html",
        status=form.status,
        section="diary",
        stored=None,
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        choices=await choices_for(viewer, clinic, today_in(clinic)),
    )
