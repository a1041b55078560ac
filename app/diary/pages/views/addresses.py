"""What all pages of a day have in common: the day in their address, and what they answer when there is no such day."""

from __future__ import annotations

from typing import Any

from litestar.di import Provide
from litestar.response import Template

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import NoSuchDay, ShownDay, day_named, shown_day, today_in
from app.web.errors import error_page
from app.web.pages import page
from app.web.request import Request


async def day_of_address(day_name: str, clinic: ClinicSettings) -> ShownDay:
    """The day that the page's address names."""
    when = renderer(clinic)
    return shown_day(day_named(day_name, when), today_in(clinic), when)


def no_such_day(request: Request, refusal: NoSuchDay) -> Template:
    """What is wrong with the day, and the way to today's."""
    if request.is_partial:
        return error_page(request, refusal.status, refusal.message)
    return page(
        request,
        "diary/pages/no_such_day.html",
        status=refusal.status,
        section="diary",
        layout=layout_for(request.viewer),
        message=refusal.message,
    )


def layout_for(viewer: Viewer) -> str:
    """The frame of a page that phones open as well as desktops."""
    return "layouts/phone.html" if viewer.on_phone else "layouts/app.html"


DAY_OF_ADDRESS = {"day": Provide(day_of_address)}
# Typed loosely: the framework's type asks for its own Request, which at run time is always ours.
NO_SUCH_DAY: dict[int | type[Exception], Any] = {NoSuchDay: no_such_day}
