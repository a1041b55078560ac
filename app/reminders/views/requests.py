"""/diary/requests: patients who ask to cancel, for whoever keeps their diary."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import who_knows_names
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.pages.views.addresses import layout_for
from app.i18n import gettext as _
from app.reminders.requests import keep_appointment, open_requests
from app.web.pages import page, see_other
from app.web.request import Request

REQUESTS = "/diary/requests"


class RequestController(Controller):
    """What patients ask for, until somebody has dealt with it."""

    path = REQUESTS
    guards = [who_knows_names]

    @get()
    async def index(self, request: Request, viewer: Viewer) -> Response[Any]:
        """All that are open."""
        return page(
            request,
            "reminders/requests.html",
            section="requests",
            layout=layout_for(viewer),
            requests=await open_requests(by=viewer),
        )

    @post("/{request_id:int}/kept")
    async def keep(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, request_id: int
    ) -> Response[Any]:
        """The appointment stays."""
        await keep_appointment(request_id, clinic, by=viewer)
        return see_other(request, REQUESTS, notice=_("The appointment stays as it is."))
