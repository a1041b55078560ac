"""Finds the clinic, the session and its viewer for every request that isn't a static file."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from app.accounts.sessions import load_session, note_use
from app.audit.record import from_address
from app.clinic.clinic import load_clinic, renderer
from app.web.cookies import cookie_name
from app.web.request import context_of

SESSION_COOKIE = "session"


class ViewerMiddleware(AbstractAuthenticationMiddleware):
    """Puts the viewer into ``request.user``, the session into ``request.auth``, the clinic into the context."""

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """Who is looking; None for a stranger, which guards turn away where they must."""
        client = connection.scope["client"]
        from_address.set(client[0] if client else "")
        token = connection.cookies.get(cookie_name(SESSION_COOKIE))
        clinic, session = await load_session(token) if token else (await load_clinic(), None)
        context = context_of(connection.scope)
        context["clinic"] = clinic
        if clinic:
            context["when"] = renderer(clinic)
        if session and not _watches(connection):
            await note_use(session)
        context["session"] = session
        return AuthenticationResult(user=session.viewer if session else None, auth=session)


def _watches(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a page asks for itself rather than a person for a page: that keeps no session alive.

    Only a page's own re-fetch sends a tag; a browser has none to send, because it may keep no page.
    """
    return "if-none-match" in connection.headers or bool(connection.route_handler.opt.get("watches"))
