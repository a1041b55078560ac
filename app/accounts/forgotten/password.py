"""Choosing a new password by the e-mailed link. It doesn't log in: that is done with it, and with the second factor."""

from __future__ import annotations

from anyio import to_thread

from app.accounts.credentials import credentials_of, store_own, withdraw_login
from app.accounts.forgotten.links import LinkOver, owner_of_link, use_link
from app.accounts.hashing import hash_secret
from app.accounts.secrets import check_own_password
from app.accounts.tables import CredentialKind
from app.accounts.telling import tell_owner
from app.accounts.users import StaffUser
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Invalid
from app.messages.letters import Changed
from app.messages.tables import Channel

KIND = CredentialKind.PASSWORD


async def choose_forgotten_password(token: str, new: str, clinic: ClinicSettings) -> StaffUser:
    """Replace the password of the link's owner, who is returned, and told by e-mail and text.

    Their desktops are logged out and known no longer. Raises LinkOver, and Invalid next to ``new``.
    """
    user = await owner_of_link(token, KIND)
    try:
        # In a thread: it may think for a while, and others are not to wait.
        await to_thread.run_sync(check_own_password, new, user.name, user.email, clinic.name)
    except ValueError as fault:
        raise Invalid(str(fault), "new") from None
    hashed = await hash_secret(KIND, user.id, new)
    async with write():
        await use_link(token)
        before = (await credentials_of(user.id)).get(KIND)
        if before is None:
            raise LinkOver
        await store_own(before, hashed)
        # After the secret: a log-in with the old one that is under way either sees the new one, or is ended here.
        await withdraw_login(user.id, KIND, "password changed")
        await record("password.chosen_by_link", actor=user.id, subject="user", subject_id=user.id)
        await tell_owner(user, Changed.PASSWORD, Channel.EMAIL, Channel.TEXT)
    return user
