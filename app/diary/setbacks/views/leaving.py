"""/admin/users/<id>/leaving: somebody leaves, in whose diary nothing is left."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post

from app.accounts.guards import administrators_only
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.days import today_in
from app.diary.setbacks.leaving import let_go
from app.diary.setbacks.occasions import Occasion, Why
from app.i18n import gettext as _
from app.web.pages import see_other
from app.web.request import Request


class LeavingController(Controller):
    """Somebody leaves for good."""

    path = "/admin/users/{practitioner:int}/leaving"
    guards = [administrators_only]

    @post()
    async def let_go(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, practitioner: int
    ) -> Response[Any]:
        """Make them non-current."""
        await let_go(Occasion(practitioner, Why.LEAVING, today_in(clinic), None), clinic, by=viewer)
        return see_other(request, f"/admin/users/{practitioner}", notice=_("Now non-current."))
