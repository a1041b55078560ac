"""Logging in with a passkey: it stands in for the secret and the second step, for it takes the device and its owner."""

from __future__ import annotations

from app.accounts.admission import LoggedIn, Newcomer, admit
from app.accounts.browsers import note_authentication
from app.accounts.candidates import candidate_of, hold_secret
from app.accounts.devices import cookie_of, recognise
from app.accounts.factors.assertions import PasskeyRefused, prove
from app.accounts.factors.relying_party import RelyingParty
from app.accounts.limits import (
    NETWORK_LIMIT,
    NETWORK_WINDOW,
    PORTAL_LIMIT,
    PORTAL_WINDOW,
    count_within,
    network_of,
)
from app.accounts.locking import open_lock
from app.accounts.login import LogIn, LoginFailed, failing_in_its_own_time, session_kind_of
from app.accounts.sessions import LiveSession, LockedSession
from app.accounts.tables import SessionKind
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write


async def log_in_with_passkey(
    attempt: LogIn, party: RelyingParty, browser: str, clinic: ClinicSettings
) -> LoggedIn:
    """Start a session of whom the passkey belongs to, if they have a login of the attempt's kind.

    The attempt's secret is what the passkey has signed, and there is no user name: the passkey says whose it is.
    Raises LoginFailed, as late and with the same words as for a wrong password.
    """
    async with failing_in_its_own_time():
        try:
            return await _checked(attempt, party, browser, clinic)
        except PasskeyRefused:
            await _note_failure(attempt.address)
            raise LoginFailed from None


async def unlock_with_passkey(locked: LockedSession, answer: str, party: RelyingParty, browser: str) -> bool:
    """Open a locked session with a passkey of its user. Raises PasskeyRefused."""
    viewer = locked.viewer
    await prove(answer, party, browser, SessionKind(viewer.kind), user=viewer.user)
    await open_lock(locked, by="passkey", own_secret=True)
    return True


async def confirm_with_passkey(session: LiveSession, answer: str, party: RelyingParty, browser: str) -> bool:
    """Who is there has been shown again: the session is fresh, under another token. Raises PasskeyRefused."""
    viewer = session.viewer
    await prove(answer, party, browser, SessionKind(viewer.kind), user=viewer.user)
    await note_authentication(viewer.session)
    return True


async def _note_failure(address: str) -> None:
    """Nobody guesses a passkey, so nobody is held up; but the record is kept for ever, and not a stranger's to fill."""
    async with write():
        of_network = await count_within("passkey", network_of(address), NETWORK_WINDOW)
        of_all = await count_within("passkeys", "", PORTAL_WINDOW)
        if of_network <= NETWORK_LIMIT and of_all <= PORTAL_LIMIT:
            await record("login.failed", actor=None, kind="passkey")


async def _checked(attempt: LogIn, party: RelyingParty, browser: str, clinic: ClinicSettings) -> LoggedIn:
    session_kind = session_kind_of(attempt.kind)
    proof = await prove(attempt.secret, party, browser, session_kind)
    candidate = await candidate_of(proof.user, attempt.kind)
    if candidate.credential is None or not candidate.may_log_in(desk_only=attempt.desk_only):
        raise PasskeyRefused
    # A desktop's passkey may be on the lost phone, too.
    if candidate.stopped and session_kind is SessionKind.PHONE:
        raise PasskeyRefused
    known = await recognise(proof.user, session_kind, attempt.cookies(cookie_of(proof.user)))
    newcomer = Newcomer(attempt.address, attempt.device_label, attempt.session, known)
    async with write():
        if not await hold_secret(candidate):
            raise PasskeyRefused
        return await admit(proof.user, session_kind, clinic, newcomer, kind="passkey")
