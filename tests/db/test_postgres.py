"""What only a server can do: go away."""

from __future__ import annotations

import asyncio

import pytest

from app.clinic.tables import Location
from app.db import rows, write
from app.db.postgres import CHANNEL, CONNECTIONS, SafePostgresEngine


@pytest.fixture
def postgres(database: object) -> SafePostgresEngine:
    if not isinstance(database, SafePostgresEngine):
        pytest.skip("SQLite has no server")
    return database


async def drop_other_connections() -> None:
    await rows(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


async def test_connections_that_the_server_dropped_are_replaced(postgres: SafePostgresEngine) -> None:
    await asyncio.gather(*(rows("SELECT pg_sleep(0.05)") for _ in range(10)))  # all of them are open now
    await drop_other_connections()
    await asyncio.gather(
        *(rows("SELECT 1") for _ in range(10)), return_exceptions=True
    )  # some may still fail
    assert await asyncio.gather(*(rows("SELECT 1 AS one") for _ in range(20))) == [[{"one": 1}]] * 20


async def test_connection_dropped_inside_a_transaction_undoes_it_and_is_replaced(
    postgres: SafePostgresEngine,
) -> None:
    async def lose_the_connection() -> None:
        async with write():
            await Location.insert(Location(name="lost"))
            await rows("SELECT pg_terminate_backend(pg_backend_pid())")

    for _ in range(12):  # more often than there are connections
        with pytest.raises(Exception, match=r"(?i)terminat|closed"):
            await lose_the_connection()
    async with write():
        await Location.insert(Location(name="kept"))
    assert await rows("SELECT name FROM location") == [{"name": "kept"}]


async def test_whoever_only_looks_never_waits_for_transactions(postgres: SafePostgresEngine) -> None:
    may_end = asyncio.Event()

    async def take_its_time() -> None:
        async with write():
            await Location.insert(Location(name="slow"))
            await may_end.wait()

    slow = [asyncio.create_task(take_its_time()) for _ in range(3 * CONNECTIONS)]
    looks = (rows("SELECT name FROM location") for _ in range(3 * CONNECTIONS))
    assert await asyncio.wait_for(asyncio.gather(*looks), 20) == [[]] * 3 * CONNECTIONS
    may_end.set()
    await asyncio.gather(*slow)
    assert len(await rows("SELECT name FROM location")) == 3 * CONNECTIONS


async def test_swallowed_error_does_not_pass_for_a_commit(postgres: SafePostgresEngine) -> None:
    async def swallow_an_error() -> None:
        async with write():
            await Location.insert(Location(name="lost"))
            with pytest.raises(Exception, match="no_such_table"):
                await rows("SELECT * FROM no_such_table")

    with pytest.raises(Exception, match="aborted"):
        await swallow_an_error()
    assert await rows("SELECT name FROM location") == []


async def test_commit_notifies_and_an_undone_transaction_does_not(postgres: SafePostgresEngine) -> None:
    async def fail() -> None:
        async with write():
            await Location.insert(Location(name="lost"))
            raise LookupError

    heard: asyncio.Queue[str] = asyncio.Queue()
    connection = await postgres.get_new_connection()
    try:
        await connection.add_listener(CHANNEL, lambda *notification: heard.put_nowait(notification[2]))
        with pytest.raises(LookupError):
            await fail()
        async with write(), write():
            await Location.insert(Location(name="kept"))
        assert await asyncio.wait_for(heard.get(), 20) == CHANNEL
        assert heard.empty()
    finally:
        await connection.close()


async def test_a_refused_transaction_is_nothing_to_warn_of(
    postgres: SafePostgresEngine, caplog: pytest.LogCaptureFixture
) -> None:
    async def be_refused() -> None:
        async with write():
            await Location.insert(Location(name="lost"))
            raise ValueError("refused")

    for _ in range(3):
        with pytest.raises(ValueError, match="refused"):
            await be_refused()
    assert await rows("SELECT name FROM location") == []
    assert [entry.message for entry in caplog.records if entry.name == "asyncio"] == []
