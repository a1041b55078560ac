"""/presence: how long the page may still stand there, asked by the page itself; and that a person is typing into it."""

from __future__ import annotations

import json
from typing import Any

from litestar import Controller, Response, get, post

from app.accounts.guards import at_own_account
from app.accounts.sessions import LiveSession
from app.web.request import Request


class PresenceController(Controller):
    """What static/js/presence.js covers the page by."""

    path = "/presence"
    guards = [at_own_account]

    @get(opt={"watches": True})
    async def show(self, request: Request) -> Response[Any]:
        """The seconds that are left; a session that is over or locked is refused like anywhere."""
        return _seconds_left(request)

    @post()
    async def note(self, request: Request) -> Response[Any]:
        """Somebody is typing: a person's own request, as any other click is."""
        return _seconds_left(request)


def _seconds_left(request: Request) -> Response[Any]:
    session: LiveSession = request.auth
    left = {"presence": {"seconds": session.seconds_left}}
    return Response(None, status_code=204, headers={"hx-trigger": json.dumps(left)})
