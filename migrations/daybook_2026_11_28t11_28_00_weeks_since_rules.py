"""A practitioner's ordinary weeks begin on different days, and one without hours is drawn as well."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-28T11:28:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "One ordinary week since each day; count weeks as changes of what the diary is drawn with"

COUNT = "UPDATE diary_setup SET version = version + 1 WHERE id = 1"

# Change, what it is called.
COUNTED = [("INSERT", "added"), ("UPDATE OF since", "changed"), ("DELETE", "removed")]

SQLITE_TRIGGER = (
    f"CREATE TRIGGER diary_hours_version_{{what}} AFTER {{event}} ON hours_version BEGIN {COUNT}; END"
)
POSTGRES_TRIGGER = """
CREATE TRIGGER diary_hours_version_{what} AFTER {event} ON hours_version
FOR EACH STATEMENT EXECUTE FUNCTION daybook_count_diary_setup()
"""


async def add_rules() -> None:
    engine = database()
    await engine.run_ddl("DROP INDEX hours_version_practitioner_key")
    await engine.run_ddl(
        "CREATE UNIQUE INDEX hours_version_practitioner_since_key ON hours_version (practitioner, since)"
    )
    trigger = POSTGRES_TRIGGER if engine.engine_type == "postgres" else SQLITE_TRIGGER
    for event, what in COUNTED:
        await engine.run_ddl(trigger.format(event=event, what=what))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
