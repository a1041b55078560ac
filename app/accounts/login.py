"""Logging in with e-mail and password. Phones log in by app.accounts.phones, and share what is here with it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from app.accounts.admission import LoggedIn, Newcomer, Offer, admit
from app.accounts.candidates import Candidate, find_candidate, note_use, return_guess, spend_guess
from app.accounts.devices import KnownDevice, cookie_of, recognise
from app.accounts.doorway import doorway
from app.accounts.expired import Expired, SecretExpired
from app.accounts.factors.overview import has_factor
from app.accounts.factors.pending import begin_pending
from app.accounts.hashing import HashedSecret, hash_secret, needs_rehash, verify_secret
from app.accounts.limits import Try, count_try, give_back
from app.accounts.sessions import end_session
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Invalid, Refusal, TooMany
from app.i18n import gettext as _

FAILURES_ANSWER_AFTER = 0.4  # seconds from the start: a refusal's time says nothing about its reason


class LoginFailed(Invalid):
    """Unknown, wrong, disabled or blocked: the answer is the same, so that nothing can be learnt from it."""

    def __init__(self, message: str = "", field: str | None = None) -> None:
        super().__init__(
            message or _("That didn't work. Check what you typed, wait a moment and try again."), field
        )


class SecondStepFirst(Refusal):
    """The password was right, and a second step is to follow. ``token`` is that of the pending log-in."""

    status = 303

    def __init__(self, token: str) -> None:
        super().__init__(_("Now the second step."))
        self.token = token


@dataclass(frozen=True, slots=True)
class LogIn:
    """An attempt: what was typed, and what the browser says of itself. ``session``: the one that it leaves, if any."""

    kind: CredentialKind
    user_name: str
    secret: str
    cookies: Callable[[str], str | None]
    address: str
    device_label: str
    session: int | None = None
    desk_only: bool = False


async def log_in(attempt: LogIn, clinic: ClinicSettings) -> LoggedIn:
    """Check the secret and start a session.

    Raises LoginFailed, after a fixed time, whatever was wrong; after the right secret SecretExpired, and
    SecondStepFirst; TooMany for a network's limit or a long queue.
    """
    async with failing_in_its_own_time():
        return await _checked(attempt, clinic)


@asynccontextmanager
async def failing_in_its_own_time() -> AsyncIterator[None]:
    """Whatever was wrong, LoginFailed comes the same time after the start."""
    began = time.monotonic()
    try:
        yield
    except LoginFailed:
        await anyio.sleep(max(0, FAILURES_ANSWER_AFTER - (time.monotonic() - began)))
        raise


async def log_out(viewer: Viewer) -> None:
    """End the viewer's session; the browser stays a known device."""
    async with write():
        await end_session(viewer.session, "logged out")
        await record("login.ended", actor=viewer.user, subject="user", subject_id=viewer.user)


async def _checked(attempt: LogIn, clinic: ClinicSettings) -> LoggedIn:
    async with doorway:
        candidate = await find_candidate(attempt.kind, attempt.user_name)
        device_token = attempt.cookies(cookie_of(candidate.user))
        known = await recognise(candidate.user, session_kind_of(attempt.kind), device_token)
    counted = None if known else await count_try(attempt.kind, attempt.user_name, attempt.address)
    right = await guess_is_right(attempt, candidate, counted)
    if not right or not candidate.may_log_in(desk_only=attempt.desk_only):
        await note_failure(candidate, known)
        raise LoginFailed
    if candidate.has_expired(clinic) and not known:  # a browser that has used it may still come in
        await record("login.expired", actor=candidate.user, subject="user", subject_id=candidate.user)
        raise SecretExpired(Expired(candidate.user, candidate.kind, candidate.mark))
    hashed = await up_to_date_hash(attempt, candidate)
    if await has_factor(candidate.user, clinic):
        raise SecondStepFirst(await _wait_for_second_step(attempt, candidate, hashed, known, counted))
    return await _admit(attempt, candidate, hashed, known, counted, clinic)


async def guess_is_right(attempt: LogIn, candidate: Candidate, counted: Try | None) -> bool:
    """Whether the secret is right. A stranger's guess, which is ``counted``, is spent before it is checked.

    Raises TooMany where strangers' queue is too long; the guess, which nobody has checked, then counts for nothing: who
    tries again as they are told finds everything as it was.
    """
    if counted and not (counted.allowed and await spend_guess(candidate)):
        return False
    try:
        return await verify_secret(
            attempt.kind, candidate.user, attempt.secret, candidate.stored, known_device=counted is None
        )
    except TooMany:
        if counted:
            async with write():
                await return_guess(candidate)
                await give_back(counted)
        raise


def session_kind_of(kind: CredentialKind) -> SessionKind:
    """The kind of session that a login of that kind starts."""
    return SessionKind.PHONE if kind is CredentialKind.PIN else SessionKind.DESKTOP


async def note_failure(candidate: Candidate, known: KnownDevice | None) -> None:
    """Put a failure on record, without what was typed."""
    await record(
        "login.failed",
        actor=None,
        subject="user" if candidate.user else "",
        subject_id=candidate.user or "",
        kind=candidate.kind.value,
        known_device=known is not None,
    )


async def up_to_date_hash(attempt: LogIn, candidate: Candidate) -> HashedSecret:
    """The secret's hash under the current pepper and parameters."""
    stored = candidate.stored
    if stored and not needs_rehash(stored):
        return stored
    return await hash_secret(attempt.kind, candidate.user, attempt.secret)


async def _admit(
    attempt: LogIn,
    candidate: Candidate,
    hashed: HashedSecret,
    known: KnownDevice | None,
    counted: Try | None,
    clinic: ClinicSettings,
) -> LoggedIn:
    newcomer = Newcomer(attempt.address, attempt.device_label, attempt.session, known)
    async with write():
        await _accept(candidate, hashed, counted)
        return await admit(
            candidate.user,
            session_kind_of(attempt.kind),
            clinic,
            newcomer,
            offer=_offer(candidate),
            kind=attempt.kind.value,
        )


def _offer(candidate: Candidate) -> Offer | None:
    """Administrators are asked for a second step from their second log-in on; who has one doesn't come this way."""
    return Offer.FACTOR if candidate.administrator and candidate.used else None


async def _wait_for_second_step(
    attempt: LogIn,
    candidate: Candidate,
    hashed: HashedSecret,
    known: KnownDevice | None,
    counted: Try | None,
) -> str:
    async with write():
        await _accept(candidate, hashed, counted)
        return await begin_pending(
            candidate.user,
            hashed.mark,
            device=known.id if known else None,
            device_label=attempt.device_label,
            session=attempt.session,
            desk_only=attempt.desk_only,
        )


async def _accept(candidate: Candidate, hashed: HashedSecret, counted: Try | None) -> None:
    """The secret was right, unless it was replaced since it was checked."""
    if not await note_use(candidate, hashed):
        raise LoginFailed
    if counted:
        await give_back(counted)
