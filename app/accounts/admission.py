"""Letting somebody in, once it is known who they are: their session, and their browser known from now on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.accounts.devices import KnownDevice, cookie_of, remember
from app.accounts.new_devices import tell_of_new_device
from app.accounts.sessions import end_session, start_session
from app.accounts.tables import SessionKind
from app.audit.record import record
from app.clinic.clinic import ClinicSettings


class Offer(StrEnum):
    """What whoever has just logged in is asked to consider."""

    PASSKEY = "passkey"  # on a phone: no PIN next time
    FACTOR = "factor"  # to an administrator: a second step


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A browser at the door. ``leaves``: the session that it has, if any; ``known``: the device that it is, if one."""

    address: str
    label: str
    leaves: int | None
    known: KnownDevice | None


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A new session of that user and the browser's new device token, each for its cookie."""

    user: int
    session_token: str
    device_cookie: str
    device_token: str
    offer: Offer | None = None


async def admit(
    user: int,
    kind: SessionKind,
    clinic: ClinicSettings,
    newcomer: Newcomer,
    /,
    offer: Offer | None = None,
    **proofs: str,
) -> LoggedIn:
    """Start the session, in the caller's transaction. ``proofs`` say on record what was proved, and with what."""
    if newcomer.leaves:
        await end_session(newcomer.leaves, "logged in anew")
    device, device_token = await remember(user, kind, newcomer.known, newcomer.label)
    if newcomer.known is None:
        await tell_of_new_device(user, device, kind, newcomer.label)
    session_token = await start_session(user, kind, clinic, device=device, address=newcomer.address)
    await record("login.succeeded", actor=user, subject="device", subject_id=device, **proofs)
    return LoggedIn(user, session_token, cookie_of(user), device_token, offer)
