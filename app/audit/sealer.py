"""The sealer: puts what was recorded under seal, a second after it happened. Any number may run; one works at a time.

Verbs append entries without a seal, so that they don't wait for each other. The order of the chain is that of sealing.
"""

from __future__ import annotations

import asyncio
from itertools import accumulate

import structlog

from app.audit.chain import SEALED, Head
from app.audit.tables import AuditSeal
from app.db import Turn, execute, rows, take_turns, write
from app.db.watcher import Changes
from app.pauses import until_first

AT_ONCE = 500
"""Entries in one transaction, so that nobody waits long for the writer after a break."""
EVERY_SECONDS = 1
LONGEST_PAUSE_SECONDS = 60

log = structlog.get_logger(__name__)


async def run_sealer(key: bytes, watcher: Changes, stop: asyncio.Event) -> None:
    """Seal what is recorded until ``stop`` is set, and then what is left."""
    while not stop.is_set():
        seen = watcher.counter
        await _seal_or_log(key)
        await until_first(stop.wait(), watcher.wait(seen, LONGEST_PAUSE_SECONDS))
        await until_first(stop.wait(), asyncio.sleep(EVERY_SECONDS))
    await _seal_or_log(key)


async def seal_pending(key: bytes) -> int:
    """Seal whatever waits; how many entries that were."""
    sealed = 0
    while batch := await _seal_batch(key):
        sealed += batch
    return sealed


async def head() -> Head:
    """The chain's last seal."""
    found = await rows("SELECT position, mac FROM audit_seal ORDER BY position DESC LIMIT 1")
    return Head(**found[0]) if found else Head()


async def _seal_batch(key: bytes) -> int:
    if not await rows("SELECT entry FROM audit_unsealed LIMIT 1"):
        return 0  # without opening a transaction, which would wake every process
    async with write():
        await take_turns(Turn.SEALING)
        columns = ", ".join(f"e.{name}" for name in SEALED.split(", "))
        entries = await rows(
            f"""
            SELECT {columns} FROM audit_unsealed q JOIN audit_entry e ON e.id = q.entry
            ORDER BY e.id LIMIT {AT_ONCE}
            """
        )
        if not entries:
            return 0
        _, *heads = accumulate(entries, lambda head, entry: head.next(entry, key), initial=await head())
        await AuditSeal.insert(
            *(
                AuditSeal(entry=entry["id"], position=head.position, mac=head.mac)
                for entry, head in zip(entries, heads, strict=True)
            )
        )
        ids = [entry["id"] for entry in entries]
        await execute(f"DELETE FROM audit_unsealed WHERE entry IN ({', '.join(['{}'] * len(ids))})", *ids)
    return len(entries)


async def _seal_or_log(key: bytes) -> None:
    try:
        await seal_pending(key)
    except Exception as error:  # whatever it is, the next change or minute brings another try
        log.warning("sealer stumbled", error=type(error).__name__)
