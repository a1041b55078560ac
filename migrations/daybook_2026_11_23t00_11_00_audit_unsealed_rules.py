"""Every new entry of the audit record waits for the sealer; entries are found by who, what and about what."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-23T00:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Queue entries for the sealer; find entries by time, person, action and subject"

INDEXES = """
CREATE UNIQUE INDEX audit_seal_position_key ON audit_seal (position);
CREATE INDEX audit_entry_time ON audit_entry (at, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor, at, id);
CREATE INDEX audit_entry_action ON audit_entry (action, at, id);
CREATE INDEX audit_entry_subject ON audit_entry (subject, subject_id, at, id);
"""

SQLITE_QUEUE = """
CREATE TRIGGER audit_entry_added AFTER INSERT ON audit_entry
BEGIN INSERT INTO audit_unsealed (entry) VALUES (NEW.id); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION daybook_queue_for_sealing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit_unsealed (entry) VALUES (NEW.id); RETURN NULL; END $$
"""
POSTGRES_QUEUE = """
CREATE TRIGGER audit_entry_added AFTER INSERT ON audit_entry
FOR EACH ROW EXECUTE FUNCTION daybook_queue_for_sealing()
"""
EARLIER = """
INSERT INTO audit_unsealed (entry)
SELECT e.id FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = e.id)
"""


async def add_rules() -> None:
    engine = database()
    for index in filter(str.strip, INDEXES.split(";")):
        await engine.run_ddl(index)
    if engine.engine_type == "postgres":
        await engine.run_ddl(POSTGRES_FUNCTION)
        await engine.run_ddl(POSTGRES_QUEUE)
    else:
        await engine.run_ddl(SQLITE_QUEUE)
    await engine.run_ddl(EARLIER)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
