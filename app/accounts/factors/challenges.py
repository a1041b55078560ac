"""Challenges: what a passkey signs, made for one browser, good once and for five minutes."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from app.accounts.factors.tables import PasskeyChallenge
from app.accounts.tokens import token_hash
from app.clock import now
from app.db import execute, write

LASTS = timedelta(minutes=5)
BYTES = 32


async def new_challenge(browser: str, *, user: int | None = None) -> bytes:
    """Random bytes for the browser with that cookie to have signed; ``user`` is who adds a passkey.

    Those that are over go with it: nobody else needs to clear up.
    """
    challenge, at = secrets.token_bytes(BYTES), now()
    async with write():
        await PasskeyChallenge.delete().where(PasskeyChallenge.expires_at <= at)
        await PasskeyChallenge.insert(
            PasskeyChallenge(
                challenge_hash=_hashed(challenge),
                browser_hash=token_hash(browser),
                user=user,
                expires_at=at + LASTS,
            )
        )
    return challenge


async def spend_challenge(challenge: bytes, browser: str, *, user: int | None = None) -> bool:
    """Whether that browser was given it, for the same, and hasn't used it yet."""
    spent = await execute(
        """
        DELETE FROM passkey_challenge
        WHERE challenge_hash = {} AND browser_hash = {} AND coalesce("user", 0) = {} AND expires_at > {} RETURNING id
        """,
        _hashed(challenge),
        token_hash(browser),
        user or 0,
        now(),
    )
    return bool(spent)


def _hashed(challenge: bytes) -> str:
    return hashlib.sha256(challenge).hexdigest()
