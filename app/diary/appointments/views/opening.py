"""An appointment opened: a page of its own, or a dialog over the diary."""

from __future__ import annotations

from typing import Any

from litestar import Response

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.appointments.opened import open_appointment
from app.diary.booking.views.choosing import patient_choices
from app.diary.changes.changes import Done
from app.diary.changes.views import OPENED, OVER_THE_DIARY, notice_of
from app.diary.pages.views.addresses import layout_for
from app.diary.patients.patients import AlreadyThere
from app.web.forms import FormState
from app.web.pages import page, see_other
from app.web.request import Request


async def opened(
    request: Request,
    viewer: Viewer,
    clinic: ClinicSettings,
    appointment: int,
    form: FormState[Any],
    done: Done | None = None,
) -> Response[Any]:
    """It as it now is. ``form`` is what was sent about it, or the empty one by which a class is joined."""
    if done and not request.is_partial:
        return see_other(request, f"/diary/appointments/{appointment}", notice=notice_of(done))
    return page(
        request,
        "diary/appointments/appointment.html",
        "diary/appointments/_appointment_anew.html"
        if done
        else "diary/appointments/_appointment_dialog.html",
        status=form.status,
        headers=OVER_THE_DIARY if done else OPENED,
        section="diary",
        layout=layout_for(viewer),
        over_diary=request.is_partial,
        appointment=await open_appointment(appointment, clinic, by=viewer),
        refused="" if isinstance(form.refusal, AlreadyThere) else next(iter(form.errors.values()), ""),
        form=form,
        said=notice_of(done) if done else None,
        **await patient_choices(form, viewer, clinic),
    )
