"""/admin/users/<id>/sessions: where a user is logged in, and ending that for them."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import administrators_only, just_authenticated
from app.accounts.session_ends import end_all, end_one, forget_device
from app.accounts.session_list import devices_of, sessions_of
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.i18n import gettext as _
from app.web.pages import page, see_other
from app.web.request import Request


class UserSessionController(Controller):
    """A user's sessions and browsers. An administrator's own are under Account."""

    path = "/admin/users/{user_id:int}"
    guards = [administrators_only]

    @get("/sessions")
    async def show(
        self, request: Request, viewer: Viewer, clinic: ClinicSettings, user_id: int
    ) -> Response[Any]:
        """The lists."""
        user = await load_user(user_id)
        if user.id == viewer.user:
            return see_other(request, "/account#sessions")
        return page(
            request,
            "accounts/user_sessions.html",
            section="users",
            user=user,
            base=f"/admin/users/{user_id}",
            sessions=await sessions_of(user_id, clinic),
            devices=await devices_of(user_id),
        )

    @post("/sessions/end", guards=[just_authenticated])
    async def end_all(self, request: Request, viewer: Viewer, user_id: int) -> Response[Any]:
        """Log them out everywhere."""
        await end_all(user_id, by=viewer)
        return see_other(request, _page(user_id), notice=_("Logged out everywhere."))

    @post("/sessions/{session:int}/end", guards=[just_authenticated])
    async def end(self, request: Request, viewer: Viewer, user_id: int, session: int) -> Response[Any]:
        """Log them out there."""
        await end_one(session, user_id, by=viewer)
        return see_other(request, _page(user_id), notice=_("Logged out there."))

    @post("/devices/{device:int}/end", guards=[just_authenticated])
    async def forget(self, request: Request, viewer: Viewer, user_id: int, device: int) -> Response[Any]:
        """Treat that browser as a stranger's from now on."""
        await forget_device(device, user_id, by=viewer)
        return see_other(request, _page(user_id), notice=_("That browser is forgotten."))


def _page(user: int) -> str:
    return f"/admin/users/{user}/sessions"
