"""Credentials: issuing a temporary secret, choosing one's own, checking it again."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread

from app.accounts.devices import forget_devices_of, forgive_guesses_of_session, spend_guess_of_session
from app.accounts.hashing import HashedSecret, hash_secret, verify_secret
from app.accounts.secrets import check_own_password
from app.accounts.sessions import end_session, end_sessions_of
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict, Forbidden, Invalid
from app.i18n import gettext as _
from app.messages.outbox import post


@dataclass(frozen=True, slots=True)
class StoredCredential:
    """A credential as it stands, without its secret."""

    id: int
    kind: CredentialKind
    temporary: bool
    used: bool
    message: int | None
    hashed: HashedSecret


async def credentials_of(user: int) -> dict[CredentialKind, StoredCredential]:
    """The user's credentials by kind."""
    found = await rows(
        'SELECT id, kind, temporary, first_used_at, message, secret_hash, pepper FROM credential WHERE "user" = {}',
        user,
    )
    return {
        CredentialKind(row["kind"]): StoredCredential(
            id=row["id"],
            kind=CredentialKind(row["kind"]),
            temporary=bool(row["temporary"]),
            used=row["first_used_at"] is not None,
            message=row["message"],
            hashed=HashedSecret(row["secret_hash"], row["pepper"]),
        )
        for row in found
    }


async def store_credential(
    user: int, kind: CredentialKind, hashed: HashedSecret, *, temporary: bool, message: int | None
) -> None:
    """Put the new secret in the old one's place, in the caller's transaction."""
    await execute(
        """
        INSERT INTO credential
            ("user", kind, secret_hash, pepper, temporary, issued_at, message, first_used_at, failures)
        VALUES ({}, {}, {}, {}, {}, {}, {}, NULL, 0)
        ON CONFLICT ("user", kind) DO UPDATE SET
            secret_hash = excluded.secret_hash, pepper = excluded.pepper, temporary = excluded.temporary,
            issued_at = excluded.issued_at, message = excluded.message, first_used_at = NULL, failures = 0
        """,
        user,
        kind.value,
        hashed.secret_hash,
        hashed.pepper,
        temporary,
        now(),
        message,
    )


async def withdraw_logins(user: int, reason: str) -> None:
    """End the user's sessions and forget the devices, in the caller's transaction: the logins no longer open."""
    await end_sessions_of(user, reason)
    await forget_devices_of(user)


async def withdraw_login(user: int, kind: CredentialKind, reason: str) -> None:
    """The same for one of the two logins: its secret has been replaced."""
    session_kind = SessionKind.PHONE if kind is CredentialKind.PIN else SessionKind.DESKTOP
    await end_sessions_of(user, reason, kind=session_kind)
    await forget_devices_of(user, session_kind)


async def verify_password(viewer: Viewer, password: str) -> bool:
    """Whether that is the viewer's password: re-authentication from a device that is logged in.

    Raises Forbidden, and ends the session, when it was wrong too often: somebody else sits at the device.
    """
    if not await spend_guess_of_session(viewer.session):
        async with write():
            await end_session(viewer.session, "wrong too often")
            await record("login.cut_off", actor=viewer.user, subject="user", subject_id=viewer.user)
        raise Forbidden(_("That was wrong too often, so you are logged out. Please log in again."))
    stored = (await credentials_of(viewer.user)).get(CredentialKind.PASSWORD)
    hashed = stored.hashed if stored else None
    right = await verify_secret(CredentialKind.PASSWORD, viewer.user, password, hashed, known_device=True)
    if right:
        await forgive_guesses_of_session(viewer.session)
    else:
        await record("login.not_confirmed", actor=viewer.user, subject="user", subject_id=viewer.user)
    return right


async def choose_own_password(
    viewer: Viewer, clinic: ClinicSettings, *, current: str | None, new: str
) -> bool:
    """Replace the viewer's password by their own; other desktops are logged out, and the owner is told by e-mail.

    ``current`` is None where a temporary password was given at this log-in: it need not be typed again.
    Raises Invalid next to ``current`` or ``new``, and Conflict when somebody changed it meanwhile.
    """
    stored = (await credentials_of(viewer.user)).get(CredentialKind.PASSWORD)
    if stored is None:
        raise Invalid(_("You have no online login, so there is no password to change."))
    if current is None and not stored.temporary:
        raise Invalid(_("Please type your current password too."), "current")
    if current is not None and not await verify_password(viewer, current):
        raise Invalid(_("This isn't your current password."), "current")
    person = (await rows("SELECT name, email FROM staff_user WHERE id = {}", viewer.user))[0]
    try:
        # In a thread: it may think for a while, and others are not to wait.
        await to_thread.run_sync(check_own_password, new, person["name"], person["email"], clinic.name)
    except ValueError as fault:
        raise Invalid(str(fault), "new") from None
    hashed = await hash_secret(CredentialKind.PASSWORD, viewer.user, new)
    async with write():
        replaced = await execute(
            """
            UPDATE credential SET secret_hash = {}, pepper = {}, temporary = {}, message = NULL, failures = 0
            WHERE id = {} AND secret_hash = {} RETURNING id
            """,
            hashed.secret_hash,
            hashed.pepper,
            False,
            stored.id,
            stored.hashed.secret_hash,
        )
        if not replaced:
            raise Conflict(_("Your password has just been changed elsewhere. Please log in again."))
        await end_sessions_of(viewer.user, "password changed", kind=SessionKind.DESKTOP, but=viewer.session)
        await record("password.chosen", actor=viewer.user, subject="user", subject_id=viewer.user)
        await _tell_owner(viewer, person["email"])
    return True


async def _tell_owner(viewer: Viewer, email: str) -> None:
    await post(
        "credential_changed", "email", email, viewer.user, {"name": viewer.name, "changed": "password"}
    )
