"""The lock of a session on a shared tablet or a phone, and what opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.accounts.browsers import renew
from app.accounts.credentials import credentials_of, verify_own_secret
from app.accounts.session_times import lifetime
from app.accounts.sessions import LiveSession, LockedSession
from app.accounts.tables import CredentialKind, Session, SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import rows, write
from app.errors import Invalid
from app.i18n import gettext as _

NEVER = datetime.fromtimestamp(0, UTC)


async def keys_of(viewer: Viewer) -> list[CredentialKind]:
    """The secrets that open the viewer's locked session, the quickest first.

    On a phone that is the PIN; on a tablet too, once it has been used: one that nobody has typed may be on its way.
    """
    credentials = await credentials_of(viewer.user)
    pin = credentials.get(CredentialKind.PIN)
    by_pin = [CredentialKind.PIN] if pin and not pin.temporary and not pin.shown else []
    if viewer.on_phone:
        return by_pin or [CredentialKind.PIN]
    return [*by_pin, CredentialKind.PASSWORD]


async def lock(session: LiveSession) -> None:
    """Lock the session at once, as its user asks."""
    viewer = session.viewer
    async with write():
        await Session.update({Session.locked_at: now()}).where(
            Session.id == viewer.session, Session.ended_at.is_null()
        )
        await record("session.locked", actor=viewer.user, subject="user", subject_id=viewer.user)


async def unlock(locked: LockedSession, kind: CredentialKind, secret: str) -> bool:
    """Open it with that secret, under a new token.

    Raises Invalid when it is wrong; Forbidden, and ends the session, when it was wrong too often.
    """
    viewer = locked.viewer
    if kind not in await keys_of(viewer) or not await verify_own_secret(viewer, kind, secret):
        raise Invalid(
            _("This isn't your PIN.") if kind is CredentialKind.PIN else _("This isn't your password."),
            "secret",
        )
    # A PIN is the secret of a phone's session; on a tablet it opens the diary, but stands for no password.
    own = viewer.on_phone or kind is CredentialKind.PASSWORD
    await open_lock(locked, by=kind.value, own_secret=own)
    return True


async def open_lock(locked: LockedSession, *, by: str, own_secret: bool) -> None:
    """Open it: who the user is has been shown, ``by`` that. ``own_secret``: as well as a log-in would have.

    Otherwise the log-in before the lock no longer counts either: it may have been somebody else's who sat there.
    """
    viewer, at = locked.viewer, now()
    shown: dict[Any, Any] = {Session.authenticated_at: at if own_secret else NEVER}
    if not own_secret:
        shown[Session.administered_at] = None
    async with write():
        await renew(viewer.session, {Session.locked_at: None, Session.last_used_at: at, **shown})
        await record("session.unlocked", actor=viewer.user, subject="user", subject_id=viewer.user, kind=by)


async def share(session: LiveSession, clinic: ClinicSettings, *, shared: bool) -> None:
    """The browser's tablet is used by several people from now on, or by one person again; so is this session on it."""
    viewer = session.viewer
    async with write():
        [began] = await rows("SELECT created_at FROM login_session WHERE id = {}", viewer.session)
        expires_at = began["created_at"] + lifetime(SessionKind.DESKTOP, clinic, shared=shared)
        await Session.update({Session.shared: shared, Session.expires_at: expires_at}).where(
            Session.id == viewer.session
        )
        action = "tablet.shared" if shared else "tablet.not_shared"
        await record(action, actor=viewer.user, subject="user", subject_id=viewer.user)
