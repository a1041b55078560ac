"""Creating something once, however often the form that asks for it arrives.

A form carries a key. The verb works inside ``once``::

    async with once(key, payload, actor=f"user:{viewer.user}") as earlier:
        if earlier.result is not None:
            return int(earlier.result)
        appointment = await _insert(…)
        earlier.remember(str(appointment))

All of it is one transaction: an exception leaves the key free, so a corrected form may be sent under the same one.
Who arrives while the first is still under way waits for it, and then finds its result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta

from piccolo.columns import Serial, Text, Varchar
from piccolo.table import Table

from app.clock import now
from app.db import execute, rows, write
from app.db.columns import Moment
from app.errors import Conflict
from app.i18n import gettext as _

KEPT = timedelta(hours=24)


class CreatedOnce(Table):
    """What was created under a form's key. # rule: unique (actor, key)."""

    id = Serial(primary_key=True)
    actor = Varchar(length=60, help_text="whose key it is, e.g. user:7")
    key = Varchar(length=64, help_text="hex SHA-256")
    payload = Varchar(length=64, help_text="hex SHA-256 of what was asked for")
    result = Text(null=True, default=None, help_text="null only while the transaction runs that creates it")
    created_at = Moment()


class KeyReused(Conflict):
    """The key has already created something else. ``result`` is what it created."""

    def __init__(self, result: str) -> None:
        super().__init__(_("This form was already used for something else. Open it anew to add another one."))
        self.result = result


class Earlier:
    """What the key created before; ``result`` is None when it created nothing yet."""

    def __init__(self, result: str | None) -> None:
        self.result = result
        self.new: str | None = None

    def remember(self, result: str) -> None:
        """Have this answered to whoever comes with the same key and payload in the next 24 hours."""
        self.new = result


@asynccontextmanager
async def once(key: str, payload: Mapping[str, object], *, actor: str) -> AsyncIterator[Earlier]:
    """A transaction that creates something under ``actor``'s ``key``; see above.

    Raises KeyReused when the key has created something from another payload.
    """
    key, payload_digest = _digest(key), _digest(json.dumps(payload, sort_keys=True, default=str))
    async with write():
        claim = await _claim(actor, key, payload_digest)
        earlier = Earlier(None if claim else await _result(actor, key, payload_digest))
        yield earlier
        if claim:
            if earlier.new is None:
                raise RuntimeError("once() ended without remember()")
            await execute("UPDATE created_once SET result = {} WHERE id = {}", earlier.new, claim)


async def _claim(actor: str, key: str, payload: str) -> int | None:
    """Take the key for this transaction; None when it was taken in the last 24 hours."""
    await execute("DELETE FROM created_once WHERE actor = {} AND created_at < {}", actor, now() - KEPT)
    # PostgreSQL waits here for a transaction that holds the same key, SQLite did at BEGIN.
    claimed = await execute(
        "INSERT INTO created_once (actor, key, payload, created_at) VALUES ({}, {}, {}, {})"
        " ON CONFLICT (actor, key) DO NOTHING RETURNING id",
        actor,
        key,
        payload,
        now(),
    )
    return claimed[0]["id"] if claimed else None


async def _result(actor: str, key: str, payload: str) -> str:
    found = await rows("SELECT payload, result FROM created_once WHERE actor = {} AND key = {}", actor, key)
    result: str = found[0]["result"]
    if found[0]["payload"] != payload:
        raise KeyReused(result)
    return result


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
