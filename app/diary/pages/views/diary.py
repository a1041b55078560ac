"""/diary: the day, the week, the agenda and the month."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import ShownDay, today_in
from app.diary.pages.diaries import agendas_for, day_for, month_for, week_for
from app.diary.pages.heads import head_of
from app.diary.pages.shown import View
from app.diary.pages.views.addresses import DAY_FOLLOWED, NO_SUCH_DAY
from app.diary.pages.views.following import Following, FollowingMiddleware, followed
from app.web.pages import page, see_other
from app.web.request import Request


class DiaryController(Controller):
    """The diary on desktops and tablets."""

    path = "/diary"
    guards = [signed_in]
    middleware = [FollowingMiddleware]
    dependencies = DAY_FOLLOWED
    exception_handlers = NO_SUCH_DAY

    @get()
    async def enter(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Lead on to today."""
        return see_other(request, "/m/today" if viewer.on_phone else f"/diary/day/{today_in(clinic)}")

    @get([f"/{view}" for view in View])
    async def jump(
        self, request: Request, clinic: ClinicSettings, date: str = "", practitioner: int | None = None
    ) -> Response[Any]:
        """Lead on to the day that the date picker sends; to today without one."""
        of_whom = f"?practitioner={practitioner}" if practitioner else ""
        day = quote(date or str(today_in(clinic)), safe="")
        return see_other(request, f"{request.url.path}/{day}{of_whom}")

    @get("/day/{day_name:str}", shows=View.DAY)
    async def show_day(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Response[Any]:
        """A column for each practitioner."""
        following = followed(request)
        view = await day_for(viewer, day.date, clinic, following.preference)
        return _diary_page(request, day, following.until(view.lapses_at), view=view)

    @get("/week/{day_name:str}", shows=View.WEEK)
    async def show_week(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Response[Any]:
        """A column for each day of one practitioner's week."""
        following = followed(request)
        week = await week_for(viewer, day.date, following.shown.practitioner, clinic, following.preference)
        following = following.until(week.days.lapses_at if week.days else None)
        return _diary_page(request, day, following, week=week)

    @get("/agenda/{day_name:str}", shows=View.AGENDA)
    async def show_agenda(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Response[Any]:
        """A list for each practitioner."""
        following = followed(request)
        agendas = await agendas_for(viewer, day.date, clinic, following.preference)
        following = following.until(*(agenda.lapses_at for agenda in agendas))
        return _diary_page(request, day, following, agendas=agendas)

    @get("/month/{day_name:str}", shows=View.MONTH)
    async def show_month(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, day: ShownDay
    ) -> Response[Any]:
        """How full each day is."""
        following = followed(request)
        overview = await month_for(
            viewer, day.date, following.shown.practitioner, clinic, following.preference
        )
        return _diary_page(request, day, following, overview=overview)


def _diary_page(request: Request, day: ShownDay, following: Following, **view: Any) -> Response[Any]:
    """The view's page, or the part of it that turning swaps."""
    name = following.shown.view
    return page(
        request,
        f"diary/pages/{name}.html",
        f"diary/pages/_{name}_swap.html",
        headers=following.headers,
        section="diary",
        day=day,
        head=head_of(following.shown, day, request.context["when"]),
        following=following,
        **view,
    )
