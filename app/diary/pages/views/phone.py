"""/m: the diary on phones."""

from __future__ import annotations

from litestar import Controller, get
from litestar.response import Template

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.diary.pages.diaries import agendas_for, days_ahead_for
from app.diary.pages.shown import View
from app.diary.pages.views.addresses import NO_SUCH_DAY
from app.diary.pages.views.following import FollowingMiddleware, FollowingPage, followed
from app.web.pages import page
from app.web.request import Request


class PhoneDiaryController(Controller):
    """The diary on phones."""

    path = "/m"
    guards = [signed_in]
    middleware = [FollowingMiddleware]
    exception_handlers = NO_SUCH_DAY

    @get("/days")
    async def show_days(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Template:
        """What the coming days hold."""
        return page(
            request,
            "diary/pages/phone_days.html",
            section="next-days",
            days=await days_ahead_for(viewer, clinic),
        )

    @FollowingPage(["/today", "/day/{day_name:str}"], http_method="GET", shows=View.AGENDA)
    async def show_day(self, request: Request) -> Template:
        """Who is in session, who is next, and the rest of today; or any other day's agenda."""
        asked = followed(request)
        agendas = await agendas_for(
            asked.viewer, asked.shown.day, asked.clinic, asked.preference, asked.setup
        )
        asked = asked.until(*(agenda.lapses_at for agenda in agendas))
        return page(
            request,
            "diary/pages/phone_day.html",
            headers=asked.headers,
            section="today" if asked.day.is_today else "next-days",
            day=asked.day,
            following=asked,
            agendas=agendas,
            read_at=now(),
        )
