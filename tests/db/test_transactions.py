"""Transactions end and give their connection back, whatever happens to those who opened them."""

from __future__ import annotations

import asyncio
import contextlib
import random
import sqlite3
from pathlib import Path

import pytest

from app.clinic.tables import Location
from app.db import connect, database, execute, rows, write
from app.db.transaction import TransactionLost

pytestmark = pytest.mark.usefixtures("database")


async def add(name: str) -> None:
    await Location.insert(Location(name=name))


async def names() -> list[str]:
    return [row["name"] for row in await rows("SELECT name FROM location ORDER BY id")]


async def add_and_fail(name: str) -> None:
    """A transaction, or inside one a part of it, that ends with an error."""
    async with write():
        await add(name)
        raise LookupError


async def test_transaction_keeps_all_of_it() -> None:
    async with write():
        await add("one")
        await add("two")
    assert await names() == ["one", "two"]


async def test_error_undoes_all_of_it() -> None:
    with pytest.raises(LookupError):
        await add_and_fail("one")
    assert await names() == []


async def test_what_is_written_is_seen_inside_at_once_and_outside_when_it_is_over() -> None:
    written, seen = asyncio.Event(), asyncio.Event()

    async def look_from_outside() -> list[str]:
        await written.wait()
        found = await names()
        seen.set()
        return found

    outside = asyncio.create_task(look_from_outside())
    async with write():
        await add("one")
        assert await names() == ["one"]
        written.set()
        await seen.wait()
    assert await outside == []
    assert await names() == ["one"]


async def test_caught_error_of_an_inner_part_undoes_that_part_only() -> None:
    async with write():
        await add("before")
        with pytest.raises(LookupError):
            await add_and_fail("inner")
        async with write():
            await add("after")
    assert await names() == ["before", "after"]


async def test_whole_goes_on_after_an_inner_part_was_refused_a_statement() -> None:
    async def refused() -> None:
        async with write():
            await add("inner")
            await execute("INSERT INTO no_such_table VALUES (1)")

    async with write():
        await add("before")
        with pytest.raises(Exception, match="no_such_table"):
            await refused()
        await add("after")
    assert await names() == ["before", "after"]


async def test_error_of_the_whole_undoes_its_inner_parts_as_well() -> None:
    async def fail_after_an_inner_part() -> None:
        async with write():
            async with write():
                await add("inner")
            raise LookupError

    with pytest.raises(LookupError):
        await fail_after_an_inner_part()
    assert await names() == []


async def test_whole_is_undone_when_an_inner_part_could_not_be() -> None:
    async def lose_the_savepoint() -> None:
        async with write():
            await execute("RELEASE SAVEPOINT part_1")
            await add("inner")
            raise LookupError

    async def go_on_regardless() -> None:
        async with write():
            await add("before")
            with contextlib.suppress(Exception):
                await lose_the_savepoint()

    with pytest.raises(TransactionLost):
        await go_on_regardless()
    assert await names() == []


async def test_failed_commit_undoes_all_and_gives_the_connection_back() -> None:
    await execute(
        "CREATE TABLE late (location INTEGER REFERENCES location (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    async def point_at_nothing() -> None:
        async with write():
            await add("lost")
            await execute("INSERT INTO late VALUES (12345)")

    for _ in range(15):  # more often than there are connections
        with pytest.raises(Exception, match=r"(?i)foreign key"):
            await point_at_nothing()
    await add("kept")
    assert await names() == ["kept"]


async def test_failed_begin_gives_the_connection_back(tmp_path: Path) -> None:
    engine = connect(f"sqlite:///{tmp_path}/no/such/folder/file")
    for _ in range(3):
        with pytest.raises(sqlite3.OperationalError, match="unable to open"):
            await engine.transaction().__aenter__()
    assert not engine.transaction_exists()


async def test_cancelled_writers_leave_whole_transactions_and_a_pool_that_works() -> None:
    dice = random.Random(7)
    loop = asyncio.get_running_loop()

    async def write_a_pair(name: str) -> str:
        async with write():
            await add(name)
            async with write():
                await add(name)
        return name

    tasks = [asyncio.create_task(write_a_pair(f"pair {n}")) for n in range(300)]
    for task in tasks:
        loop.call_later(dice.random() * 0.8, task.cancel)
    results = await asyncio.gather(*tasks, return_exceptions=True)

    cancelled = [result for result in results if isinstance(result, asyncio.CancelledError)]
    finished = {result for result in results if isinstance(result, str)}
    assert len(cancelled) + len(finished) == 300
    assert cancelled
    stored = await names()
    assert finished <= set(stored)
    assert all(stored.count(name) == 2 for name in set(stored))
    await asyncio.gather(*(write_a_pair(f"after {n}") for n in range(20)))
    assert len(await names()) == len(stored) + 40


async def test_cancelled_readers_leave_a_pool_that_works() -> None:
    await add("one")
    loop = asyncio.get_running_loop()
    tasks = [asyncio.create_task(names()) for _ in range(300)]
    for number, task in enumerate(tasks):
        loop.call_later(number / 2000, task.cancel)
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await asyncio.gather(*(names() for _ in range(50))) == [["one"]] * 50


async def test_task_that_outlives_the_transaction_it_was_started_in_is_no_part_of_it() -> None:
    over = asyncio.Event()

    async def later() -> None:
        await over.wait()
        await add("later")

    async with write():
        await add("inside")
        task = asyncio.create_task(later())
    with pytest.raises(LookupError):
        await add_and_fail("undone")
    over.set()
    await task
    assert await names() == ["inside", "later"]
    assert not database().transaction_exists()


async def test_readers_see_the_last_commit() -> None:
    for number in range(50):
        await add(str(number))
        assert len(await names()) == number + 1
