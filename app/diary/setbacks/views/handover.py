"""/diary/handover/…: the appointments of somebody who isn't there, until each is dealt with."""

from __future__ import annotations

import re
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import who_knows_names
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.appointments.progress import change_status
from app.diary.booking.forms import StatusForm
from app.diary.changes.changes import Done
from app.diary.changes.views import notice_of
from app.diary.days import day_named, today_in
from app.diary.pages.views.addresses import NO_SUCH_DAY, layout_for
from app.diary.setbacks.colleagues import colleagues_for, free_again
from app.diary.setbacks.occasions import Occasion, Why
from app.diary.setbacks.settle_forms import AbsentForm, CancelForm, ElsewhereForm, HandOverForm
from app.diary.setbacks.settle_items import Item
from app.diary.setbacks.settling import cancel_all, hand_over_all, note_absence, settle_elsewhere
from app.diary.setbacks.to_settle import ToSettle, to_settle
from app.i18n import gettext as _
from app.web.forms import FormState, read_form
from app.web.notices import Notice
from app.web.pages import page, see_other
from app.web.request import Request

NOTHING_TYPED: FormState[Any] = FormState({})


class HandoverController(Controller):
    """Off sick, on leave, leaving: what to do about each appointment."""

    path = "/diary/handover/{practitioner:int}"
    guards = [who_knows_names]
    exception_handlers = NO_SUCH_DAY

    @get()
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """The list; the first that is open, or the one that was opened, with what can be done."""
        occasion = _occasion(request, practitioner, clinic)
        return await _list_page(request, viewer, clinic, occasion, opened=_number(request, "open"))

    @post("/{appointment:int}/time")
    async def put_elsewhere(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int, appointment: int
    ) -> Response[Any]:
        """Another time, a colleague, or both."""
        form = await read_form(request, ElsewhereForm)
        done = await form.apply(settle_elsewhere, appointment, clinic, by=viewer)
        if form.data:  # a slot that was pressed, as the form for another time says it
            form.values = {**form.values, "day": f"{form.data.day}", "time": f"{form.data.time:%H:%M}"}
        return await _answer(request, viewer, clinic, practitioner, form, _said(done), appointment)

    @post("/{appointment:int}/status")
    async def cancel(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int, appointment: int
    ) -> Response[Any]:
        """Cancel it."""
        form = await read_form(request, StatusForm)
        done = await form.apply(change_status, appointment, clinic, by=viewer)
        return await _answer(request, viewer, clinic, practitioner, form, _said(done), appointment)

    @post("/colleague")
    async def hand_over_all(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """Everything that fits to one colleague."""
        form = await read_form(request, HandOverForm)
        occasion = _occasion(request, practitioner, clinic)
        done = await form.apply(hand_over_all, occasion, clinic, by=viewer)
        return await _answer(request, viewer, clinic, practitioner, form, _said(done))

    @post("/cancellation")
    async def cancel_all(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """Everything that is left."""
        form = await read_form(request, CancelForm)
        occasion = _occasion(request, practitioner, clinic)
        done = await form.apply(cancel_all, occasion, clinic, by=viewer)
        return await _answer(request, viewer, clinic, practitioner, form, _said(done))

    @post("/absence")
    async def note(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """Keep the days free of further bookings."""
        form = await read_form(request, AbsentForm)
        occasion = _occasion(request, practitioner, clinic)
        noted = await form.apply(note_absence, occasion, clinic, by=viewer)
        said = Notice(_("The days are noted.")) if noted else None
        return await _answer(request, viewer, clinic, practitioner, form, said)


def _occasion(request: Request, practitioner: int, clinic: ClinicSettings) -> Occasion:
    """As the address says it; today where it doesn't. Raises NoSuchDay."""
    asked, when, today = request.query_params, renderer(clinic), today_in(clinic)
    why = Why(asked["why"]) if asked.get("why") in list(Why) else Why.SICK
    first = day_named(asked["first"], when) if asked.get("first") else today
    last = day_named(asked["last"], when) if asked.get("last") else first
    return Occasion(practitioner, why, first, None if why is Why.LEAVING else max(first, last))


def _number(request: Request, name: str) -> int:
    asked = request.query_params.get(name, "")
    return int(asked) if re.fullmatch(r"\d{1,9}", asked, re.ASCII) else 0


def _among(request: Request) -> list[int]:
    asked = request.query_params.get("among", "")
    possible = re.fullmatch(r"\d{1,9}(\.\d{1,9}){0,199}", asked, re.ASCII)
    return [int(one) for one in asked.split(".")] if possible else []


def _said(done: Done | None) -> Notice | None:
    return notice_of(done) if done else None


async def _answer(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    practitioner: int,
    form: FormState[Any],
    said: Notice | None,
    appointment: int = 0,
) -> Response[Any]:
    """The list as it now is; with what was done, or why it wasn't."""
    occasion = _occasion(request, practitioner, clinic)
    if said is None:
        return await _list_page(request, viewer, clinic, occasion, form=form, opened=appointment)
    if not request.is_partial:
        settled = await to_settle(occasion, clinic, by=viewer, among=_among(request))
        return see_other(request, settled.address, notice=said)
    return await _list_page(request, viewer, clinic, occasion, said=said)


async def _list_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    occasion: Occasion,
    *,
    form: FormState[Any] = NOTHING_TYPED,
    opened: int = 0,
    said: Notice | None = None,
) -> Response[Any]:
    """``form`` is what was sent about the ``opened`` one; without one, about all that are left."""
    listed = await to_settle(occasion, clinic, by=viewer, among=_among(request))
    item = _opened(listed, opened)
    return page(
        request,
        "diary/setbacks/handover.html",
        "diary/setbacks/_handover_anew.html" if said else "diary/setbacks/_handover.html",
        status=form.status,
        headers={"hx-replace-url": listed.address},
        section="users" if occasion.why is Why.LEAVING else "diary",
        layout=layout_for(viewer),
        listed=listed,
        opened=item,
        colleagues=await colleagues_for(item.wanted, clinic, by=viewer) if item else [],
        free=await free_again(item.wanted, occasion, clinic) if item else (),
        form=form if opened and form.values else _as_it_stands(item, clinic),
        for_all=NOTHING_TYPED if opened else form,
        swapped=request.is_partial,
        said=said,
        key=new_token(),
    )


def _as_it_stands(item: Item | None, clinic: ClinicSettings) -> FormState[Any]:
    """What the form for another time begins with."""
    if item is None:
        return NOTHING_TYPED
    local = item.wanted.starts_at.astimezone(clinic.zone)
    return FormState({"day": f"{local:%Y-%m-%d}", "time": f"{local:%H:%M}"})


def _opened(listed: ToSettle, opened: int) -> Item | None:
    return next((item for item in listed.open if item.id == opened), next(iter(listed.open), None))
