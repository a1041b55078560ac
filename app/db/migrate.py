"""Bringing a database up to date with migrations/, and telling whether it is."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import redirect_stdout
from functools import cache
from io import StringIO

from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.commands.new import AutoMigrationManager
from piccolo.apps.migrations.tables import Migration

from app.db import Engine, Turn, bind, take_turns, write
from app.db.sqlite import PooledSQLiteEngine
from app.db.sqlite_connection import BUSY_SECONDS, Connection

APP = "daybook"


class MigrationFailed(Exception):
    """A migration could not be run; the database is as it was."""


async def migrate(engine: Engine) -> None:
    """Bind ``engine`` and run what is pending: all of it or, with MigrationFailed, nothing.

    Of several processes that start at once one does the work; the others wait for it and find nothing to do.
    """
    bind(engine)
    if isinstance(engine, PooledSQLiteEngine):
        await _use_wal(engine.path)
    async with write():
        await take_turns(Turn.MIGRATING)
        with redirect_stdout(StringIO()):  # Piccolo prints what it does
            result = await run_forwards(APP)
        if not result.success:
            raise MigrationFailed(result.message)


async def pending() -> list[str]:
    """The ids of the migrations that the bound database lacks, in their order."""
    done = await Migration.get_migrations_which_ran(APP) if await Migration.table_exists() else []
    return [migration for migration in _all() if migration not in done]


@cache  # Piccolo makes sys.path longer each time it looks
def _all() -> list[str]:
    manager = BaseMigrationManager()
    folder = manager.get_app_config(APP).resolved_migrations_folder_path
    return manager.get_migration_ids(manager.get_migration_modules(folder))


async def drift() -> list[str]:
    """What ``make migration`` would write now: where the tables in the code have moved on from the migrations."""
    manager = AutoMigrationManager(auto_input="n")
    with redirect_stdout(StringIO()):
        changes = await manager.get_alter_statements(manager.get_app_config(APP))
    return [statement for change in changes for statement in change.statements]


async def _use_wal(path: str) -> None:
    """Switch the file to write-ahead logging, once for good."""
    connection = Connection(path)
    try:
        async with asyncio.timeout(BUSY_SECONDS):
            while True:
                try:
                    await connection.execute("PRAGMA journal_mode = WAL")
                    return
                except sqlite3.OperationalError as error:
                    # Of two that switch at the same time SQLite refuses one at once, whatever the busy timeout.
                    if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                        raise
                await asyncio.sleep(0.05)
    finally:
        await connection.close()
