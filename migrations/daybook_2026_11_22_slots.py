"""No double booking by accident: the database refuses an appointment whose practitioner or room is taken.

A row occupies its time unless it is cancelled, late cancelled, or a hold that has lapsed by the database's clock.
What would newly overlap an occupying row is refused: a new row, one that moves or changes its length, that gets
another practitioner or room, is un-cancelled, or is no longer forced. A status that changes while the time stays taken
isn't looked at, or nobody could arrive for an appointment over which another was forced.

A forced row waits its turn like every other and is then let in. It occupies its time for whoever comes next, which an
exclusion constraint with ``WHERE NOT forced`` would overlook.
"""

from __future__ import annotations

from collections.abc import Iterator

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-22T21:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "No double booking by accident"

# Nothing lasts longer than the longest day there is, when the clocks go back. So whatever overlaps a time began at
# most that long before it, and an index on the start finds it without reading all the past.
LONGEST = "25 hours"

WATCHED = "practitioner, room, starts_at, ends_at, status, forced, held_until"

# Stored times are text in UTC and compare as such; SQLite's own, without the offset at the end, compare right as well.
SQLITE_TIMES = f"""
CREATE TRIGGER appointment_times_{{event}} BEFORE {{on}} ON appointment
WHEN NEW.ends_at <= NEW.starts_at OR datetime(NEW.ends_at) > datetime(NEW.starts_at, '+{LONGEST}')
BEGIN SELECT RAISE(ABORT, 'daybook:appointment-times'); END
"""
SQLITE_OCCUPIES = """
{row}.status NOT IN ('cancelled', 'late_cancelled')
AND ({row}.held_until IS NULL OR {row}.held_until > strftime('%Y-%m-%d %H:%M:%f', 'now'))
"""
SQLITE_CHANGED = f"""
NEW.{{whose}} IS NOT OLD.{{whose}} OR NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at
OR OLD.forced OR NOT ({SQLITE_OCCUPIES.format(row="OLD")})
"""
SQLITE_SLOT = f"""
CREATE TRIGGER appointment_{{whose}}_{{event}} BEFORE {{on}} ON appointment
WHEN NOT NEW.forced AND {SQLITE_OCCUPIES.format(row="NEW")} AND ({{newly}})
BEGIN
    SELECT RAISE(ABORT, 'daybook:slot-taken:{{whose}}') WHERE {{exclusive}} AND EXISTS (
        SELECT 1 FROM appointment other
        WHERE other.{{whose}} = NEW.{{whose}} AND other.id <> NEW.id
          AND other.starts_at < NEW.ends_at AND other.starts_at >= datetime(NEW.starts_at, '-{LONGEST}')
          AND other.ends_at > NEW.starts_at AND {SQLITE_OCCUPIES.format(row="other")}
    );
END
"""

POSTGRES_OCCUPIES = """
CREATE FUNCTION appointment_occupies(a appointment) RETURNS boolean STABLE LANGUAGE sql AS $$
    SELECT a.status NOT IN ('cancelled', 'late_cancelled') AND (a.held_until IS NULL OR a.held_until > now())
$$
"""
POSTGRES_SLOT = f"""
CREATE FUNCTION appointment_slot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newly boolean := TG_OP = 'INSERT';
BEGIN
    IF NEW.ends_at <= NEW.starts_at OR NEW.ends_at > NEW.starts_at + interval '{LONGEST}' THEN
        RAISE EXCEPTION 'daybook:appointment-times';
    END IF;
    IF NOT appointment_occupies(NEW) THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        newly := NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at
            OR OLD.forced OR NOT appointment_occupies(OLD);
    END IF;
    -- Whoever waits for a lock reads afterwards, and so sees what was committed meanwhile.
    IF newly OR NEW.practitioner <> OLD.practitioner THEN
        PERFORM pg_advisory_xact_lock(1, NEW.practitioner);
        IF NOT NEW.forced AND EXISTS (
            SELECT 1 FROM appointment other
            WHERE other.practitioner = NEW.practitioner AND other.id <> NEW.id
              AND other.starts_at < NEW.ends_at AND other.starts_at > NEW.starts_at - interval '{LONGEST}'
              AND other.ends_at > NEW.starts_at AND appointment_occupies(other)
        ) THEN
            RAISE EXCEPTION 'daybook:slot-taken:practitioner';
        END IF;
    END IF;
    IF (newly OR NEW.room IS DISTINCT FROM OLD.room) AND NOT (SELECT shared FROM room WHERE id = NEW.room) THEN
        PERFORM pg_advisory_xact_lock(2, NEW.room);
        IF NOT NEW.forced AND EXISTS (
            SELECT 1 FROM appointment other
            WHERE other.room = NEW.room AND other.id <> NEW.id
              AND other.starts_at < NEW.ends_at AND other.starts_at > NEW.starts_at - interval '{LONGEST}'
              AND other.ends_at > NEW.starts_at AND appointment_occupies(other)
        ) THEN
            RAISE EXCEPTION 'daybook:slot-taken:room';
        END IF;
    END IF;
    RETURN NEW;
END $$
"""
POSTGRES_TRIGGER = f"""
CREATE TRIGGER appointment_slot BEFORE INSERT OR UPDATE OF {WATCHED} ON appointment
FOR EACH ROW EXECUTE FUNCTION appointment_slot()
"""


def sqlite_triggers() -> Iterator[str]:
    exclusive = {"practitioner": "1", "room": "NOT (SELECT shared FROM room WHERE id = NEW.room)"}
    for event, on in (("added", "INSERT"), ("changed", f"UPDATE OF {WATCHED}")):
        yield SQLITE_TIMES.format(event=event, on=on)
        for whose, unshared in exclusive.items():
            newly = SQLITE_CHANGED.format(whose=whose) if event == "changed" else "1"
            yield SQLITE_SLOT.format(whose=whose, event=event, on=on, newly=newly, exclusive=unshared)


async def guard_slots() -> None:
    engine = database()
    postgres = engine.engine_type == "postgres"
    for statement in (POSTGRES_OCCUPIES, POSTGRES_SLOT, POSTGRES_TRIGGER) if postgres else sqlite_triggers():
        await engine.run_ddl(statement)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(guard_slots)
    return manager
