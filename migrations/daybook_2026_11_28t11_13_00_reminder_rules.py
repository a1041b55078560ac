"""What reminders are found by, and triggers that note which appointments have to be looked at anew.

Nothing is noted while there are no rules: a clinic that sends no reminders pays nothing for them.
"""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-28T11:13:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the reminders; note the appointments that have changed"

INDEXES = """
CREATE UNIQUE INDEX reminder_rule_channel_key ON reminder_rule (COALESCE(type, 0), channel);
CREATE UNIQUE INDEX reminder_appointment_patient_channel_lead_starts_at_key
    ON reminder (appointment, patient, channel, lead, starts_at) WHERE stands;
CREATE INDEX reminder_due ON reminder (channel, due_at) WHERE state = 'planned';
CREATE INDEX reminder_message ON reminder (message) WHERE message IS NOT NULL;
CREATE INDEX reminder_token ON reminder (token_hash) WHERE token_hash <> '';
CREATE UNIQUE INDEX cancel_request_appointment_patient_key
    ON cancel_request (appointment, patient) WHERE settled_at IS NULL;
CREATE INDEX message_appointment ON message (appointment_id) WHERE appointment_id IS NOT NULL;
CREATE INDEX patient_mobile ON patient (mobile) WHERE mobile <> '';
"""

RULES = "EXISTS (SELECT 1 FROM reminder_rule)"
# Name, table, when, for which rows, which appointment and patient, whether it is news that they should hear of.
# A message's way to the mail server isn't looked at, only where it has ended.
NOTED = [
    ("attendance_added", "attendance", "INSERT", RULES, "NEW.appointment, NEW.patient", "{true}"),
    (
        "attendance_changed",
        "attendance",
        "UPDATE OF status",
        f"NEW.status <> OLD.status AND {RULES}",
        "NEW.appointment, NEW.patient",
        "{false}",
    ),
    ("attendance_removed", "attendance", "DELETE", RULES, "OLD.appointment, OLD.patient", "{false}"),
    (
        "appointment_moved",
        "appointment",
        "UPDATE OF starts_at",
        f"NEW.starts_at <> OLD.starts_at AND {RULES}",
        "NEW.id, NULL",
        "{true}",
    ),
    (
        "appointment_changed",
        "appointment",
        "UPDATE OF status, type",
        f"(NEW.status <> OLD.status OR NEW.type <> OLD.type) AND {RULES}",
        "NEW.id, NULL",
        "{false}",
    ),
    (
        "message_ended",
        "message",
        "UPDATE OF state",
        "NEW.appointment_id IS NOT NULL AND NEW.state <> OLD.state AND NEW.state NOT IN ('queued', 'sending')",
        "NEW.appointment_id, NEW.patient_id",
        "{false}",
    ),
]

SQLITE = """
CREATE TRIGGER reminder_{name} AFTER {event} ON {table} WHEN {condition}
BEGIN INSERT INTO reminder_work (appointment, patient, news) VALUES ({whose}, {news}); END
"""
POSTGRES_FUNCTION = """
CREATE FUNCTION reminder_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN INSERT INTO reminder_work (appointment, patient, news) VALUES ({whose}, {news}); END IF;
    RETURN NULL;
END $$
"""
POSTGRES_TRIGGER = """
CREATE TRIGGER reminder_{name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION reminder_{name}()
"""


async def add_rules() -> None:
    engine = database()
    postgres = engine.engine_type == "postgres"
    truths = {"true": "TRUE", "false": "FALSE"} if postgres else {"true": "1", "false": "0"}
    for index in filter(str.strip, INDEXES.split(";")):
        await engine.run_ddl(index)
    await engine.run_ddl(
        "INSERT INTO reminder_hours (id, quiet_from, quiet_until, version) VALUES (1, '20:00:00', '08:00:00', 1)"
    )
    for name, table, event, condition, whose, news in NOTED:
        said = {"name": name, "table": table, "event": event, "condition": condition, "whose": whose}
        for statement in (POSTGRES_FUNCTION, POSTGRES_TRIGGER) if postgres else (SQLITE,):
            await engine.run_ddl(statement.format(**said, news=news.format(**truths)))


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
