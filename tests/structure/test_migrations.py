"""The migrations make the tables that the code has."""

from __future__ import annotations

from app.db import Engine
from app.db.migrate import drift


async def test_migrations_keep_up_with_the_tables(database: Engine) -> None:
    assert await drift() == []
