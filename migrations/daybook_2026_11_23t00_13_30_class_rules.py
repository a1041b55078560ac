"""A class is drawn with how many it takes, so a change of that is one of what all days are drawn with."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-23T00:13:30:000000"
VERSION = "1.38.0"
DESCRIPTION = "Count the changes of a type's capacity"

EVENT = "AFTER UPDATE OF name, colour, capacity ON appointment_type"

SQLITE_TRIGGER = f"""
CREATE TRIGGER diary_appointment_type_changed {EVENT}
BEGIN UPDATE diary_setup SET version = version + 1 WHERE id = 1; END
"""
POSTGRES_TRIGGER = f"""
CREATE TRIGGER diary_appointment_type_changed {EVENT}
FOR EACH STATEMENT EXECUTE FUNCTION daybook_count_diary_setup()
"""


async def count_capacity() -> None:
    engine = database()
    postgres = engine.engine_type == "postgres"
    await engine.run_ddl(
        f"DROP TRIGGER diary_appointment_type_changed{' ON appointment_type' if postgres else ''}"
    )
    await engine.run_ddl(POSTGRES_TRIGGER if postgres else SQLITE_TRIGGER)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(count_capacity)
    return manager
