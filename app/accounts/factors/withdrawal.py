"""What ends with a phone's bindings, or a device that was somebody else's."""

from __future__ import annotations

from datetime import datetime

from app.accounts.factors.tables import Passkey
from app.accounts.tables import SessionKind


async def forget_passkeys_of_phones(user: int) -> None:
    """Passkeys that were added on a phone open nothing any more, in the caller's transaction.

    The PIN has gone to a wrong number, or the phone is lost: whoever has it must not come in again by fingerprint.
    """
    await Passkey.delete().where(Passkey.user == user, Passkey.kind == SessionKind.PHONE)


async def forget_passkeys_since(user: int, kind: SessionKind, since: datetime) -> None:
    """The same for those that were added since then on devices of that kind, one of which was somebody else's."""
    await Passkey.delete().where(Passkey.user == user, Passkey.kind == kind, Passkey.created_at >= since)
