"""/m: the diary on phones."""

from __future__ import annotations

from litestar import Controller, get
from litestar.response import Template

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.diary.days import ShownDay
from app.diary.pages.diaries import agendas_for, days_ahead_for
from app.diary.pages.shown import View
from app.diary.pages.views.addresses import DAY_FOLLOWED, NO_SUCH_DAY
from app.diary.pages.views.following import FollowingMiddleware, followed
from app.web.pages import page
from app.web.request import Request


class PhoneDiaryController(Controller):
    """The diary on phones."""

    path = "/m"
    guards = [signed_in]
    middleware = [FollowingMiddleware]
    dependencies = DAY_FOLLOWED
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

    @get(["/today", "/day/{day_name:str}"], shows=View.AGENDA)
    async def show_day(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Template:
        """Who is in session, who is next, and the rest of today; or any other day's agenda."""
        following = followed(request)
        agendas = await agendas_for(viewer, day.date, clinic, following.preference)
        following = following.until(*(agenda.lapses_at for agenda in agendas))
        return page(
            request,
            "diary/pages/phone_day.html",
            headers=following.headers,
            section="today" if day.is_today else "next-days",
            day=day,
            following=following,
            agendas=agendas,
            read_at=now(),
        )
