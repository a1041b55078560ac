"""Taking somebody's factors away: when they are lost, or with the phone that holds them."""

from __future__ import annotations

from app.accounts.alerts import tell_owner
from app.accounts.factors.tables import Authenticator, Passkey, PendingLogIn, RecoveryCode
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.db import rows, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed


async def remove_factors(user: int, *, by: Viewer) -> bool:
    """The user logs in with the password alone from now on, is told by e-mail, and may set up new ones.

    Raises Conflict for oneself: one's own are removed one by one, under Account.
    """
    if user == by.user:
        raise Conflict(_("Remove your own under Account. If you have lost them, ask another administrator."))
    await _remove(user, actor=by.user, who=by.name)
    return True


async def remove_factors_of(email: str) -> None:
    """The same for the current user with that e-mail address, by command. Raises NotFound."""
    found = await rows("SELECT id FROM staff_user WHERE email = {} AND current", email.strip().lower())
    if not found:
        raise NotFound(_("No current user has that e-mail address."))
    await _remove(found[0]["id"], actor=None, who=_("Whoever runs the server"))


async def _remove(user: int, *, actor: int | None, who: str) -> None:
    async with write():
        for table in (Passkey, Authenticator, RecoveryCode, PendingLogIn):
            await table.delete().where(table.user == user)
        await record("factors.removed", actor=actor, subject="user", subject_id=user)
        await tell_owner(user, Changed.FACTORS_REMOVED, by=who)
