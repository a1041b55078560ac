"""Single days' hours and absences are found by day, and days are drawn anew when they, or a location's name, change."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-23T00:25:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Find changed hours and absences by day; count them as changes of what the diary is drawn with"

COUNT = "UPDATE diary_setup SET version = version + 1 WHERE id = 1"

INDEXES = [
    "CREATE UNIQUE INDEX hours_version_practitioner_key ON hours_version (practitioner)",
    "CREATE INDEX changed_hours_day ON changed_hours (day)",
    "CREATE INDEX changed_hours_practitioner ON changed_hours (practitioner, day)",
    "CREATE INDEX absence_last_day ON absence (last_day)",
]

# Table, change, what it is called.
COUNTED = [
    ("changed_hours", "INSERT", "added"),
    ("changed_hours", "DELETE", "removed"),
    ("absence", "INSERT", "added"),
    ("absence", "UPDATE", "changed"),
    ("absence", "DELETE", "removed"),
    ("location", "UPDATE OF name", "changed"),
]

SQLITE_TRIGGER = f"CREATE TRIGGER diary_{{table}}_{{what}} AFTER {{event}} ON {{table}} BEGIN {COUNT}; END"
POSTGRES_TRIGGER = """
CREATE TRIGGER diary_{table}_{what} AFTER {event} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION daybook_count_diary_setup()
"""


async def add_rules() -> None:
    engine = database()
    for index in INDEXES:
        await engine.run_ddl(index)
    trigger = POSTGRES_TRIGGER if engine.engine_type == "postgres" else SQLITE_TRIGGER
    for table, event, what in COUNTED:
        await engine.run_ddl(trigger.format(table=table, event=event, what=what))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
