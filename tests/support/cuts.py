"""What cuts somebody off, and how an open page in some process hears of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict

import httpx

from app.accounts.credentials import withdraw_login
from app.accounts.employment import make_non_current
from app.accounts.forms import UserForm
from app.accounts.locking import lock
from app.accounts.session_ends import end_one
from app.accounts.sessions import LiveSession, load_session
from app.accounts.tables import CredentialKind
from app.accounts.users import change_user, load_user
from app.accounts.viewer import Viewer
from app.db import write
from app.portal.status import close_portal

STREAM = "/events?view=day&day=2026-11-23"


async def session_of(token: str) -> LiveSession:
    """The session with that token."""
    _, session = await load_session(token)
    assert isinstance(session, LiveSession)
    return session


async def _disable(token: str, by: Viewer) -> None:
    record = await load_user((await session_of(token)).viewer.user)
    form = UserForm.model_validate({**asdict(record), "enabled_for_online": False})
    await change_user(form, record.id, by=by)


async def _reissue(token: str, by: Viewer) -> None:
    async with write():
        await withdraw_login((await session_of(token)).viewer.user, CredentialKind.PASSWORD, "reissued")


async def _leave(token: str, by: Viewer) -> None:
    await make_non_current((await session_of(token)).viewer.user, by=by)


async def _end(token: str, by: Viewer) -> None:
    viewer = (await session_of(token)).viewer
    await end_one(viewer.session, viewer.user, by=by)


async def _lock(token: str, by: Viewer) -> None:
    await lock(await session_of(token))


async def _go_offline(token: str, by: Viewer) -> None:
    await close_portal(by=by)


# Each is done to the session with that token, by an administrator. The last one cuts every practitioner off.
CUTS: dict[str, Callable[[str, Viewer], Awaitable[None]]] = {
    "disabled": _disable,
    "reissued": _reissue,
    "made non-current": _leave,
    "ended from the list": _end,
    "locked": _lock,
    "portal offline": _go_offline,
}


@asynccontextmanager
async def listening(browser: httpx.AsyncClient) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """An open diary, which has heard its first tag; call it to wait until it hears that it is over."""
    async with browser.stream("GET", STREAM, timeout=60) as answer:
        lines = answer.aiter_lines()
        async for line in lines:
            if line.startswith("data: "):
                break

        async def over() -> None:
            async for line in lines:
                if line == "event: over":
                    return
            raise AssertionError("the stream broke off")

        yield over
