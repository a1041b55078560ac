"""Logging somebody out from elsewhere: from another device of their own, or as an administrator."""

from __future__ import annotations

from app.accounts.sessions import end_session, end_sessions_of
from app.accounts.tables import Session
from app.accounts.telling import tell_owner
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.tables import Channel


async def end_one(session: int, user: int, *, by: Viewer) -> None:
    """End that session of the user's. Raises NotFound; Conflict for the one that it is asked from."""
    if session == by.session:
        raise Conflict(_("This is the browser you are using. Use Log out instead."))
    async with write():
        if not await rows('SELECT id FROM login_session WHERE id = {} AND "user" = {}', session, user):
            raise NotFound(_("There is no such session."))
        if await end_session(session, _reason(user, by)):
            await _put_on_record(Changed.LOGGED_OUT, "session.ended", user, by=by, session=session)


async def end_all(user: int, *, by: Viewer) -> int:
    """End the user's sessions, all but the one that it is asked from; how many there were."""
    async with write():
        ended = await end_sessions_of(user, _reason(user, by), but=by.session)
        if ended:
            await _put_on_record(Changed.LOGGED_OUT, "session.ended", user, by=by, sessions=ended)
    return ended


async def forget_device(device: int, user: int, *, by: Viewer) -> None:
    """The browser is a stranger again, and logged out. Raises NotFound; Conflict for the one that it is asked from."""
    own = await rows("SELECT id FROM login_session WHERE id = {} AND device = {}", by.session, device)
    if own:
        raise Conflict(_("This is the browser you are using. Use Log out instead."))
    async with write():
        known = await rows('SELECT ended_at FROM device WHERE id = {} AND "user" = {}', device, user)
        if not known:
            raise NotFound(_("There is no such browser."))
        at = now()
        forgotten = await execute(
            "UPDATE device SET ended_at = {} WHERE id = {} AND ended_at IS NULL RETURNING id", at, device
        )
        await Session.update({Session.ended_at: at, Session.end_reason: _reason(user, by)}).where(
            Session.device == device, Session.ended_at.is_null()
        )
        if forgotten:
            await _put_on_record(Changed.FORGOTTEN, "device.forgotten", user, by=by, device=device)


def _reason(user: int, by: Viewer) -> str:
    return "ended elsewhere" if user == by.user else "ended by administrator"


async def _put_on_record(changed: Changed, action: str, user: int, *, by: Viewer, **details: int) -> None:
    """Record it, and write to the user: if it wasn't them, they should know."""
    action = action if user == by.user else f"{action}_by_admin"
    await record(action, actor=by.user, subject="user", subject_id=user, **details)
    await tell_owner(await load_user(user), changed, Channel.EMAIL)
