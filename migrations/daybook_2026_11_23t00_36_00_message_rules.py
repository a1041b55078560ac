"""What Admin › Messages looks for: somebody's messages, and those of a day."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-23T00:36:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the messages"

INDEXES = (
    "CREATE INDEX message_user ON message (user_id, purpose)",
    "CREATE INDEX message_posted ON message (created_at)",
)


async def add_indexes() -> None:
    for index in INDEXES:
        await database().run_ddl(index)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
