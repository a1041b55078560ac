"""/diary/plans/…: what can be done when a practitioner's day doesn't go as planned."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get

from app.accounts.guards import who_knows_names
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.changes.changes import require_keeper
from app.diary.days import ShownDay
from app.diary.hours.practitioners import practitioners_on
from app.diary.pages.people import chosen
from app.diary.pages.preferences import AS_IT_COMES
from app.diary.pages.views.addresses import DAY_OF_ADDRESS, NO_SUCH_DAY, layout_for
from app.web.pages import page
from app.web.request import Request


class PlanController(Controller):
    """Where running late and being off sick begin."""

    path = "/diary/plans"
    guards = [who_knows_names]
    dependencies = DAY_OF_ADDRESS
    exception_handlers = NO_SUCH_DAY

    @get("/{practitioner:int}/{day_name:str}")
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int, day: ShownDay
    ) -> Response[Any]:
        """The ways there are."""
        require_keeper(practitioner, clinic, by=viewer)
        people = await practitioners_on(day.date, viewer, clinic.colleague_access)
        return page(
            request,
            "diary/setbacks/plans.html",
            "diary/setbacks/_plans_dialog.html",
            section="diary",
            layout=layout_for(viewer),
            over_diary=request.is_partial,
            day=day,
            person=chosen(practitioner, people, AS_IT_COMES),
        )
