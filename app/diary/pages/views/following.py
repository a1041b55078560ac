"""A page of the diary that follows what happens: it hears of a change, and fetches itself again with its tag."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp, Receive, Scope, Send

from app.accounts.sessions import Alongside, LiveSession
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import now
from app.diary.days import ShownDay, day_named, shown_day, today_in
from app.diary.pages.preferences import Preference
from app.diary.pages.shown import Shown, View
from app.diary.pages.tags import make_tag, versions_alongside, versions_in
from app.errors import NotFound, Refusal
from app.i18n import gettext as _
from app.web.pages import VARY
from app.web.request import Request, context_of

Connection = ASGIConnection[Any, Any, Any, Any]

_OF_ONE = (View.WEEK, View.MONTH)  # the others show everybody
_KEPT = "following"
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Following:
    """The view as it is now, whose it is and how they like it. ``address`` is where the page fetches itself again,
    ``setup`` the version of what all days are drawn with.

    A hold lapses without anybody changing anything. So a page says with its tag until when it holds: no appointment
    needs to be read to know that it is over.
    """

    viewer: Viewer
    clinic: ClinicSettings
    shown: Shown
    day: ShownDay
    address: str
    tag: str
    preference: Preference
    setup: int
    lapses_at: datetime | None = None

    def until(self, *lapses_at: datetime | None) -> Following:
        """The same for a page on which there may be holds, with when they lapse."""
        return replace(self, lapses_at=min(filter(None, lapses_at), default=None))

    @property
    def etag(self) -> str:
        """The page's own tag: the view's, with the second from which on the page is out of date, if there is one."""
        return self.tag if self.lapses_at is None else f"{self.tag}-{ceil(self.lapses_at.timestamp())}"

    @property
    def seconds_left(self) -> int | None:
        """After how many the page has to be fetched again."""
        return None if self.lapses_at is None else max(ceil((self.lapses_at - now()).total_seconds()), 0) + 1

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says of itself."""
        return {"etag": f'"{self.etag}"'}

    def is_known_by(self, etag: str) -> bool:
        """Whether a page with that one still shows all there is."""
        tag, _separator, lapses = etag.strip('"').partition("-")
        return tag == self.tag and (not lapses or (lapses.isdecimal() and now().timestamp() < int(lapses)))


class FollowingPage(HTTPRouteHandler):
    """A handler of such a page. Its guards are handed itself, not the copy that the framework makes for each of them at
    every request: that takes longer than all they do.
    """

    def __init__(self, path: str | Sequence[str], **options: Any) -> None:
        super().__init__(path, alongside=_versions_of, **options)

    async def authorize_connection(self, connection: Connection) -> None:
        """Ask the guards."""
        guards: Sequence[Any] = self.resolve_guards()
        for guard in guards:
            await guard(connection, self)


class FollowingMiddleware:
    """Makes the tag of the view that a handler's ``shows`` option names, of what was read with the session, before
    anything that the tag stands for: what changes meanwhile is fetched again.

    A page that shows all there is already has its 304 from here: to get the handler's parameters ready, and an answer
    from it, takes longer than all that the 304 needs.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass the request on with what was read."""
        if "shows" in scope["route_handler"].opt:
            connection = Connection(scope)
            try:
                following = await _follow(connection)
            except Refusal as refusal:
                scope["state"][_KEPT] = refusal
            else:
                etag = connection.headers.get("if-none-match", "")
                if following.is_known_by(etag):
                    await _answer_unchanged(etag, send)
                    return
                scope["state"][_KEPT] = following
        await self.app(scope, receive, send)


def followed(request: Request) -> Following:
    """What the middleware has read. Raises what kept it from that."""
    kept: Following | Refusal = request.scope["state"][_KEPT]
    if isinstance(kept, Refusal):
        raise kept
    return kept


async def _follow(connection: Connection) -> Following:
    handler = connection.route_handler
    await handler.authorize_connection(connection)
    session: LiveSession = connection.auth
    clinic: ClinicSettings = context_of(connection.scope)["clinic"]
    shown = _shown_at(connection, handler.opt["shows"], clinic)
    versions = versions_in(connection.scope["state"]["alongside"], session.viewer.user)
    return Following(
        session.viewer,
        clinic,
        shown,
        shown_day(shown.day, today_in(clinic), renderer(clinic)),
        f"{connection.scope['path']}{shown.query}",
        make_tag(shown, session, clinic, versions),
        versions.preference(session.viewer.user),
        versions.setup,
    )


def _versions_of(connection: Connection) -> Alongside:
    """What the view's tag is made from. The clinic's zone isn't known yet: today may be the day before or after."""
    try:
        named = date.fromisoformat(connection.path_params.get("day_name", ""))
    except ValueError:
        today = now().date()
        return versions_alongside(today - A_DAY, today + A_DAY)
    return versions_alongside(*Shown(connection.route_handler.opt["shows"], named).days)


def _shown_at(connection: Connection, view: View, clinic: ClinicSettings) -> Shown:
    """The view of the day in the address, or of today. Raises NoSuchDay and NotFound."""
    name = connection.path_params.get("day_name")
    day = day_named(name, renderer(clinic)) if name else today_in(clinic)
    whose = connection.query_params.get("practitioner") if view in _OF_ONE else None
    if whose and not re.fullmatch(r"\d{1,9}", whose, re.ASCII):
        raise NotFound(_("There is no such practitioner."))
    return Shown(view, day, int(whose) if whose else None)


async def _answer_unchanged(etag: str, send: Send) -> None:
    headers = {**VARY, "etag": etag}
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 304, "headers": encoded})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
