"""Hashing of secrets: argon2id over a peppered secret, in threads of its own, never more than a process can bear.

The pepper is a key outside the database: without it a stolen database would give up every 6-digit PIN in hours.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import anyio
from anyio import CapacityLimiter
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app import settings
from app.accounts.secrets import normal_secret
from app.errors import TooMany
from app.i18n import gettext as _

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
# Verified when there is no such user, so that an unknown name costs what a known one does.
NOBODYS_HASH = HASHER.hash(b"nobody's secret")
STRANGERS_WAIT_AT_MOST = 2.0

# One hash at a time for strangers, and a lane of its own for known devices, which a flood can't fill.
strangers_lane = CapacityLimiter(1)
known_lane = CapacityLimiter(1)

T = TypeVar("T")


def _give_way() -> None:
    """On Linux a thread has a priority of its own: the one that answers requests comes before those that hash."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        # Never up: a process that was started to give way to others may not, and nobody could log in.
        os.setpriority(os.PRIO_PROCESS, thread, max(5, os.getpriority(os.PRIO_PROCESS, thread)))


_threads = ThreadPoolExecutor(2, thread_name_prefix="hashing", initializer=_give_way)


@dataclass(frozen=True, slots=True)
class HashedSecret:
    """What the database stores of a secret."""

    secret_hash: str
    pepper: str

    @property
    def mark(self) -> str:
        """Tells it from any other, without telling it."""
        return hashlib.sha256(self.secret_hash.encode()).hexdigest()[:16]


async def hash_secret(kind: str, user: int, secret: str) -> HashedSecret:
    """Hash a new secret under the current pepper."""
    pepper_id, pepper = settings.current().peppers.current
    peppered = _peppered(pepper, kind, user, secret)
    async with known_lane:
        secret_hash = await _in_thread(HASHER.hash, peppered)
    return HashedSecret(secret_hash, pepper_id)


async def verify_secret(
    kind: str, user: int, secret: str, stored: HashedSecret | None, *, known_device: bool
) -> bool:
    """Whether that is the secret. Raises TooMany when strangers' queue is too long to wait for."""
    peppers = settings.current().peppers
    usable = stored is not None and stored.pepper in peppers
    pepper = peppers[stored.pepper] if stored and usable else b""
    secret_hash = stored.secret_hash if stored and usable else NOBODYS_HASH
    peppered = _peppered(pepper, kind, user, secret)
    if known_device:
        async with known_lane:
            matches = await _in_thread(_matches, secret_hash, peppered)
        return usable and matches
    with anyio.move_on_after(STRANGERS_WAIT_AT_MOST) as waiting:
        await strangers_lane.acquire()
    if waiting.cancelled_caught:
        raise TooMany(_("Many people are logging in just now. Please try again in a minute."), retry_after=30)
    try:
        return await _in_thread(_matches, secret_hash, peppered) and usable
    finally:
        strangers_lane.release()


def needs_rehash(stored: HashedSecret) -> bool:
    """Whether the pepper or the parameters have changed since it was hashed."""
    current, _key = settings.current().peppers.current
    return stored.pepper != current or HASHER.check_needs_rehash(stored.secret_hash)


async def _in_thread(function: Callable[..., T], *args: str | bytes) -> T:
    under_way = asyncio.get_running_loop().run_in_executor(_threads, function, *args)
    # It can't be stopped, so neither is who waits for it: the lane is taken until it is over.
    with anyio.CancelScope(shield=True):
        await asyncio.wait([under_way])
    return under_way.result()


def _peppered(pepper: bytes, kind: str, user: int, secret: str) -> bytes:
    # Length prefixes keep the parts apart: no two (kind, user, secret) give the same bytes.
    parts = (kind.encode(), str(user).encode(), normal_secret(secret).encode())
    message = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return hmac.new(pepper, message, hashlib.sha256).digest()


def _matches(secret_hash: str, peppered: bytes) -> bool:
    try:
        return HASHER.verify(secret_hash, peppered)
    except (VerificationError, InvalidHashError):
        return False
