"""Logging in with a passkey: it stands in for the secret and the second step, for it takes the device and its owner."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.admission import LoggedIn, Newcomer, admit
from app.accounts.candidates import candidate_of
from app.accounts.devices import cookie_of, recognise
from app.accounts.factors.assertions import PasskeyRefused, prove
from app.accounts.factors.relying_party import RelyingParty
from app.accounts.login import LoginFailed, failing_in_its_own_time, session_kind_of
from app.accounts.tables import CredentialKind
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write


@dataclass(frozen=True, slots=True)
class PasskeyLogIn:
    """An attempt: what the passkey signed, for the login of that ``kind``, and what the browser says of itself."""

    kind: CredentialKind
    answer: str
    browser: str
    cookies: Callable[[str], str | None]
    address: str
    device_label: str
    session: int | None
    desk_only: bool = False


async def log_in_with_passkey(attempt: PasskeyLogIn, party: RelyingParty, clinic: ClinicSettings) -> LoggedIn:
    """Start a session of whom the passkey belongs to, if they have a login of that kind.

    Raises LoginFailed, as late and with the same words as for a wrong password.
    """
    async with failing_in_its_own_time():
        try:
            return await _checked(attempt, party, clinic)
        except PasskeyRefused:
            await record("login.failed", actor=None, kind="passkey")
            raise LoginFailed from None


async def _checked(attempt: PasskeyLogIn, party: RelyingParty, clinic: ClinicSettings) -> LoggedIn:
    session_kind = session_kind_of(attempt.kind)
    proof = await prove(attempt.answer, party, attempt.browser, session_kind)
    candidate = await candidate_of(proof.user, attempt.kind)
    if candidate.credential is None or not candidate.may_log_in(desk_only=attempt.desk_only):
        raise PasskeyRefused
    known = await recognise(proof.user, session_kind, attempt.cookies(cookie_of(proof.user)))
    newcomer = Newcomer(attempt.address, attempt.device_label, attempt.session, known)
    async with write():
        return await admit(proof.user, session_kind, clinic, newcomer, kind="passkey")
