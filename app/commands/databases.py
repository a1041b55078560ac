"""The database as a command finds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.accounts.peppers import check_peppers
from app.db import bind, close_pool, connect, database, open_pool
from app.db import migrate as database_migrations
from app.settings import Settings


class NotMigrated(Exception):
    """The database lacks tables that this code needs. Its text says so to whoever runs the command."""


@asynccontextmanager
async def database_in_use(settings: Settings) -> AsyncIterator[None]:
    """The database as this code needs it, and as these keys fit it; development brings it up to date by itself.

    Raises NotMigrated and WrongPepper.
    """
    async with open_database(settings):
        if settings.is_development:
            await database_migrations.migrate(database())
        elif missing := await database_migrations.pending():
            raise NotMigrated(
                f"The database lacks {len(missing)} migrations; run `python -m app migrate` first."
            )
        await check_peppers()
        yield


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncIterator[None]:
    bind(connect(settings.database_url))
    await open_pool()
    try:
        yield
    finally:
        await close_pool()
