"""Where statements run, what they return, and what is refused before they do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.accounts.tables import SetupLink
from app.clinic.tables import Location
from app.clock import now
from app.db import connect, execute, glance, rows, write
from app.db.engine import Engine
from app.db.postgres import SafePostgresEngine
from app.db.sqlite import PooledSQLiteEngine, reads_only

NAIVE = datetime(2026, 11, 23, 9)  # noqa: DTZ001 - what is refused
SUMMER = datetime(2026, 7, 1, 9, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT 1",
        "\n  select name FROM location",
        "SELECT replace(name, 'a', 'b') FROM location",
        "WITH l AS (SELECT 1) SELECT * FROM l",
        "WITH l AS (SELECT updated FROM t) SELECT * FROM l",
    ],
)
def test_readers_get_what_only_reads(sql: str) -> None:
    assert reads_only(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO location (name) VALUES (1) RETURNING id",
        "WITH l AS (SELECT 1) INSERT INTO location SELECT * FROM l",
        "with l AS (SELECT 1)\ndelete\nfrom location",
        "UPDATE location SET name = 'SELECT'",
        "PRAGMA user_version = 3",
        "CREATE TABLE x (y)",
    ],
)
def test_writer_gets_everything_else(sql: str) -> None:
    assert not reads_only(sql)


async def test_with_that_inserts_is_a_change_and_returns_its_rows(database: Engine) -> None:
    added = await execute(
        "WITH wanted (name) AS (SELECT {} || '') INSERT INTO location (name, address, active)"
        " SELECT name, '', {} FROM wanted RETURNING id, name",
        "High Street",
        True,
    )
    assert added == await rows("SELECT id, name FROM location")


async def test_braces_stand_for_arguments_in_their_order(database: Engine) -> None:
    await execute("INSERT INTO location (name, address, active) VALUES ({}, {}, {})", "a", "b' OR 1", False)
    assert await rows(
        "SELECT name, active FROM location WHERE address = {} AND name = {}", "b' OR 1", "a"
    ) == [{"name": "a", "active": False}]


async def test_raw_reads_join_the_open_transaction(database: Engine) -> None:
    async with write():
        await Location.insert(Location(name="one"))
        assert await rows("SELECT name FROM location") == [{"name": "one"}]


async def test_a_glance_joins_the_open_transaction_and_sees_the_last_commit(database: Engine) -> None:
    async with write():
        await Location.insert(Location(name="one"))
        assert await glance("SELECT name FROM location") == [{"name": "one"}]
    await Location.insert(Location(name="two"))
    assert await glance("SELECT name FROM location WHERE name = {}", "two") == [{"name": "two"}]


async def test_moments_come_back_in_utc_with_their_microseconds(database: Engine) -> None:
    at = SUMMER.replace(microsecond=123)
    await SetupLink.insert(SetupLink(token_hash="a", created_at=at, expires_at=at))
    found = await rows("SELECT created_at FROM setup_link WHERE created_at = {}", at)
    assert found == [{"created_at": at}]
    assert found[0]["created_at"].utcoffset() == timedelta(0)


async def test_moments_compare_by_time_whatever_zone_they_were_given_in(database: Engine) -> None:
    await SetupLink.insert(SetupLink(token_hash="a", created_at=SUMMER, expires_at=SUMMER))
    half_past_eight_utc = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
    assert await rows("SELECT 1 AS earlier FROM setup_link WHERE created_at < {}", half_past_eight_utc)
    assert not await SetupLink.exists().where(SetupLink.created_at > half_past_eight_utc)


async def test_naive_times_are_refused_wherever_they_come_from(database: Engine) -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SetupLink(token_hash="a", created_at=NAIVE, expires_at=now())
    with pytest.raises(ValueError, match="no time zone"):
        await SetupLink.update({SetupLink.used_at: NAIVE}).where(SetupLink.id == 1)
    with pytest.raises(ValueError, match="no time zone"):
        await SetupLink.select().where(SetupLink.created_at > NAIVE)
    with pytest.raises(ValueError, match="no time zone"):
        await rows("SELECT 1 FROM setup_link WHERE created_at > {}", NAIVE)


async def test_new_row_must_be_given_its_moments(database: Engine) -> None:
    with pytest.raises(ValueError, match="created_at"):
        SetupLink(token_hash="a", expires_at=now())
    with pytest.raises(TypeError, match="in Python"):
        SetupLink.created_at + timedelta(days=1)


@pytest.mark.parametrize(
    "url", ["sqlite:///", "sqlite:///:memory:", "sqlite://file", "mysql://host/name", "file"]
)
def test_url_that_names_no_usable_database_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="URL"):
        connect(url)


def test_url_chooses_the_engine_without_connecting() -> None:
    assert isinstance(connect("sqlite:///no/such/file"), PooledSQLiteEngine)
    assert isinstance(connect("postgresql://nobody@localhost:1/nothing"), SafePostgresEngine)
