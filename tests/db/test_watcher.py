"""A change is noticed, whichever process makes it."""

from __future__ import annotations

import asyncio

from app.clinic.tables import Location
from app.db import rows, write
from app.db.engine import Engine
from app.db.watcher import Changes
from tests.db.processes import run_elsewhere

SECONDS = 20


async def test_other_process_commits(database: Engine, database_url: str) -> None:
    async with Changes(database) as changes:
        before = changes.counter
        writing = asyncio.create_task(
            run_elsewhere(
                database_url,
                """
                async with write():
                    await Location.insert(Location(name="one"))
                """,
            )
        )
        while not await rows("SELECT id FROM location"):
            after = await changes.wait(before, SECONDS)
            assert after > before
            before = after
        await writing


async def test_this_process_commits(database: Engine) -> None:
    async with Changes(database) as changes:
        waiting = [asyncio.create_task(changes.wait(changes.counter, SECONDS)) for _ in range(3)]
        async with write():
            await Location.insert(Location(name="one"))
        assert [counter > 0 for counter in await asyncio.gather(*waiting)] == [True] * 3


async def test_change_outside_a_transaction_is_noticed_too(database: Engine) -> None:
    async with Changes(database) as changes:
        await Location.insert(Location(name="one"))
        assert await changes.wait(0, SECONDS) > 0


async def test_what_happened_before_one_asked_is_answered_at_once(database: Engine) -> None:
    async with Changes(database) as changes:
        await Location.insert(Location(name="one"))
        seen = await changes.wait(0, SECONDS)
        assert await changes.wait(seen - 1, SECONDS) >= seen


async def test_waiting_ends_when_nothing_changes(database: Engine) -> None:
    async with Changes(database) as changes:
        assert await changes.wait(1_000_000, 0.05) == changes.counter


async def test_watching_survives_a_lost_connection(database: Engine, engine_name: str) -> None:
    async with Changes(database) as changes:
        if engine_name == "postgresql":
            await rows(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        before = changes.counter
        async with write():
            await Location.insert(Location(name="one"))
        assert await changes.wait(before, SECONDS) > before


async def test_nothing_is_left_running_afterwards(database: Engine) -> None:
    before = asyncio.all_tasks()
    async with Changes(database):
        assert asyncio.all_tasks() > before
    assert asyncio.all_tasks() == before
