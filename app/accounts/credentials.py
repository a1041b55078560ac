"""Credentials: issuing a temporary secret, withdrawing a login, checking a secret again."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.devices import forget_devices_of, forgive_guesses_of_session, spend_guess_of_session
from app.accounts.factors.withdrawal import forget_passkeys_of_phones
from app.accounts.forgotten.voiding import void_links
from app.accounts.hashing import HashedSecret, verify_secret
from app.accounts.sessions import end_session, end_sessions_of
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.tokens import token_hash
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict, Forbidden
from app.i18n import gettext as _
from app.messages.outbox import supersede


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A credential as it stands, without its secret."""

    id: int
    kind: CredentialKind
    temporary: bool
    used: bool
    shown: bool
    message: int | None
    stopped: bool
    hashed: HashedSecret


async def credentials_of(user: int) -> dict[CredentialKind, StoredCredential]:
    """The user's credentials by kind."""
    found = await rows(
        """
        SELECT id, kind, temporary, first_used_at, shown, message, stopped_at, secret_hash, pepper
        FROM credential WHERE "user" = {}
        """,
        user,
    )
    return {
        CredentialKind(row["kind"]): StoredCredential(
            id=row["id"],
            kind=CredentialKind(row["kind"]),
            temporary=bool(row["temporary"]),
            used=row["first_used_at"] is not None,
            shown=bool(row["shown"]),
            message=row["message"],
            stopped=row["stopped_at"] is not None,
            hashed=HashedSecret(row["secret_hash"], row["pepper"]),
        )
        for row in found
    }


async def store_credential(
    user: int,
    kind: CredentialKind,
    hashed: HashedSecret,
    *,
    temporary: bool,
    message: int | None,
    shown: bool = False,
    ticket: str = "",
) -> None:
    """Put the new secret in the old one's place, in the caller's transaction. ``shown``: an administrator sees it.

    ``ticket`` travels with a PIN, and takes the place of the last one.
    """
    await execute(
        """
        INSERT INTO credential
            ("user", kind, secret_hash, pepper, temporary, issued_at, message, first_used_at, failures, shown,
             ticket_hash)
        VALUES ({}, {}, {}, {}, {}, {}, {}, NULL, 0, {}, {})
        ON CONFLICT ("user", kind) DO UPDATE SET
            secret_hash = excluded.secret_hash, pepper = excluded.pepper, temporary = excluded.temporary,
            issued_at = excluded.issued_at, message = excluded.message, first_used_at = NULL, failures = 0,
            shown = excluded.shown, ticket_hash = excluded.ticket_hash, ticket_failures = 0, stopped_at = NULL
        """,
        user,
        kind.value,
        hashed.secret_hash,
        hashed.pepper,
        temporary,
        now(),
        message,
        shown,
        token_hash(ticket) if ticket else "",
    )


async def store_own(before: StoredCredential, hashed: HashedSecret) -> None:
    """Put the owner's own choice in the place of that secret, in the caller's transaction; a message with it is void.

    It counts as used: that a new PIN's first phone needs no code is for one that only its owner was sent.
    Raises Conflict where the secret was replaced since it was read.
    """
    replaced = await execute(
        """
        UPDATE credential SET secret_hash = {}, pepper = {}, temporary = {}, message = NULL, failures = 0, shown = {},
               first_used_at = coalesce(first_used_at, {}), ticket_hash = '', stopped_at = NULL
        WHERE id = {} AND secret_hash = {} RETURNING id
        """,
        hashed.secret_hash,
        hashed.pepper,
        False,
        False,
        now(),
        before.id,
        before.hashed.secret_hash,
    )
    if not replaced:
        raise Conflict(_("It has just been changed elsewhere. Please log in again."))
    await supersede([before.message] if before.message else [])


async def claim_replacement(before: StoredCredential) -> bool:
    """Of several who replace the same secret one goes on, in the caller's transaction."""
    claimed = await execute(
        "UPDATE credential SET failures = 0 WHERE id = {} AND secret_hash = {} RETURNING id",
        before.id,
        before.hashed.secret_hash,
    )
    return bool(claimed)


async def withdraw_logins(user: int, reason: str) -> None:
    """End the user's sessions, devices and links, in the caller's transaction: the logins no longer open."""
    await end_sessions_of(user, reason)
    await forget_devices_of(user)
    await forget_passkeys_of_phones(user)
    await void_links(user=user)


async def withdraw_login(user: int, kind: CredentialKind, reason: str) -> None:
    """The same for one of the two logins: its secret has been replaced."""
    session_kind = SessionKind.PHONE if kind is CredentialKind.PIN else SessionKind.DESKTOP
    await end_sessions_of(user, reason, kind=session_kind)
    await forget_devices_of(user, session_kind)
    await void_links(user=user, kind=kind)
    if kind is CredentialKind.PIN:
        await forget_passkeys_of_phones(user)


async def verify_password(viewer: Viewer, password: str) -> bool:
    """Whether that is the viewer's password: re-authentication from a device that is logged in.

    Raises Forbidden, and ends the session, when it was wrong too often: somebody else sits at the device.
    """
    return await verify_own_secret(viewer, CredentialKind.PASSWORD, password)


async def verify_own_secret(viewer: Viewer, kind: CredentialKind, secret: str) -> bool:
    """The same for either login's secret."""
    if not await spend_guess_of_session(viewer.session):
        async with write():
            await end_session(viewer.session, "wrong too often")
            await record("login.cut_off", actor=viewer.user, subject="user", subject_id=viewer.user)
        raise Forbidden(_("That was wrong too often, so you are logged out. Please log in again."))
    stored = (await credentials_of(viewer.user)).get(kind)
    hashed = stored.hashed if stored else None
    right = await verify_secret(kind, viewer.user, secret, hashed, known_device=True)
    if right:
        await forgive_guesses_of_session(viewer.session)
    else:
        await record("login.not_confirmed", actor=viewer.user, subject="user", subject_id=viewer.user)
    return right
