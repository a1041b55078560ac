"""Bringing a database up to date: all of it or nothing, whoever else is at it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.db import bind, connect, execute, rows
from app.db.engine import Engine
from app.db.migrate import drift, migrate, pending
from tests.db.processes import run_elsewhere
from tests.support.databases import Databases


@pytest.fixture
def empty_url(databases: Databases, database_names: Iterator[int]) -> Iterator[str]:
    """A database without tables."""
    name = str(next(database_names))
    yield databases.empty(name)
    databases.remove(name)


@pytest.fixture
def empty(empty_url: str) -> Engine:
    """The same, bound."""
    engine = connect(empty_url)
    bind(engine)
    return engine


async def test_tables_in_the_code_are_those_of_the_migrations(database: Engine) -> None:
    assert await drift() == []


async def test_new_database_lacks_every_migration_and_then_none(empty: Engine) -> None:
    lacking = await pending()
    assert len(lacking) >= 3
    await migrate(empty)
    assert await pending() == []
    assert [row["name"] for row in await rows("SELECT name FROM migration ORDER BY id")] == lacking


async def test_migrating_again_changes_nothing(database: Engine) -> None:
    before = await rows("SELECT * FROM migration")
    await migrate(database)
    assert await rows("SELECT * FROM migration") == before


async def test_migrating_says_nothing(empty: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    await migrate(empty)
    assert capsys.readouterr().out == ""


async def test_processes_that_migrate_at_once_all_find_it_done(empty_url: str) -> None:
    migrating = "await migrate(engine)\nprint(len(await rows('SELECT * FROM clinic')))"
    said = await asyncio.gather(*(run_elsewhere(empty_url, migrating) for _ in range(4)))
    assert said == ["0\n"] * 4
    bind(connect(empty_url))
    done = [row["name"] for row in await rows("SELECT name FROM migration")]
    assert len(done) == len(set(done))
    assert await pending() == []


async def test_migration_that_fails_leaves_the_database_as_it_was(empty: Engine) -> None:
    await execute("CREATE TABLE appointment (id INTEGER)")  # in the way of the first migration
    before = await pending()
    with pytest.raises(Exception, match="already exists"):
        await migrate(empty)
    assert await pending() == before
    with pytest.raises(Exception, match="staff_user"):
        await rows("SELECT * FROM staff_user")
    await execute("DROP TABLE appointment")
    await migrate(empty)
    assert await pending() == []


async def test_sqlite_file_uses_write_ahead_logging_for_good(database: Engine, engine_name: str) -> None:
    if engine_name != "sqlite":
        pytest.skip("PostgreSQL always has one")
    assert await execute("PRAGMA journal_mode") == [{"journal_mode": "wal"}]
    assert await execute("PRAGMA synchronous") == [{"synchronous": 2}]


async def test_piccolos_command_line_finds_the_migrations_and_the_database(
    database_url: str, tmp_path: Path
) -> None:
    environment = {
        "PICCOLO_CONF": "app.piccolo_conf",
        "ENVIRONMENT": "development",
        "DATABASE_URL": database_url,
        "VAR_DIR": str(tmp_path),
    }
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).with_name("piccolo"),
        *("migrations", "check", "daybook"),
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    lines = [line.split("|") for line in said.decode().splitlines() if line.startswith("daybook")]
    assert [ran.strip() for *_, ran in lines] == ["True"] * len(lines)
    assert len(lines) >= 3
