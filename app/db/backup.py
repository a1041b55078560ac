"""A copy of the database while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from anyio import to_thread

from app.db import database
from app.db.sqlite import PooledSQLiteEngine


class CannotBackUp(Exception):
    """Why there is no copy. Its text says so, and what to do, to whoever asked for it."""


async def back_up(to: Path) -> int:
    """Copy SQLite's file as it stands at one moment into the new file ``to``; its size in bytes.

    Copying the file itself would miss what still stands in its log. Raises CannotBackUp, on PostgreSQL always.
    """
    engine = database()
    if not isinstance(engine, PooledSQLiteEngine):
        raise CannotBackUp(
            'PostgreSQL makes its own backups: pg_dump --format=custom --file daybook.dump "$DATABASE_URL"'
        )
    return await to_thread.run_sync(_copy, Path(engine.path), to)


def _copy(database_file: Path, to: Path) -> int:
    if to.exists():
        raise CannotBackUp(f"The copy failed: there is a file {to} already. Choose another name.")
    unfinished = to.with_name(f"{to.name}.unfinished")
    try:
        # Nobody else may read it: it holds patients.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(database_file)) as source, closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
            [checked] = copy.execute("PRAGMA integrity_check").fetchone()
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    except (OSError, sqlite3.Error) as fault:
        unfinished.unlink(missing_ok=True)
        raise CannotBackUp(f"The copy failed: {fault}.") from None
    if checked != "ok":
        raise CannotBackUp(f"The copy is damaged, and so may be the database: {checked}. See {unfinished}.")
    unfinished.rename(to)
    return to.stat().st_size
