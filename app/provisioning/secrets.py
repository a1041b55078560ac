"""Generated secrets on their way to their owners: the password by e-mail, the PIN by text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from app import settings
from app.accounts.credentials import store_credential
from app.accounts.hashing import HashedSecret, hash_secret
from app.accounts.phones.tickets import new_ticket
from app.accounts.secrets import new_password, new_pin
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.errors import Invalid
from app.messages.outbox import post
from app.messages.tables import Channel
from app.messages.transports import channel_available

CHANNEL_OF = {CredentialKind.PASSWORD: Channel.EMAIL, CredentialKind.PIN: Channel.TEXT}
LOGIN_OF = {CredentialKind.PASSWORD: "online_login", CredentialKind.PIN: "mobile_login"}


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A generated secret, hashed for the database and on its way to the owner."""

    kind: CredentialKind
    recipient: str
    secret: str = field(repr=False)
    hashed: HashedSecret = field(repr=False)


def require_channel(kind: CredentialKind, beside: str | None = None) -> None:
    """Raise Invalid, next to the field ``beside``, where this installation can't send that login's secret."""
    reason = channel_available(CHANNEL_OF[kind], settings.current()).reason
    if reason:
        raise Invalid(reason, beside)


async def new_secret(kind: CredentialKind, user: int, recipient: str, clinic: ClinicSettings) -> NewSecret:
    """Make a password or PIN, and hash it: outside transactions, for it takes a while."""
    secret = new_password() if kind is CredentialKind.PASSWORD else new_pin(clinic.pin_digits, recipient)
    return NewSecret(kind, recipient, secret, await hash_secret(kind, user, secret))


async def issue(
    user: StaffUser,
    secret: NewSecret,
    clinic: ClinicSettings,
    *,
    purpose: str,
    waits_for_portal: bool = True,
) -> None:
    """Store the hash and post the secret, in the caller's transaction; a PIN with a new ticket."""
    by_mail = secret.kind is CredentialKind.PASSWORD
    ticket = "" if by_mail else new_ticket()
    message = await post(
        purpose,
        CHANNEL_OF[secret.kind],
        secret.recipient,
        user.id,
        {"name": user.name, "password": secret.secret}
        if by_mail
        else {"pin": secret.secret, "ticket": ticket},
        expires_at=now() + timedelta(days=clinic.temporary_secret_days),
        waits_for_portal=waits_for_portal,
    )
    await store_credential(
        user.id, secret.kind, secret.hashed, temporary=True, message=message, ticket=ticket
    )
