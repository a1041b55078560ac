"""Logging in, with e-mail and password or with mobile number and PIN."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import anyio

from app.accounts.devices import KnownDevice, cookie_of, count_device_failure, recognise, remember
from app.accounts.hashing import HashedSecret, hash_secret, needs_rehash, verify_secret
from app.accounts.limits import Try, count_try, give_back
from app.accounts.sessions import start_session
from app.accounts.tables import Credential, CredentialKind, SessionKind
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.errors import Invalid
from app.i18n import gettext as _

FAILURES_ANSWER_AFTER = 0.4  # seconds from the start: a refusal's time says nothing about its reason
TEMPORARY_PIN_FAILURES = 10


class LoginFailed(Invalid):
    """Unknown, wrong, disabled or blocked: the answer is the same, so that nothing can be learnt from it."""

    def __init__(self) -> None:
        super().__init__(_("That didn't work. Check what you typed, wait a moment and try again."))


class SecretExpired(Invalid):
    """The temporary secret was right, but its days are over. Said only to who has it."""

    def __init__(self) -> None:
        super().__init__(
            _("This one has expired. Please ask your clinic's administrator to send you a new one.")
        )


@dataclass(frozen=True, slots=True)
class LogIn:
    """An attempt: what was typed, and what the browser says of itself."""

    kind: CredentialKind
    user_name: str
    secret: str
    cookies: Callable[[str], str | None]
    address: str
    device_label: str
    desk_only: bool = False


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session and the browser's new device token, each for its cookie."""

    session_token: str
    device_cookie: str
    device_token: str


@dataclass(frozen=True, slots=True)
class _Account:
    """The user of that name, as far as there is one, with the credential of the wanted kind."""

    user: int = 0
    keeps_desk: bool = False
    enabled_for_online: bool = False
    credential: int | None = None
    stored: HashedSecret | None = None
    temporary: bool = False
    failures: int = 0
    accepted_at: datetime | None = None

    def may_log_in(self, attempt: LogIn) -> bool:
        """Whether a right secret opens the door that was chosen."""
        if attempt.desk_only:
            return self.keeps_desk
        return self.enabled_for_online or (self.keeps_desk and attempt.kind is CredentialKind.PASSWORD)

    def has_expired(self, clinic: ClinicSettings, known: KnownDevice | None) -> bool:
        """Whether the temporary secret's days are over; a browser that has used it may still come in."""
        if not (self.temporary and self.accepted_at) or known:
            return False
        return now() - self.accepted_at > timedelta(days=clinic.temporary_secret_days)


async def log_in(attempt: LogIn, clinic: ClinicSettings) -> LoggedIn:
    """Check the secret and start a session.

    Raises LoginFailed, after a fixed time, whatever was wrong; SecretExpired after the right one; TooMany for
    a network's limit or a long queue.
    """
    began = time.monotonic()
    try:
        return await _checked(attempt, clinic)
    except LoginFailed:
        await anyio.sleep(FAILURES_ANSWER_AFTER - (time.monotonic() - began))
        raise


async def _checked(attempt: LogIn, clinic: ClinicSettings) -> LoggedIn:
    account = await _account(attempt)
    session_kind = session_kind_of(attempt.kind)
    known = await recognise(account.user, session_kind, attempt.cookies(cookie_of(account.user)))
    counted = None if known else await count_try(attempt.kind, attempt.user_name, attempt.address)
    allowed = (counted is None or counted.allowed) and not _pin_is_burnt(attempt, account, known)
    right = allowed and await verify_secret(
        attempt.kind, account.user, attempt.secret, account.stored, known_device=known is not None
    )
    if not right or not account.may_log_in(attempt):
        await _note_failure(attempt, account, known)
        raise LoginFailed
    if account.has_expired(clinic, known):
        await record("login.expired", actor=account.user, subject="user", subject_id=account.user)
        raise SecretExpired
    await _rehash_if_old(attempt, account)
    return await _admit(attempt, account, known, counted, clinic)


async def _account(attempt: LogIn) -> _Account:
    column = "email" if attempt.kind is CredentialKind.PASSWORD else "mobile"
    found: list[dict[str, Any]] = await rows(
        f"""
        SELECT u.id AS user_id, u.administrator, u.front_desk, u.enabled_for_online, c.id AS credential,
               c.secret_hash, c.pepper, c.temporary, c.failures, m.accepted_at
        FROM staff_user u
        LEFT JOIN credential c ON c."user" = u.id AND c.kind = {{}}
        LEFT JOIN message m ON m.id = c.message
        WHERE u.current AND u.{column} = {{}} AND u.{column} <> ''
        """,
        attempt.kind.value,
        attempt.user_name,
    )
    if not found:
        return _Account()
    row = found[0]
    return _Account(
        user=row["user_id"],
        keeps_desk=bool(row["administrator"] or row["front_desk"]),
        enabled_for_online=bool(row["enabled_for_online"]),
        credential=row["credential"],
        stored=HashedSecret(row["secret_hash"], row["pepper"]) if row["credential"] else None,
        temporary=bool(row["temporary"]),
        failures=row["failures"] or 0,
        accepted_at=row["accepted_at"],
    )


def session_kind_of(kind: CredentialKind) -> SessionKind:
    """The kind of session that a login of that kind starts."""
    return SessionKind.PHONE if kind is CredentialKind.PIN else SessionKind.DESKTOP


def _pin_is_burnt(attempt: LogIn, account: _Account, known: KnownDevice | None) -> bool:
    """A temporary PIN bears ten wrong guesses by strangers in its whole life."""
    is_temporary_pin = attempt.kind is CredentialKind.PIN and account.temporary
    return is_temporary_pin and known is None and account.failures >= TEMPORARY_PIN_FAILURES


async def _note_failure(attempt: LogIn, account: _Account, known: KnownDevice | None) -> None:
    async with write():
        if known:
            await count_device_failure(known)
        elif account.credential:
            await execute("UPDATE credential SET failures = failures + 1 WHERE id = {}", account.credential)
        await record(
            "login.failed",
            actor=None,
            subject="user" if account.user else "",
            subject_id=account.user or "",
            kind=attempt.kind.value,
            known_device=known is not None,
        )


async def _rehash_if_old(attempt: LogIn, account: _Account) -> None:
    if account.stored and needs_rehash(account.stored):
        hashed = await hash_secret(attempt.kind, account.user, attempt.secret)
        await Credential.update(
            {Credential.secret_hash: hashed.secret_hash, Credential.pepper: hashed.pepper}
        ).where(Credential.id == account.credential, Credential.secret_hash == account.stored.secret_hash)


async def _admit(
    attempt: LogIn, account: _Account, known: KnownDevice | None, counted: Try | None, clinic: ClinicSettings
) -> LoggedIn:
    session_kind = session_kind_of(attempt.kind)
    async with write():
        if counted:
            await give_back(counted)
        device, device_token = await remember(account.user, session_kind, known, attempt.device_label)
        session_token = await start_session(
            account.user, session_kind, clinic, device=device, address=attempt.address
        )
        await _note_first_use(attempt.kind, account)
        await record(
            "login.succeeded",
            actor=account.user,
            subject="device",
            subject_id=device,
            kind=attempt.kind.value,
        )
    return LoggedIn(session_token, cookie_of(account.user), device_token)


async def _note_first_use(kind: CredentialKind, account: _Account) -> None:
    """A temporary PIN becomes the daily one at its first use; a temporary password stays so until it is changed."""
    stays_temporary = account.temporary and kind is CredentialKind.PASSWORD
    await execute(
        """
        UPDATE credential SET first_used_at = coalesce(first_used_at, {}), temporary = {}, failures = 0 WHERE id = {}
        """,
        now(),
        stays_temporary,
        account.credential,
    )
