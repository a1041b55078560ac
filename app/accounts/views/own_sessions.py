"""/account/sessions, /account/devices, /account/shared-tablet: where one is logged in, and ending that."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, post

from app.accounts.forms import SharedTabletForm
from app.accounts.guards import at_own_account
from app.accounts.locking import share
from app.accounts.session_ends import end_all, end_one, forget_device
from app.accounts.viewer import Viewer
from app.accounts.views.entering import shared_tablet_cookie
from app.clinic.clinic import ClinicSettings
from app.errors import Conflict
from app.i18n import gettext as _
from app.web.forms import read_form
from app.web.pages import see_other
from app.web.request import Request

HERE = "/account#sessions"


class OwnSessionController(Controller):
    """The viewer's own sessions and browsers."""

    path = "/account"
    guards = [at_own_account]

    @post("/sessions/end")
    async def end_others(self, request: Request, viewer: Viewer) -> Response[Any]:
        """Log out everywhere but here."""
        await end_all(viewer.user, by=viewer)
        return see_other(request, HERE, notice=_("You are logged out everywhere else."))

    @post("/sessions/{session:int}/end")
    async def end(self, request: Request, viewer: Viewer, session: int) -> Response[Any]:
        """Log out there."""
        await end_one(session, viewer.user, by=viewer)
        return see_other(request, HERE, notice=_("Logged out there."))

    @post("/devices/{device:int}/end")
    async def forget(self, request: Request, viewer: Viewer, device: int) -> Response[Any]:
        """Treat that browser as a stranger's from now on."""
        await forget_device(device, viewer.user, by=viewer)
        return see_other(request, HERE, notice=_("That browser is forgotten."))

    @post("/shared-tablet")
    async def mark(self, request: Request, viewer: Viewer, clinic: ClinicSettings) -> Response[Any]:
        """Mark this tablet as one that several people use, or as one person's again."""
        if viewer.on_phone:
            raise Conflict(_("A phone is one person’s: it asks for the PIN as it is."))
        form = await read_form(request, SharedTabletForm)
        shared = form.data is not None and form.data.shared
        await share(request.auth, clinic, shared=shared)
        said = (
            _("This tablet locks when nobody uses it.") if shared else _("This tablet is one person’s again.")
        )
        return see_other(request, "/account", notice=said, cookies=[shared_tablet_cookie(shared=shared)])
