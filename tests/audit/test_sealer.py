"""The sealer: everything on record comes under seal, once, whoever seals and in whatever order it was committed."""

from __future__ import annotations

import asyncio

import pytest

from app.audit.chain import Head
from app.audit.record import record
from app.audit.sealer import AT_ONCE, head, run_sealer, seal_pending
from app.audit.verify import verify
from app.db import Engine, connect, execute, rows, write
from app.db.watcher import Changes
from tests.db.processes import run_elsewhere

KEY = b"k" * 32


async def recorded(*actions: str) -> None:
    for action in actions:
        await record(action, actor=7)


async def positions() -> list[tuple[int, int]]:
    """Entry and position, in the chain's order."""
    found = await rows("SELECT entry, position FROM audit_seal ORDER BY position")
    return [(row["entry"], row["position"]) for row in found]


async def test_what_waits_is_sealed_in_its_order(database: Engine) -> None:
    await recorded("portal.opened", "portal.closed")
    assert await seal_pending(KEY) == 2
    await recorded("portal.opened")
    assert await seal_pending(KEY) == 1
    entries = [row["id"] for row in await rows("SELECT id FROM audit_entry ORDER BY id")]
    assert await positions() == [(entry, place) for place, entry in enumerate(entries, 1)]
    assert await rows("SELECT entry FROM audit_unsealed") == []
    assert (await verify(KEY)).is_intact


async def test_nothing_to_seal_is_nothing_written(database: Engine) -> None:
    assert await seal_pending(KEY) == 0
    assert await head() == Head()


async def test_more_than_one_batch_is_one_chain(database: Engine) -> None:
    async with write():
        await recorded(*["portal.opened"] * (AT_ONCE + 3))
    assert await seal_pending(KEY) == AT_ONCE + 3
    verdict = await verify(KEY)
    assert (verdict.fitting, verdict.is_intact) == (AT_ONCE + 3, True)


async def test_an_entry_committed_late_is_not_passed_over(database: Engine, engine_name: str) -> None:
    """On PostgreSQL ids are given when a row is written, and another transaction may commit before."""
    if engine_name == "sqlite":  # where a second one can't begin to write before
        await recorded("portal.opened")
        assert await seal_pending(KEY) == 1
        return
    written, may_commit = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        async with write():
            await recorded("user.created")
            written.set()
            await may_commit.wait()

    slow = asyncio.create_task(slowly())
    await written.wait()
    await recorded("portal.opened")
    assert await seal_pending(KEY) == 1
    may_commit.set()
    await slow
    assert await seal_pending(KEY) == 1
    (first, _), (second, _) = await positions()
    assert first > second
    assert (await verify(KEY)).is_intact


async def test_sealers_in_several_processes_make_one_chain(database: Engine, database_url: str) -> None:
    async with write():
        await recorded(*["portal.opened"] * 40)
    sealing = f"""
from app.audit.record import record
from app.audit.sealer import seal_pending
for _ in range(10):
    await record("portal.closed", actor=None)
    await seal_pending({KEY!r})
"""
    await asyncio.gather(*(run_elsewhere(database_url, sealing) for _ in range(3)))
    verdict = await verify(KEY)
    assert (verdict.fitting, verdict.unsealed, verdict.faults) == (70, 0, [])


async def test_the_sealer_wakes_when_something_is_recorded_and_stops_when_told(
    database: Engine, database_url: str
) -> None:
    stop = asyncio.Event()
    async with Changes(connect(database_url)) as changes, asyncio.timeout(20):
        running = asyncio.create_task(run_sealer(KEY, changes, stop))
        seen = changes.counter
        await recorded("portal.opened")
        while await head() == Head():
            seen = await changes.wait(seen, 1)
        await recorded("portal.closed")
        stop.set()
        await running
    assert (await head()).position == 2  # what was left when it stopped


async def test_a_sealer_that_stumbles_goes_on(
    database: Engine, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = asyncio.Event()
    stop.set()
    await recorded("portal.opened")
    async with Changes(connect(database_url)) as changes:
        await execute("ALTER TABLE audit_seal RENAME TO elsewhere")
        await run_sealer(KEY, changes, stop)
        assert "sealer stumbled" in capsys.readouterr().out
        await execute("ALTER TABLE elsewhere RENAME TO audit_seal")
        await run_sealer(KEY, changes, stop)
    assert (await head()).position == 1
