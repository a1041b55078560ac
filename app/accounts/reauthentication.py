"""Asking for the password again before something delicate, unless it was given a moment ago."""

from __future__ import annotations

from app.accounts.credentials import verify_password
from app.accounts.sessions import LiveSession, note_authentication
from app.errors import Invalid
from app.i18n import gettext as _


async def require_fresh_login(session: LiveSession, password: str, *, field: str = "password") -> None:
    """Raise Invalid next to ``field`` unless the session is fresh or this is its user's password."""
    if session.is_fresh:
        return
    if not password:
        raise Invalid(_("Please type your own password to confirm this."), field)
    if not await verify_password(session.viewer, password):
        raise Invalid(_("This isn't your password."), field)
    await note_authentication(session.viewer.session)
