"""The browser that the current request comes from: whether it is a shared tablet's, and its session's token.

A session gets another token whenever its secret is given: one that somebody else knew opens nothing any longer.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.tables import Session
from app.accounts.tokens import new_token, token_hash
from app.clock import now


@dataclass(slots=True)
class Browser:
    """``shared``: several people use it. ``token`` is its session's next one, once there is that, good until then."""

    shared: bool = False
    token: str = ""
    expires_at: datetime | None = None


# Set by the middleware once a request, so that no verb has to hand it on. Commands and the worker have none.
_current: ContextVar[Browser | None] = ContextVar("browser", default=None)


def enter(browser: Browser) -> None:
    """The request that is answered from here on is that browser's."""
    _current.set(browser)


def this_browser() -> Browser:
    """The current request's; a nameless one where there is no request."""
    return _current.get() or Browser()


async def note_authentication(session: int) -> None:
    """The session's secret has been given again: it is fresh, under another token."""
    await renew(session, {Session.authenticated_at: now()})


async def renew(session: int, changes: dict[Any, Any]) -> None:
    """Give the session another token, and make these ``changes``. One that has ended stays so."""
    token = new_token()
    renewed = (
        await Session.update({**changes, Session.token_hash: token_hash(token)})
        .where(Session.id == session, Session.ended_at.is_null())
        .returning(Session.expires_at)
    )
    if renewed:
        browser = this_browser()
        browser.token, browser.expires_at = token, renewed[0]["expires_at"]
