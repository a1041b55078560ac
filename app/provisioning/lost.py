"""A lost phone: its owner's mobile login is stopped at once, and nothing is texted until the number is confirmed."""

from __future__ import annotations

from app.accounts.credentials import credentials_of, withdraw_login
from app.accounts.stopping import nobodys_secret, stop_login
from app.accounts.tables import CredentialKind, StopReason
from app.accounts.telling import tell_owner
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.db import write
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.tables import Channel

PIN = CredentialKind.PIN


async def stop_lost_phone(user_id: int, *, by: Viewer) -> None:
    """The PIN is dead, all phones are logged out and unbound. Reissuing it is the next step. Raises NotFound."""
    user = await load_user(user_id)
    if PIN not in await credentials_of(user_id) or not user.current:
        raise NotFound(_("There is no such login."))
    nobodys = await nobodys_secret(PIN, user_id)
    async with write():
        await stop_login(user_id, PIN, nobodys, StopReason.LOST)
        # After the secret: a log-in that is under way either sees the new one, or is ended here.
        await withdraw_login(user_id, PIN, "phone lost")
        await record("mobile_login.lost", actor=by.user, subject="user", subject_id=user_id)
        await tell_owner(user, Changed.PHONE_LOST, Channel.EMAIL)
