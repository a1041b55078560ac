"""SQLite behind a small pool: one writer and a few readers, each a connection with a thread of its own.

Piccolo's engine opens both anew for every query, and leaks them when a BEGIN or COMMIT fails.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from piccolo.engine.sqlite import SQLiteEngine
from piccolo.query import Select

from app.db.engine import Engine
from app.db.faults import Fault, UniqueViolation, broken_rule
from app.db.sqlite_connection import Connection, fetch_rows, open_file

LOOK_SECONDS = 0.2  # at a data_version costs 4 µs

# Piccolo's converters, in half the time of a 40-row read: it goes by way of Decimal, and sets a zone that is there.
# A diary is full of the same moments, so what was read of them last is remembered.
sqlite3.converters.pop("INTEGER", None)  # without one it is a number already
sqlite3.register_converter("BOOLEAN", b"1".__eq__)
sqlite3.register_converter("DATE", lru_cache(4096)(lambda stored: date.fromisoformat(stored.decode())))
sqlite3.register_converter(
    "TIMESTAMPTZ", lru_cache(4096)(lambda stored: datetime.fromisoformat(stored.decode()))
)

_CHANGE = re.compile(r"\b(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


def reads_only(sql: str) -> bool:
    """Whether a reader may run it.

    A WITH may end in a change. One that merely mentions such a word is lent the writer, which does no harm.
    """
    first = sql.split(maxsplit=1)[0].upper()
    return first == "SELECT" or (first == "WITH" and not _CHANGE.search(sql))


class Pool:
    """Connections, each lent to one caller at a time; first come, first served. Kept open from ``open`` to ``close``;
    otherwise, as commands use it, each is open only while it is lent.
    """

    def __init__(self, *connections: Connection) -> None:
        self._all = connections
        self._idle = list(connections)
        self._free = asyncio.Semaphore(len(connections))
        self._kept = False

    async def lend(self) -> Connection:
        """A connection that nobody else uses until it is given back."""
        await self._free.acquire()
        return self._idle.pop()

    async def give_back(self, connection: Connection) -> None:
        """Let the next caller have it, at once: what is still running on it comes before what is called next."""
        self._idle.append(connection)
        self._free.release()
        if not self._kept:
            await connection.close()

    async def fetch(self, sql: str, args: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Run one statement on whichever connection is free."""
        connection = await self.lend()
        try:
            return await connection.fetch(sql, args)
        finally:
            await self.give_back(connection)

    async def open(self) -> None:
        """Open every connection now."""
        self._kept = True
        for connection in self._all:
            await connection.execute("SELECT 1")

    async def close(self) -> None:
        """Close every connection once all are given back."""
        self._kept = False
        for _ in self._all:
            await self._free.acquire()
        for connection in self._all:
            self._free.release()
            await connection.close()


class PooledSQLiteEngine(Engine, SQLiteEngine):
    """Piccolo on SQLite: writes take turns, in transactions that are IMMEDIATE; reads see the last commit."""

    # A DEFERRED transaction that reads before it writes fails with "database is locked" when another wrote meanwhile.
    BEGIN = "BEGIN IMMEDIATE"

    def __init__(self, path: str, readers: int = 2) -> None:
        super().__init__(path=path)
        self._writer = Pool(Connection(path))
        self._readers = Pool(*(Connection(path, read_only=True) for _ in range(readers)))
        self._near: sqlite3.Connection | None = None

    async def start_connection_pool(self) -> None:
        """Fail now, not at the first request, if the file can't be opened."""
        await self._writer.open()
        await self._readers.open()
        self._near = open_file(self.path, read_only=True, busy_seconds=0)

    async def close_connection_pool(self) -> None:
        """Wait for what is running, then close the file. The readers go first: the last to close tidies the WAL."""
        if self._near:
            self._near.close()
            self._near = None
        await self._readers.close()
        await self._writer.close()

    async def lend(self) -> Connection:
        return await self._writer.lend()

    def undo(self, connection: Connection) -> None:
        connection.roll_back()

    async def give_back(self, connection: Connection) -> None:
        await self._writer.give_back(connection)

    async def announce(self, connection: Connection) -> None:
        """Nothing to do: a commit changes the file's data_version, which every process watches."""

    async def take_turns(self, number: int, about: int) -> None:
        """Nothing to do: of transactions that may write there is one at a time."""

    async def states(self) -> AsyncGenerator[object, None]:
        connection = Connection(self.path, read_only=True)
        try:
            while True:
                yield await connection.fetch("PRAGMA data_version")
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            await connection.close()

    def seconds_between(self, start: str, end: str) -> str:
        return f"(unixepoch({end}) - unixepoch({start}))"

    def joined(self, expression: str) -> str:
        return f"group_concat({expression}, ' ')"

    def passing_over_held(self, query: Select[Any]) -> Select[Any]:
        """It is as it is: nobody else holds anything while this transaction may write."""
        return query

    async def fetch(self, connection: Connection, sql: str, args: Sequence[Any]) -> list[sqlite3.Row]:
        return await connection.fetch(sql, args, in_transaction=True)

    async def fetch_alone(self, sql: str, args: Sequence[Any]) -> list[sqlite3.Row]:
        return await (self._readers if reads_only(sql) else self._writer).fetch(sql, args)

    async def fetch_at_once(self, sql: str, args: Sequence[Any]) -> list[sqlite3.Row]:
        if self._near:
            with suppress(sqlite3.OperationalError):  # where it would have to wait, it is done as any other
                return fetch_rows(self._near, sql, args)
        return await self.fetch_alone(sql, args)

    def transform_response_to_dicts(self, results: Sequence[sqlite3.Row]) -> list[dict[str, Any]]:
        """The rows by their columns' names. Not by ``dict()``, which goes through all names for each value."""
        names = results[0].keys() if results else ()
        return [dict(zip(names, row, strict=True)) for row in results]

    def fault(self, error: Exception) -> Fault | None:
        if not isinstance(error, sqlite3.IntegrityError):
            return None
        if error.sqlite_errorname in ("SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"):
            return UniqueViolation(_constraint(error))
        return broken_rule(str(error))


def _constraint(error: sqlite3.IntegrityError) -> str:
    """PostgreSQL's name for what SQLite reports as ``UNIQUE constraint failed: table.column, table.column``."""
    columns = [column.split(".") for column in str(error).partition(": ")[2].split(", ")]
    table = columns[0][0]
    if error.sqlite_errorname == "SQLITE_CONSTRAINT_PRIMARYKEY":
        return f"{table}_pkey"
    return "_".join([table, *(name for _, name in columns), "key"])
