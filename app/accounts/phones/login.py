"""Logging in on a phone: a bound one by its PIN, a new one by what its owner was sent.

The first phone that gives a new PIN is bound by it. Every other one needs a code by text as well; whether one was sent,
and so whether number and PIN were right, is seen by nobody but the phone that gets it.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.admission import LoggedIn, Newcomer, Offer, admit
from app.accounts.candidates import Candidate, candidate_of, find_candidate, note_use
from app.accounts.devices import KnownDevice, cookie_of, hold, recognise
from app.accounts.doorway import doorway
from app.accounts.expired import Expired, SecretExpired
from app.accounts.hashing import HashedSecret
from app.accounts.limits import Try, as_counted, count_try, give_back
from app.accounts.login import (
    LogIn,
    LoginFailed,
    failing_in_its_own_time,
    guess_is_right,
    note_failure,
    up_to_date_hash,
)
from app.accounts.phones.codes import CodeHolder, ask_for_code, redeem_code
from app.accounts.phones.tables import CodePurpose
from app.accounts.phones.tickets import spend_ticket
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.users import load_user
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.i18n import gettext as _

PIN = CredentialKind.PIN


class CodeAsked(LoginFailed):
    """What a phone that isn't known meets with: a code is on its way to the owner, if number and PIN were right.

    ``browser`` is the token by which this browser may give it.
    """

    def __init__(self, browser: str) -> None:
        super().__init__()
        self.browser = browser


class CodeRefused(LoginFailed):
    """Wrong, over, used up, or never sent: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(_("That code doesn't work. Check it, or start again for a new one."), "code")


@dataclass(frozen=True, slots=True)
class _Standing:
    """By what a phone may try: it is known, it has the ticket, or its try was counted among strangers'."""

    known: KnownDevice | None
    ticketed: bool
    counted: Try | None

    @property
    def is_stranger(self) -> bool:
        return not (self.known or self.ticketed)


async def log_in_by_phone(attempt: LogIn, clinic: ClinicSettings, *, ticket: str) -> LoggedIn:
    """Check number and PIN, and start a session.

    Raises, after a fixed time, CodeAsked where a phone isn't known, whatever was right or wrong, and LoginFailed where
    it is; SecretExpired after the right PIN; TooMany for a limit of networks or a long queue.
    """
    async with failing_in_its_own_time():
        async with doorway:
            candidate = await find_candidate(PIN, attempt.user_name)
        standing = await _standing(attempt, candidate, ticket)
        if not await _is_right(attempt, candidate, standing):
            await note_failure(candidate, standing.known)
            raise await _asked(None) if standing.is_stranger else LoginFailed
        if candidate.has_expired(clinic) and not standing.known:
            await record("login.expired", actor=candidate.user, subject="user", subject_id=candidate.user)
            raise SecretExpired(Expired(candidate.user, candidate.kind, candidate.mark))
        hashed = await up_to_date_hash(attempt, candidate)
        return await _enter(attempt, candidate, hashed, standing, clinic)


async def log_in_by_code(attempt: LogIn, clinic: ClinicSettings, *, browser: str) -> LoggedIn:
    """Bind the phone whose browser asked for a code and now gives it: ``attempt`` has it for its secret.

    Raises CodeRefused, after a fixed time.
    """
    async with failing_in_its_own_time():
        redeemed = await redeem_code(CodePurpose.LOG_IN, browser, attempt.secret)
        if redeemed is None:
            raise CodeRefused
        candidate = await candidate_of(redeemed.user, PIN)
        if candidate.stored is None or candidate.mark != redeemed.mark or not candidate.enabled_for_online:
            raise CodeRefused
        mobile = (await load_user(candidate.user)).mobile
        async with write():
            if not await note_use(candidate, candidate.stored):
                raise CodeRefused
            await give_back(as_counted(PIN, mobile, attempt.address))
            return await _bind(attempt, candidate.user, clinic)


async def _standing(attempt: LogIn, candidate: Candidate, ticket: str) -> _Standing:
    token = attempt.cookies(cookie_of(candidate.user))
    if known := await recognise(candidate.user, SessionKind.PHONE, token):
        return _Standing(known, ticketed=False, counted=None)
    if await spend_ticket(candidate, ticket):
        return _Standing(None, ticketed=True, counted=None)
    return _Standing(None, ticketed=False, counted=await count_try(PIN, attempt.user_name, attempt.address))


async def _is_right(attempt: LogIn, candidate: Candidate, standing: _Standing) -> bool:
    right = await guess_is_right(attempt, candidate, standing.counted)
    return right and candidate.may_log_in(desk_only=False)


async def _enter(
    attempt: LogIn,
    candidate: Candidate,
    hashed: HashedSecret,
    standing: _Standing,
    clinic: ClinicSettings,
) -> LoggedIn:
    """A bound phone, or the first one with a new PIN; of several at once one is the first, the others need a code."""
    if standing.known:
        newcomer = Newcomer(attempt.address, attempt.device_label, attempt.session, standing.known)
        async with write():
            if not (await hold(standing.known) and await note_use(candidate, hashed)):
                raise LoginFailed
            return await admit(candidate.user, SessionKind.PHONE, clinic, newcomer, kind=PIN.value)
    if not candidate.used:
        async with write():
            if await note_use(candidate, hashed, first=True):
                if standing.counted:
                    await give_back(standing.counted)
                return await _bind(attempt, candidate.user, clinic)
    raise await _asked(CodeHolder(candidate.user, attempt.user_name, candidate.mark))


async def _bind(attempt: LogIn, user: int, clinic: ClinicSettings) -> LoggedIn:
    newcomer = Newcomer(attempt.address, attempt.device_label, attempt.session, known=None)
    return await admit(user, SessionKind.PHONE, clinic, newcomer, offer=Offer.PASSKEY, kind=PIN.value)


async def _asked(holder: CodeHolder | None) -> CodeAsked:
    return CodeAsked(await ask_for_code(CodePurpose.LOG_IN, holder))
