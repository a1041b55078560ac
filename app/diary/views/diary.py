"""/diary: the day, the agenda, and an appointment opened."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get
from litestar.response import Template

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.appointments import open_appointment
from app.diary.days import ShownDay
from app.diary.diaries import agendas_for, day_for, today_in
from app.diary.views.addresses import DAY_OF_ADDRESS, NO_SUCH_DAY, layout_for
from app.web.pages import page, see_other
from app.web.request import Request


class DiaryController(Controller):
    """The diary on desktops and tablets, and appointments anywhere."""

    path = "/diary"
    guards = [signed_in]
    dependencies = DAY_OF_ADDRESS
    exception_handlers = NO_SUCH_DAY

    @get()
    async def enter(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Lead on to today."""
        return see_other(request, "/m/today" if viewer.on_phone else f"/diary/day/{today_in(clinic)}")

    @get(["/day", "/agenda"])
    async def jump(self, request: Request, clinic: ClinicSettings, date: str = "") -> Response[Any]:
        """Lead on to the day that the date picker sends; to today without one."""
        return see_other(request, f"{request.url.path}/{quote(date or str(today_in(clinic)), safe='')}")

    @get("/day/{day_name:str}")
    async def show_day(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Template:
        """A column for each practitioner."""
        return page(
            request,
            "diary/day.html",
            "diary/_day_swap.html",
            section="diary",
            day=day,
            view=await day_for(viewer, day.date, clinic),
        )

    @get("/agenda/{day_name:str}")
    async def show_agenda(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Template:
        """A list for each practitioner."""
        return page(
            request,
            "diary/agenda.html",
            "diary/_agenda_swap.html",
            section="diary",
            day=day,
            agendas=await agendas_for(viewer, day.date, clinic),
        )

    @get("/appointments/{appointment:int}")
    async def show_appointment(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, appointment: int
    ) -> Template:
        """One appointment: a page of its own, or a dialog over the diary."""
        return page(
            request,
            "diary/appointment.html",
            "diary/_appointment_dialog.html",
            section="diary",
            layout=layout_for(viewer),
            appointment=await open_appointment(appointment, clinic, by=viewer),
        )
