"""Finds the clinic, the session and its viewer for every request that isn't a static file."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import Message, Receive, Scope, Send

from app.accounts.browsers import Browser, enter, this_browser
from app.accounts.doorway import doorway
from app.accounts.sessions import NOTHING_MORE, LiveSession, LockedSession, load_session_and, note_use
from app.audit.record import from_address
from app.clinic.clinic import load_clinic, renderer
from app.clock import now
from app.messages.holds import held_channels
from app.web.cookies import cookie_name, new_cookie
from app.web.request import context_of

SESSION_COOKIE = "session"
SHARED_TABLET = "shared-tablet"
ADMIN_PAGES = "/admin/"
OFFER_COOKIE = "offer"  # what the log-in has left to ask; see app.accounts.admission.Offer


class ViewerMiddleware(AbstractAuthenticationMiddleware):
    """Puts the viewer into ``request.user``, the session into ``request.auth``, the clinic into the context.

    Whoever's session is locked is a stranger everywhere but at the lock, which finds it in the context.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its answer brings the session's token to the browser when that was renewed."""
        browser = Browser()
        enter(browser)

        async def send_with_token(message: Message) -> None:
            if browser.token and message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (b"set-cookie", _cookie(browser))]
            await send(message)

        await super().__call__(scope, receive, send_with_token)

    async def authenticate_request(
        self, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> AuthenticationResult:
        """Who is looking; None for a stranger, which guards turn away where they must."""
        client = connection.scope["client"]
        from_address.set(client[0] if client else "")
        this_browser().shared = cookie_name(SHARED_TABLET) in connection.cookies
        context = context_of(connection.scope)
        if token := connection.cookies.get(cookie_name(SESSION_COOKIE)):
            # A handler whose ``alongside`` option says what it will need has it read with the session.
            wanted = connection.route_handler.opt.get("alongside")
            more = wanted(connection) if wanted else NOTHING_MORE
            clinic, found, connection.scope["state"]["alongside"] = await load_session_and(more, token)
        else:
            async with doorway:
                clinic, found = await load_clinic(), None
        session = found if isinstance(found, LiveSession) else None
        context["clinic"] = clinic
        if clinic:
            context["when"] = renderer(clinic)
        if session and not watches(connection):
            session = await note_use(session, administering=connection.scope["path"].startswith(ADMIN_PAGES))
        context["session"] = session
        context["locked"] = found if isinstance(found, LockedSession) else None
        # Administrators learn of it on whatever page they open: its rail says so.
        context["held_channels"] = (
            await held_channels() if session and shows_admin(connection, session) else ()
        )
        context["offer"] = connection.cookies.get(cookie_name(OFFER_COOKIE)) if session else None
        return AuthenticationResult(user=session.viewer if session else None, auth=session)


def watches(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a page asks for itself rather than a person for a page: that keeps no session alive.

    Only a page's own re-fetch sends a tag; a browser has none to send, because it may keep no page.
    """
    return "if-none-match" in connection.headers or bool(connection.route_handler.opt.get("watches"))


def shows_admin(connection: ASGIConnection[Any, Any, Any, Any], session: LiveSession) -> bool:
    """Whether the answer may be a page that leads to the administrators' pages, rather than a part of one."""
    is_whole = connection.headers.get("hx-request-type") != "partial" and not watches(connection)
    return is_whole and session.viewer.administrator and not session.viewer.on_phone


def _cookie(browser: Browser) -> bytes:
    lasts = int((browser.expires_at - now()).total_seconds()) if browser.expires_at else 0
    return new_cookie(SESSION_COOKIE, browser.token, max_age=lasts).to_header(header="").encode()
