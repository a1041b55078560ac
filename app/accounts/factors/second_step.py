"""The second step of a log-in: a code, a recovery code or a passkey, after the right password."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.admission import LoggedIn, Newcomer, admit
from app.accounts.alerts import tell_owner
from app.accounts.candidates import candidate_of, hold_secret
from app.accounts.devices import KnownDevice
from app.accounts.factors.assertions import PasskeyRefused, prove
from app.accounts.factors.authenticators import take_code
from app.accounts.factors.pending import Pending, end_pending, spend_try
from app.accounts.factors.recovery_codes import looks_like_recovery_code, take_recovery_code
from app.accounts.factors.relying_party import RelyingParty
from app.accounts.limits import count_within
from app.accounts.login import LoginFailed, failing_in_its_own_time
from app.accounts.tables import CredentialKind, SessionKind
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Refusal
from app.i18n import gettext as _
from app.messages.letters import Changed

TOLD_AT_MOST, TOLD_IN = 3, timedelta(days=1)


class SecondStepOver(Refusal):
    """Its time or its tries are used up, or what it began with no longer holds: it begins again at the door."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Please log in again: the second step took too long, or was wrong too often."))


async def log_in_with_code(pending: Pending, typed: str, clinic: ClinicSettings, *, address: str) -> LoggedIn:
    """Go on with a code of the app, or with a recovery code.

    Raises LoginFailed, as late as for a wrong password, and SecondStepOver.
    """
    on_paper = looks_like_recovery_code(typed)
    async with failing_in_its_own_time():
        left = await _spend_try(pending)
        if not await (take_recovery_code if on_paper else take_code)(pending.user, typed):
            await _note_failure(pending, left)
            raise LoginFailed
        return await _finish(pending, clinic, address, "recovery code" if on_paper else "code")


async def log_in_with_passkey_too(
    pending: Pending, answer: str, party: RelyingParty, browser: str, clinic: ClinicSettings, *, address: str
) -> LoggedIn:
    """The same with one of the user's passkeys."""
    async with failing_in_its_own_time():
        left = await _spend_try(pending)
        try:
            await prove(answer, party, browser, SessionKind.DESKTOP, user=pending.user)
        except PasskeyRefused:
            await _note_failure(pending, left)
            raise LoginFailed from None
        return await _finish(pending, clinic, address, "passkey")


async def _spend_try(pending: Pending) -> int:
    left = await spend_try(pending)
    if left is None:
        raise SecondStepOver
    return left


async def _note_failure(pending: Pending, left: int) -> None:
    """Whoever gets here knows the password: once they have used up their tries, its owner is told, but not pestered."""
    async with write():
        await record("login.second_step_failed", actor=None, subject="user", subject_id=pending.user)
        if not left and await count_within("second_step", str(pending.user), TOLD_IN) <= TOLD_AT_MOST:
            await tell_owner(pending.user, Changed.SECOND_STEP_FAILED)


async def _finish(pending: Pending, clinic: ClinicSettings, address: str, second: str) -> LoggedIn:
    candidate = await candidate_of(pending.user, CredentialKind.PASSWORD)
    stands = candidate.stored is not None and candidate.stored.mark == pending.secret_mark
    if not stands or not candidate.may_log_in(desk_only=pending.desk_only):
        raise SecondStepOver
    known = KnownDevice(pending.device) if pending.device else None
    newcomer = Newcomer(address, pending.device_label, pending.session, known)
    async with write():
        if not (await hold_secret(candidate) and await end_pending(pending)):
            raise SecondStepOver
        return await admit(
            pending.user,
            SessionKind.DESKTOP,
            clinic,
            newcomer,
            kind=CredentialKind.PASSWORD.value,
            second=second,
        )
