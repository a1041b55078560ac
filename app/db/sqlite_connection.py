"""One SQLite connection and the only thread that touches it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")

BUSY_SECONDS = 10
_SETTINGS = (
    "PRAGMA synchronous = FULL",  # with WAL a committed booking survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # or INSERT OR REPLACE deletes without asking the triggers
)


def open_file(path: str, *, read_only: bool, busy_seconds: float) -> sqlite3.Connection:
    """The driver's connection, for the thread that calls this; it waits for others at most ``busy_seconds``."""
    raw = sqlite3.connect(
        path,
        timeout=busy_seconds,
        isolation_level=None,  # transactions begin when we say so
        detect_types=sqlite3.PARSE_DECLTYPES,  # Piccolo's converters, by the columns' types
    )
    raw.row_factory = sqlite3.Row
    for setting in _SETTINGS:
        raw.execute(setting)
    if read_only:
        raw.execute("PRAGMA query_only = ON")
    return raw


def fetch_rows(raw: sqlite3.Connection, sql: str, args: Sequence[Any]) -> list[sqlite3.Row]:
    """Run one statement and return its rows."""
    return raw.execute(sql, args).fetchall()


class Connection:
    """Opened by its first call. Calls run one after the other in the order they were made, and to their end even if
    their caller is cancelled; so what is called next always finds the connection at rest.

    The thread is an executor's: it doesn't keep a process alive that forgot to close its connections.
    """

    def __init__(self, path: str, *, read_only: bool = False) -> None:
        self._path = path
        self._read_only = read_only
        self._raw: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="sqlite")

    async def fetch(
        self, sql: str, args: Sequence[Any] = (), *, in_transaction: bool = False
    ) -> list[sqlite3.Row]:
        """Run one statement and return its rows.

        ``in_transaction`` raises sqlite3.OperationalError where an earlier error (a full disk) has ended the open
        transaction: the statement would otherwise be committed by itself.
        """
        return await self._call(self._fetch, sql, args, in_transaction)

    async def execute(self, sql: str) -> None:
        """Run one statement that has no rows."""
        await self._call(self._fetch, sql, (), False)

    def roll_back(self) -> None:
        """Undo an open transaction, before whatever is called next. Nothing to wait for, so nothing to cancel."""
        self._thread.submit(self._roll_back)

    async def close(self) -> None:
        """Close it after all earlier calls, also when cancelled while waiting for that. A later call opens it again."""
        closing = self._thread.submit(self._close)
        await asyncio.shield(asyncio.wrap_future(closing))

    async def _call(self, function: Callable[..., T], *args: Any) -> T:
        # What run_in_executor does, without its second future: that would take as long as a small read.
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._thread.submit(_run, answer, function, args)
        return await answer

    # What follows runs in the thread.

    def _open(self) -> sqlite3.Connection:
        if self._raw is None:
            self._raw = open_file(self._path, read_only=self._read_only, busy_seconds=BUSY_SECONDS)
        return self._raw

    def _fetch(self, sql: str, args: Sequence[Any], in_transaction: bool) -> list[sqlite3.Row]:
        raw = self._open()
        if in_transaction and not raw.in_transaction:
            raise sqlite3.OperationalError("the transaction has already been undone by an error in it")
        return fetch_rows(raw, sql, args)

    def _roll_back(self) -> None:
        if self._raw and self._raw.in_transaction:
            self._raw.rollback()

    def _close(self) -> None:
        if self._raw:
            self._raw.close()
            self._raw = None


def _run(answer: asyncio.Future[T], function: Callable[..., T], args: tuple[Any, ...]) -> None:
    try:
        settle = partial(_settle, answer, result=function(*args))
    except Exception as error:
        settle = partial(_settle, answer, error=error)
    with suppress(RuntimeError):  # the loop is over, and with it whoever asked
        answer.get_loop().call_soon_threadsafe(settle)


def _settle(answer: asyncio.Future[Any], result: Any = None, error: Exception | None = None) -> None:
    if answer.done():  # whoever asked has been cancelled
        return
    if error:
        answer.set_exception(error)
    else:
        answer.set_result(result)
