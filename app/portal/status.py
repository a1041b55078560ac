"""Putting the portal online and offline."""

from __future__ import annotations

from app.accounts.practitioner_sessions import log_practitioners_out
from app.accounts.viewer import Viewer
from app.accounts.waiting_logins import check_waiting_logins
from app.audit.record import record
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import write
from app.portal.forms import StatusForm


async def set_status(form: StatusForm, *, by: Viewer) -> None:
    """Do what was clicked."""
    if form.status is PortalStatus.ONLINE:
        await open_portal(by=by)
    else:
        await close_portal(by=by, log_everybody_out=form.log_everybody_out)


async def open_portal(*, by: Viewer | None) -> None:
    """Let practitioners and patients in; ``by`` is None for a command. Opening it twice changes nothing."""
    actor = by.user if by else None
    async with write():
        if await change_portal_status(PortalStatus.ONLINE, by=actor):
            await check_waiting_logins()
            await record("portal.opened", actor=actor, subject="portal")


async def close_portal(*, by: Viewer | None, log_everybody_out: bool = False) -> None:
    """Keep practitioners and patients out. Their sessions wait for the portal, unless everybody is logged out.

    Those who keep the desk work on, and stay logged in.
    """
    actor = by.user if by else None
    async with write():
        closed = await change_portal_status(PortalStatus.OFFLINE, by=actor)
        ended = await log_practitioners_out("portal_closed") if log_everybody_out else 0
        if closed or ended:
            await record("portal.closed", actor=actor, subject="portal", sessions_ended=ended)
