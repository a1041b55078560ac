"""The rules that Piccolo can't say: what is unique together, what is read often, and what triggers refuse.

Unique indexes are named as PostgreSQL would name them, ``<table>_<columns>_key``: app.db.faults reports that name
on both engines. A trigger's message is ``daybook:`` and the rule's name.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-22T21:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes, and the triggers that keep a table as it should be"

INDEXES = """
CREATE UNIQUE INDEX created_once_actor_key_key ON created_once (actor, "key");

CREATE UNIQUE INDEX audit_seal_entry_key ON audit_seal (entry);

CREATE UNIQUE INDEX message_channel_provider_reference_key ON message (channel, provider_reference)
    WHERE provider_reference <> '';
CREATE INDEX message_next ON message (state, next_attempt_at);

CREATE UNIQUE INDEX staff_user_email_key ON staff_user (email) WHERE "current" AND email <> '';
CREATE UNIQUE INDEX staff_user_mobile_key ON staff_user (mobile) WHERE "current" AND mobile <> '';
CREATE UNIQUE INDEX credential_user_kind_key ON credential ("user", kind);
CREATE INDEX device_previous_token ON device (previous_token_hash);
CREATE INDEX device_user ON device ("user");
CREATE INDEX login_session_user ON login_session ("user");
CREATE INDEX login_session_end ON login_session (expires_at);
CREATE UNIQUE INDEX login_failures_kind_key_key ON login_failures (kind, "key");

CREATE INDEX portal_check_time ON portal_check (checked_at);

CREATE UNIQUE INDEX online_user_wizard_user_key ON online_user_wizard ("user") WHERE finished_at IS NULL;

CREATE INDEX patient_search ON patient (search);
CREATE INDEX working_hours_day ON working_hours (practitioner, weekday);
CREATE INDEX appointment_practitioner_start ON appointment (practitioner, starts_at);
CREATE INDEX appointment_room_start ON appointment (room, starts_at) WHERE room IS NOT NULL;
CREATE INDEX appointment_start ON appointment (starts_at);
CREATE UNIQUE INDEX attendance_appointment_patient_key ON attendance (appointment, patient);
CREATE INDEX attendance_patient ON attendance (patient);
CREATE UNIQUE INDEX day_version_practitioner_day_key ON day_version (practitioner, day);
"""

# Each refuses a change: name, table, when, for which rows (of NEW), rule.
REFUSALS = [
    ("clinic_added", "clinic", "INSERT", "NEW.id <> 1", "one-clinic"),
    ("clinic_moved", "clinic", "UPDATE OF id", "NEW.id <> 1", "one-clinic"),
    ("audit_entry_changed", "audit_entry", "UPDATE", None, "append-only"),
    ("audit_entry_removed", "audit_entry", "DELETE", None, "append-only"),
    ("audit_seal_changed", "audit_seal", "UPDATE", None, "append-only"),
    ("audit_seal_removed", "audit_seal", "DELETE", None, "append-only"),
]

# SQLite knows a new row's id only after it was inserted.
SQLITE_REFUSAL = """
CREATE TRIGGER {name} AFTER {event} ON {table} {when}
BEGIN SELECT RAISE(ABORT, 'daybook:{rule}'); END
"""

POSTGRES_REFUSE = """
CREATE FUNCTION daybook_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'daybook:%', TG_ARGV[0]; END $$
"""
POSTGRES_REFUSAL = """
CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION daybook_refuse('{rule}')
"""
POSTGRES_TRUNCATE = """
CREATE TRIGGER {table}_emptied BEFORE TRUNCATE ON {table} EXECUTE FUNCTION daybook_refuse('append-only')
"""


async def add_rules() -> None:
    engine = database()
    postgres = engine.engine_type == "postgres"
    for index in filter(str.strip, INDEXES.split(";")):
        await engine.run_ddl(index)
    if postgres:
        await engine.run_ddl(POSTGRES_REFUSE)
        for table in ("audit_entry", "audit_seal"):
            await engine.run_ddl(POSTGRES_TRUNCATE.format(table=table))
    refusal = POSTGRES_REFUSAL if postgres else SQLITE_REFUSAL
    for name, table, event, rows, rule in REFUSALS:
        when = f"WHEN ({rows})" if rows else ""
        await engine.run_ddl(refusal.format(name=name, table=table, event=event, when=when, rule=rule))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
