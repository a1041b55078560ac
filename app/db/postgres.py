"""PostgreSQL through asyncpg's pool, without the leaks of Piccolo's transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from typing import Any

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.query import Select

from app.db.engine import Engine
from app.db.faults import Fault, UniqueViolation, broken_rule

CHANNEL = "daybook"
LOOK_SECONDS = 1
CONNECTIONS = 10
# So many are left to single statements: however many transactions wait for each other, whoever only looks is served.
FOR_LOOKS = 4


class SafePostgresEngine(Engine, PostgresEngine):
    """Piccolo on PostgreSQL: every connection comes back, and one that the server dropped is replaced."""

    BEGIN = "BEGIN"

    def __init__(self, url: str) -> None:
        super().__init__(config={"dsn": url, "timeout": 10, "command_timeout": 60})
        self._for_transactions = asyncio.Semaphore(CONNECTIONS - FOR_LOOKS)
        self._at_hand: list[Any] = []
        self._waiting = 0

    async def check_version(self) -> None:
        """Not while it is being built: Piccolo would connect."""

    async def start_connection_pool(self, **_: Any) -> None:
        """Open one connection; more follow as they are needed."""
        self.pool = await asyncpg.create_pool(
            **self.config, min_size=1, max_size=CONNECTIONS, reset=_rolled_back_is_enough
        )

    async def close_connection_pool(self) -> None:
        if self.pool:
            while self._at_hand:
                await self._put_back(self._at_hand.pop())
            await self.pool.close()
            self.pool = None

    async def lend(self) -> Any:
        await self._for_transactions.acquire()
        try:
            return await self._take()
        except BaseException:
            self._for_transactions.release()
            raise

    def undo(self, connection: Any) -> None:
        """Nothing to do: what is open is rolled back when the connection is taken back."""

    async def give_back(self, connection: Any) -> None:
        """The pool shields itself from cancellation."""
        try:
            await self._put_back(connection)
        finally:
            self._for_transactions.release()

    async def announce(self, connection: Any) -> None:
        await connection.execute(f"NOTIFY {CHANNEL}")

    async def take_turns(self, number: int, about: int) -> None:
        await self.run("SELECT pg_advisory_xact_lock($1, $2)", [number, about])

    async def states(self) -> AsyncGenerator[object, None]:
        """Looks when notified, and each second for what was written outside a transaction of ours."""
        connection = await self.get_new_connection()
        try:
            heard = asyncio.Event()
            await connection.add_listener(CHANNEL, lambda *_: heard.set())
            while True:
                heard.clear()
                yield await connection.fetchval("SELECT pg_current_snapshot()::text")
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await heard.wait()
        finally:
            await asyncio.shield(connection.close(timeout=1))

    def seconds_between(self, start: str, end: str) -> str:
        return f"extract(epoch FROM {end} - {start})"

    def joined(self, expression: str) -> str:
        return f"string_agg({expression}, ' ')"

    def passing_over_held(self, query: Select[Any]) -> Select[Any]:
        return query.lock_rows("UPDATE", skip_locked=True)

    async def fetch(self, connection: Any, sql: str, args: Sequence[Any]) -> Any:
        return await connection.fetch(sql, *args)

    async def fetch_alone(self, sql: str, args: Sequence[Any]) -> Any:
        connection = await self._take()
        try:
            found = await connection.fetch(sql, *args)
        except BaseException:
            await self._put_back(connection)
            raise
        # At hand for the next statement, unless others wait: by way of the pool it would cost more than a small read.
        if self.pool and not self._waiting:
            self._at_hand.append(connection)
        else:
            await self._put_back(connection)
        return found

    async def _take(self) -> Any:
        while self._at_hand:
            connection = self._at_hand.pop()
            if not connection.is_closed():
                return connection
            await self._put_back(connection)
        self._waiting += 1
        try:
            return await (self.pool.acquire() if self.pool else self.get_new_connection())
        finally:
            self._waiting -= 1

    async def _put_back(self, connection: Any) -> None:
        # The pool drops a connection that it can't reset. What was committed stays so: nothing to report.
        with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            if not self.pool:
                await asyncio.shield(connection.close())
            elif not connection.is_closed() and connection.is_in_transaction():
                await asyncio.shield(_roll_back_and_release(connection, self.pool))
            else:
                await self.pool.release(connection)

    def fault(self, error: Exception) -> Fault | None:
        if isinstance(error, asyncpg.UniqueViolationError):
            return UniqueViolation(error.constraint_name or "")
        if isinstance(error, asyncpg.RaiseError):
            return broken_rule(error.message or "")
        return None


async def _rolled_back_is_enough(_: Any) -> None:
    """Runs where asyncpg would reset the session after each use, a second round trip: ours set nothing in it."""


async def _roll_back_and_release(connection: Any, pool: Any) -> None:
    """The pool would roll back, too, but tells the log of it as of a mistake."""
    # After a cancelled statement nothing can be run yet: then the pool waits, and does both.
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        await connection.execute("ROLLBACK")
    await pool.release(connection)
