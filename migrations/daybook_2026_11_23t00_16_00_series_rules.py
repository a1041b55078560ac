"""The appointments of a series are found by it."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-23T00:16:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Find the appointments of a series"


async def add_rules() -> None:
    engine = database()
    await engine.run_ddl("CREATE INDEX appointment_series ON appointment (series) WHERE series IS NOT NULL")


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
