"""Noticing at start that a pepper isn't the one that this database's secrets were hashed with."""

from __future__ import annotations

import hashlib
import hmac

from app import settings
from app.db import execute, rows, write
from app.i18n import gettext as _


class WrongPepper(Exception):
    """Nobody whose secret was hashed under that id could log in. Its text says so to whoever starts the process."""


async def check_peppers() -> None:
    """Compare every pepper with what was stored of it when it was new. Raises WrongPepper."""
    async with write():
        for pepper, key in settings.current().peppers.keys.items():
            # The value says nothing about the pepper, which has 256 random bits.
            value = hmac.new(key, b"daybook pepper check", hashlib.sha256).hexdigest()
            await execute(
                "INSERT INTO pepper_check (pepper, value) VALUES ({}, {}) ON CONFLICT (pepper) DO NOTHING RETURNING id",
                pepper,
                value,
            )
            stored = await rows("SELECT value FROM pepper_check WHERE pepper = {}", pepper)
            if stored[0]["value"] != value:
                raise WrongPepper(
                    _(
                        "PEPPERS has another value for the id {id} than when this database was set up: no password or "
                        "PIN would open anything. Put the old value back, and give a new one an id of its own."
                    ).format(id=pepper)
                )
