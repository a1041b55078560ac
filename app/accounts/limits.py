"""How often strangers' devices may guess, counted in the database so that all processes share it.

Counted is the HMAC of what was typed, whether such a user exists or not, so nothing can be learnt from a refusal.
Known devices never come here: a stranger's guesses can't lock a practitioner's own device out.

A try is counted *before* the secret is checked and given back after a good one: otherwise as many guesses as
arrive at once would pass the check together.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass, replace
from datetime import timedelta

from anyio import CapacityLimiter

from app import settings
from app.accounts.tables import CredentialKind, LoginFailures
from app.clock import now
from app.db import execute, rows, write
from app.errors import TooMany
from app.i18n import gettext as _

NETWORK_LIMIT, NETWORK_WINDOW = 100, timedelta(hours=1)
PORTAL_LIMIT, PORTAL_WINDOW = 1_000, timedelta(hours=1)
PIN_LIMIT, PIN_WINDOW = 10, timedelta(days=1)
PASSWORD_WINDOW = timedelta(days=1)
LONGEST_BACK_OFF = timedelta(seconds=60)
NETWORK, PORTAL = "network", "portal"

# They would wait for each other at the portal's counter in any case: this way without a connection and an open
# transaction each, between which whoever looks at the diary had to find a way.
_one_at_a_time = CapacityLimiter(1)


@dataclass(frozen=True, slots=True)
class Try:
    """A counted try. ``allowed`` is False when there were too many for what was typed."""

    kind: str
    identifier_key: str
    network_key: str
    allowed: bool


async def count_try(kind: CredentialKind, identifier: str, address: str) -> Try:
    """Count a stranger's try. Raises TooMany when its network, or all strangers together, have used up the hour's."""
    counted = as_counted(kind, identifier, address)
    async with _one_at_a_time, write():
        if await _count(NETWORK, counted.network_key, NETWORK_WINDOW) > NETWORK_LIMIT:
            raise TooMany(
                _("Too many tries from this network. Please try again in an hour."), retry_after=3600
            )
        if await _count(PORTAL, _key(PORTAL, ""), PORTAL_WINDOW) > PORTAL_LIMIT:
            raise TooMany(
                _("Too many people are failing to log in. Please try again in an hour."), retry_after=3600
            )
        if kind is CredentialKind.PIN:
            allowed = await _count(kind, counted.identifier_key, PIN_WINDOW) <= PIN_LIMIT
        else:
            allowed = await _back_off(counted.identifier_key)
    return replace(counted, allowed=allowed)


def as_counted(kind: CredentialKind, identifier: str, address: str) -> Try:
    """How a try of that name from that address stands among the counters."""
    return Try(kind, _key(kind, identifier), _key(NETWORK, network_of(address)), allowed=True)


async def give_back(counted: Try) -> None:
    """The try was a good log-in: it doesn't count. Counters are written in the same order everywhere."""
    for kind, key in (
        (NETWORK, counted.network_key),
        (PORTAL, _key(PORTAL, "")),
        (counted.kind, counted.identifier_key),
    ):
        await execute(
            "UPDATE login_failures SET failures = failures - 1, blocked_until = NULL "
            "WHERE kind = {} AND key = {} AND failures > 0",
            kind,
            key,
        )


async def count_within(kind: str, what: str, window: timedelta) -> int:
    """Count one more of that kind about ``what``, in the caller's transaction; how many there are in the window now."""
    return await _count(kind, _key(kind, what), window)


def network_of(address: str) -> str:
    """What counts as one network: an IPv4 address, or an IPv6 /64."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


async def _count(kind: str, key: str, window: timedelta) -> int:
    """Count one more in the running window, or the first of a new one; how many there are now."""
    at = now()
    counted = await execute(
        """
        INSERT INTO login_failures (kind, key, window_started_at, failures) VALUES ({}, {}, {}, 1)
        ON CONFLICT (kind, key) DO UPDATE SET
            failures = CASE WHEN login_failures.window_started_at < {} THEN 1 ELSE login_failures.failures + 1 END,
            window_started_at = CASE WHEN login_failures.window_started_at < {}
                                THEN excluded.window_started_at ELSE login_failures.window_started_at END
        RETURNING failures
        """,
        kind,
        key,
        at,
        at - window,
        at - window,
    )
    return int(counted[0]["failures"])


async def _back_off(key: str) -> bool:
    """Whether a password may be tried now; a try makes the next one wait longer, up to a minute."""
    kind, at = CredentialKind.PASSWORD.value, now()
    # Written before it is read, so that of tries that arrive at once the next one reads what this one decides.
    await execute(
        "INSERT INTO login_failures (kind, key, window_started_at, failures) VALUES ({}, {}, {}, 0) "
        "ON CONFLICT (kind, key) DO UPDATE SET kind = excluded.kind RETURNING id",
        kind,
        key,
        at,
    )
    found = await rows("SELECT blocked_until FROM login_failures WHERE kind = {} AND key = {}", kind, key)
    if found[0]["blocked_until"] and found[0]["blocked_until"] > at:
        return False
    failures = await _count(kind, key, PASSWORD_WINDOW)
    wait = min(LONGEST_BACK_OFF, timedelta(seconds=2 ** min(failures - 1, 10)))
    await LoginFailures.update({LoginFailures.blocked_until: at + wait}).where(
        LoginFailures.kind == kind, LoginFailures.key == key
    )
    return True


def _key(kind: str, value: str) -> str:
    secret = settings.current().key("login-limits")
    return hmac.new(secret, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()
