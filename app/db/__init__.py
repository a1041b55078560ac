"""The database. Verbs read with ``rows`` or Piccolo's queries, and change things inside ``write``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from enum import IntEnum
from typing import Any

from piccolo.table import TABLE_REGISTRY

from app.db.engine import Engine
from app.db.postgres import SafePostgresEngine
from app.db.sqlite import PooledSQLiteEngine

__all__ = [
    "Engine",
    "Turn",
    "bind",
    "close_pool",
    "connect",
    "database",
    "execute",
    "glance",
    "is_bound",
    "open_pool",
    "records",
    "rows",
    "take_turns",
    "write",
]

_bound: Engine | None = None


class Turn(IntEnum):
    """What one process does at a time. On PostgreSQL the first half of an advisory lock's key: the triggers that keep
    times from being taken twice use 1 for practitioners, as BOOKING does, and 2 for rooms."""

    MIGRATING = 0
    BOOKING = 1
    SEALING = 3
    REMINDING = 4


def connect(url: str) -> Engine:
    """The engine for ``sqlite:///path`` or ``postgresql://…``. Connects to nothing yet."""
    scheme, _, rest = url.partition("://")
    if scheme == "postgresql":
        return SafePostgresEngine(url)
    path = rest.removeprefix("/")
    if scheme != "sqlite" or not rest.startswith("/") or path in ("", ":memory:"):
        raise ValueError("a database's URL is sqlite:///path/to/file or postgresql://user@host/name")
    return PooledSQLiteEngine(path)


def bind(engine: Engine) -> None:
    """Make this the process's database: every table's queries go to it."""
    global _bound
    _bound = engine
    os.environ["PICCOLO_CONF"] = (
        "app.piccolo_conf"  # where tables that are made later ask: a migration makes its own
    )
    for table in TABLE_REGISTRY:
        table._meta.db = engine


def is_bound() -> bool:
    """Whether this process has a database yet."""
    return _bound is not None


def database() -> Engine:
    """The database this process is bound to. Raises RuntimeError when there is none yet."""
    if _bound is None:
        raise RuntimeError("no database yet: call app.db.bind() first")
    return _bound


async def open_pool() -> None:
    """Open the bound database's connections."""
    await database().start_connection_pool()


async def close_pool() -> None:
    """Wait for what is running, then close the connections."""
    await database().close_connection_pool()


def write() -> AbstractAsyncContextManager[object]:
    """A transaction: all of what is done inside is kept, or nothing.

    On SQLite it is the only one that may write until it ends; on PostgreSQL the other processes are notified as it
    commits. Inside another it is a savepoint: an error that leaves it and is caught undoes the inner part alone.
    """
    transaction: AbstractAsyncContextManager[object] = database().transaction()
    return transaction


async def take_turns(turn: Turn, about: int = 0) -> None:
    """Inside ``write``: wait for whoever does the same, in whichever process, to end their transaction.

    ``about`` is whom or what it is done to, where others may be done at the same time.
    """
    await database().take_turns(turn, about)


async def rows(sql: str, *args: Any) -> list[dict[str, Any]]:
    """What a query of our own returns; ``{}`` stands for each argument in turn. Joins the open transaction.

    On SQLite a plain column has its Python type, but the result of an expression is a number or text.
    """
    engine = database()
    return engine.transform_response_to_dicts(await engine.run_own(sql, args))


async def records(sql: str, *args: Any, few: bool = False) -> Sequence[Sequence[Any]]:
    """The same with the columns in their order instead of by name: dozens of rows are there sooner.

    ``few`` says that there won't be more of them; they are then had as by ``glance``.
    """
    found: Sequence[Sequence[Any]] = await database().run_own(sql, args, glance=few)
    return found


async def glance(sql: str, *args: Any) -> list[dict[str, Any]]:
    """The same for a look at a few rows by their keys, as every page begins with: it may hold up everything else.

    On SQLite to ask another thread would take several times as long as the look itself.
    """
    engine = database()
    return engine.transform_response_to_dicts(await engine.run_own(sql, args, glance=True))


async def execute(sql: str, *args: Any) -> list[dict[str, Any]]:
    """Change something with a statement of our own; returns the rows of its RETURNING."""
    return await rows(sql, *args)
