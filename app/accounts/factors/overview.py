"""Whether somebody needs a second step, and what they have for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.factors.authenticators import authenticator_since
from app.accounts.factors.passkeys import OwnPasskey, own_passkeys
from app.accounts.factors.recovery_codes import recovery_codes_left
from app.accounts.factors.relying_party import hosts_of
from app.accounts.tables import SessionKind
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import glance, rows


@dataclass(frozen=True, slots=True)
class Factors:
    """What a viewer has besides a password and a PIN. ``demanded``: the password alone doesn't log them in."""

    passkeys: list[OwnPasskey]
    authenticator_since: datetime | None
    recovery_codes_left: int
    demanded: bool


async def factors_of(viewer: Viewer, clinic: ClinicSettings) -> Factors:
    """All of it, for showing to its owner."""
    return Factors(
        passkeys=await own_passkeys(viewer, clinic),
        authenticator_since=await authenticator_since(viewer.user),
        recovery_codes_left=await recovery_codes_left(viewer.user),
        demanded=await has_factor(viewer.user, clinic),
    )


async def factor_counts(user: int) -> dict[str, int]:
    """How many passkeys and apps a user has, for an administrator."""
    found = await rows(
        """
        SELECT (SELECT count(*) FROM passkey WHERE "user" = {}) AS passkeys,
               (SELECT count(*) FROM authenticator WHERE "user" = {} AND confirmed_at IS NOT NULL) AS authenticators
        """,
        user,
        user,
    )
    return {name: int(count) for name, count in found[0].items()}


async def has_factor(user: int, clinic: ClinicSettings) -> bool:
    """Whether the password has to be followed by a second step.

    A passkey of a phone is none: who says yes to Face ID there isn't to be shut out of a desktop that knows none.
    Nor is one that belongs to another host, for it opens nothing any more.
    """
    return await _has_authenticator(user) or await has_passkey(user, clinic)


async def has_passkey(user: int, clinic: ClinicSettings, kind: SessionKind = SessionKind.DESKTOP) -> bool:
    """Whether one of them opens a session of that kind; as the second step one of a desktop will do."""
    hosts = [*hosts_of(clinic), "", ""][:2]
    found = await glance(
        'SELECT id FROM passkey WHERE "user" = {} AND kind IN ({}, {}) AND rp_id IN ({}, {}) LIMIT 1',
        user,
        kind.value,
        SessionKind.DESKTOP.value,
        *hosts,
    )
    return bool(found)


async def _has_authenticator(user: int) -> bool:
    found = await glance('SELECT id FROM authenticator WHERE "user" = {} AND confirmed_at IS NOT NULL', user)
    return bool(found)
