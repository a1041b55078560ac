"""Asking for the password again before something delicate, unless it was given a moment ago."""

from __future__ import annotations

from app.accounts.browsers import note_authentication
from app.accounts.credentials import credentials_of, verify_own_secret, verify_password
from app.accounts.forms import UserForm
from app.accounts.sessions import LiveSession
from app.accounts.tables import CredentialKind
from app.accounts.users import load_user
from app.errors import Invalid
from app.i18n import gettext as _


async def require_fresh_login(session: LiveSession, password: str, *, field: str = "password") -> None:
    """Raise Invalid next to ``field`` unless the session is fresh or this is the password; on a phone, the PIN."""
    if not session.is_fresh:
        await confirm(session, password, field=field)


async def confirm(session: LiveSession, password: str, *, field: str = "password") -> bool:
    """The user has given the secret again: the session is fresh, under another token. Raises Invalid otherwise."""
    if session.viewer.on_phone:
        await _require_pin(session, password, field)
    elif not password:
        raise Invalid(_("Please type your own password to confirm this."), field)
    elif not await verify_password(session.viewer, password):
        raise Invalid(_("This isn't your password."), field)
    await note_authentication(session.viewer.session)
    return True


async def _require_pin(session: LiveSession, pin: str, field: str) -> None:
    if not pin:
        raise Invalid(_("Please type your PIN to confirm this."), field)
    if not await verify_own_secret(session.viewer, CredentialKind.PIN, pin):
        raise Invalid(_("This isn't your PIN."), field)


async def require_leave_to_change(form: UserForm, user: int, *, by: LiveSession) -> None:
    """Raise Invalid unless ``by`` is fresh, where the record is to get what decides who gets in.

    That is another address, to which a link for a forgotten PIN goes, unless it is a login's, which isn't changed
    here; and an administrator's role.
    """
    before, logins = await load_user(user), await credentials_of(user)
    moves = (
        form.email != before.email and CredentialKind.PASSWORD not in logins,
        form.mobile != before.mobile and CredentialKind.PIN not in logins,
    )
    if any(moves) or (form.administrator and not before.administrator):
        await require_fresh_login(by, form.password)
