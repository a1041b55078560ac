"""/diary/late/…: the rest of a practitioner's day put off."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import who_knows_names
from app.accounts.tokens import new_token
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.changes.views import changed, day_page
from app.diary.days import today_in
from app.diary.pages.views.addresses import layout_for
from app.diary.periods import GRID
from app.diary.setbacks.delay_forms import LONGEST, SHORTEST, DelayForm
from app.diary.setbacks.delay_plans import plan_delay
from app.diary.setbacks.running_late import run_late
from app.web.forms import FormState, blank, read_form
from app.web.pages import page
from app.web.request import Request

AS_IT_COMES = DelayForm()


class LateController(Controller):
    """Running late."""

    path = "/diary/late/{practitioner:int}"
    guards = [who_knows_names]

    @get()
    async def ask(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """How late, and what a quarter of an hour would mean."""
        return await _plan_page(request, viewer, clinic, practitioner, blank(DelayForm))

    @post()
    async def put_off(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """Show what it would mean; with *Move them* do it."""
        form = await read_form(request, DelayForm)
        confirmed = form.values.get("then") == "move"
        if confirmed and (done := await form.apply(run_late, practitioner, clinic, by=viewer)):
            return changed(request, viewer, done)
        return await _plan_page(request, viewer, clinic, practitioner, form)


async def _plan_page(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    practitioner: int,
    form: FormState[DelayForm],
) -> Response[Any]:
    asked = form.data or AS_IT_COMES
    plan = await plan_delay(asked, practitioner, clinic, by=viewer)
    form.values = {**asked.model_dump(), "first": plan.first, "seal": plan.seal, "key": new_token()}
    return page(
        request,
        "diary/setbacks/late.html",
        "diary/setbacks/_late_form.html" if request.method == "POST" else "diary/setbacks/_late_dialog.html",
        status=form.status,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        form=form,
        plan=plan,
        minutes=[(minutes, str(minutes)) for minutes in range(SHORTEST, LONGEST + 1, GRID)],
        back=day_page(viewer, today_in(clinic)),
    )
