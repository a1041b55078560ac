"""/diary: the day, the week, the agenda and the month."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Controller, Response, get

from app.accounts.guards import signed_in
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import today_in
from app.diary.pages.diaries import agendas_for, day_for, month_for, week_for
from app.diary.pages.heads import head_of
from app.diary.pages.shown import View
from app.diary.pages.views.addresses import NO_SUCH_DAY
from app.diary.pages.views.following import Following, FollowingMiddleware, FollowingPage, followed
from app.web.pages import page, see_other
from app.web.request import Request


class DiaryController(Controller):
    """The diary on desktops and tablets."""

    path = "/diary"
    guards = [signed_in]
    middleware = [FollowingMiddleware]
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

    @FollowingPage("/day/{day_name:str}", http_method="GET", shows=View.DAY)
    async def show_day(self, request: Request) -> Response[Any]:
        """A column for each practitioner."""
        asked = followed(request)
        view = await day_for(asked.viewer, asked.shown.day, asked.clinic, asked.preference, asked.setup)
        return _diary_page(request, asked.until(view.lapses_at), view=view)

    @FollowingPage("/week/{day_name:str}", http_method="GET", shows=View.WEEK)
    async def show_week(self, request: Request) -> Response[Any]:
        """A column for each day of one practitioner's week."""
        asked = followed(request)
        week = await week_for(
            asked.viewer,
            asked.shown.day,
            asked.shown.practitioner,
            asked.clinic,
            asked.preference,
            asked.setup,
        )
        asked = asked.until(week.days.lapses_at if week.days else None)
        return _diary_page(request, asked, week=week)

    @FollowingPage("/agenda/{day_name:str}", http_method="GET", shows=View.AGENDA)
    async def show_agenda(self, request: Request) -> Response[Any]:
        """A list for each practitioner."""
        asked = followed(request)
        agendas = await agendas_for(
            asked.viewer, asked.shown.day, asked.clinic, asked.preference, asked.setup
        )
        asked = asked.until(*(agenda.lapses_at for agenda in agendas))
        return _diary_page(request, asked, agendas=agendas)

    @FollowingPage("/month/{day_name:str}", http_method="GET", shows=View.MONTH)
    async def show_month(self, request: Request) -> Response[Any]:
        """How full each day is."""
        asked = followed(request)
        overview = await month_for(
            asked.viewer,
            asked.shown.day,
            asked.shown.practitioner,
            asked.clinic,
            asked.preference,
            asked.setup,
        )
        return _diary_page(request, asked, overview=overview)


def _diary_page(request: Request, following: Following, **view: Any) -> Response[Any]:
    """The view's page, or the part of it that turning swaps."""
    name, day = following.shown.view, following.day
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
