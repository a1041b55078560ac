"""/m: the diary on phones."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get
from litestar.response import Template

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import now
from app.diary.days import ShownDay, shown_day
from app.diary.diaries import agendas_for, days_ahead_for, today_in
from app.diary.shown import Shown, View
from app.diary.views.addresses import DAY_OF_ADDRESS, NO_SUCH_DAY
from app.diary.views.following import follow
from app.web.pages import page
from app.web.request import Request


class PhoneDiaryController(Controller):
    """The diary on phones."""

    path = "/m"
    guards = [signed_in]
    dependencies = DAY_OF_ADDRESS
    exception_handlers = NO_SUCH_DAY

    @get("/today")
    async def show_today(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Who is in session, who is next, and the rest of the day."""
        today = today_in(clinic)
        return await _phone_day(request, viewer, clinic, shown_day(today, today, renderer(clinic)))

    @get("/days")
    async def show_days(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Template:
        """What the coming days hold."""
        return page(
            request, "diary/phone_days.html", section="next-days", days=await days_ahead_for(viewer, clinic)
        )

    @get("/day/{day_name:str}")
    async def show_day(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Response[Any]:
        """Any day's agenda."""
        return await _phone_day(request, viewer, clinic, day)


async def _phone_day(
    request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
) -> Response[Any]:
    following = await follow(request, clinic, Shown(View.AGENDA, day.date), request.url.path)
    if following.is_known:
        return following.unchanged()
    return page(
        request,
        "diary/phone_day.html",
        headers=following.headers,
        section="today" if day.is_today else "next-days",
        day=day,
        following=following,
        agendas=await agendas_for(viewer, day.date, clinic, following.preference),
        read_at=now(),
    )
