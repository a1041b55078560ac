"""What all days are drawn with has a version that counts by itself, so that nothing that changes it can forget to.

A table of which days are drawn too, such as one-off hours, gets its triggers in the migration that adds it.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-22T22:12:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Count the changes of what the diary is drawn with; find a day's versions"

COUNT = "UPDATE diary_setup SET version = version + 1 WHERE id = 1"

# Table, change, what it is called.
COUNTED = [
    ("staff_user", "INSERT", "added"),
    ("staff_user", 'UPDATE OF name, search, practitioner, "current"', "changed"),
    ("working_hours", "INSERT", "added"),
    ("working_hours", "UPDATE", "changed"),
    ("working_hours", "DELETE", "removed"),
    ("appointment_type", "UPDATE OF name, colour", "changed"),
    ("room", "UPDATE OF name", "changed"),
]

SQLITE_TRIGGER = "CREATE TRIGGER diary_{table}_{what} AFTER {event} ON {table} BEGIN {count}; END"

POSTGRES_FUNCTION = """
CREATE FUNCTION daybook_count_diary_setup() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN {count}; RETURN NULL; END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER diary_{table}_{what} AFTER {event} ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION daybook_count_diary_setup()
"""


async def add_rules() -> None:
    engine = database()
    await engine.run_ddl("INSERT INTO diary_setup (id, version) VALUES (1, 1)")
    await engine.run_ddl("CREATE INDEX day_version_day ON day_version (day)")
    await engine.run_ddl('CREATE UNIQUE INDEX diary_preference_user_key ON diary_preference ("user")')
    postgres = engine.engine_type == "postgres"
    if postgres:
        await engine.run_ddl(POSTGRES_FUNCTION.format(count=COUNT))
    trigger = POSTGRES_TRIGGER if postgres else SQLITE_TRIGGER
    for table, event, what in COUNTED:
        await engine.run_ddl(trigger.format(table=table, event=event, what=what, count=COUNT))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
