"""How the codes of a number, and of the portal, are counted."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-28T11:01:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the phone codes"

INDEXES = (
    "CREATE INDEX phone_code_mobile ON phone_code (mobile_key, created_at)",
    "CREATE INDEX phone_code_created ON phone_code (created_at)",
)


async def add_indexes() -> None:
    for index in INDEXES:
        await database().run_ddl(index)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
