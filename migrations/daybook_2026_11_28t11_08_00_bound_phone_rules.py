"""A link is one device's; phones that were known before phones were bound stay so, and show names as they did."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-28T11:08:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Links to devices; earlier phones are bound"

STATEMENTS = (
    "CREATE UNIQUE INDEX device_link_hash_key ON device (link_hash) WHERE link_hash <> ''",
    "UPDATE device SET bound = true, confirmed_at = created_at WHERE kind = 'phone' AND ended_at IS NULL",
)


async def keep_phones() -> None:
    for statement in STATEMENTS:
        await database().run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(keep_phones)
    return manager
