"""Patients are found by the words of their names, numbers and dates of birth: those who are there get theirs."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database, execute, rows
from app.diary.patients.words import patient_words
from app.text import searchable

ID = "2026-11-22T22:02:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of the words that find patients, and the words themselves"

INDEXES = """
CREATE INDEX patient_word_word ON patient_word (word, patient);
CREATE INDEX patient_word_patient ON patient_word (patient);
CREATE INDEX patient_created_by ON patient (created_by) WHERE created_by IS NOT NULL;
"""
AT_ONCE = 500


async def add_rules() -> None:
    engine = database()
    if engine.engine_type == "postgres":
        # A prefix is a range of words only where they are in the order of their bytes, as they always are on SQLite.
        await engine.run_ddl('ALTER TABLE patient_word ALTER COLUMN word TYPE VARCHAR(80) COLLATE "C"')
    for index in filter(str.strip, INDEXES.split(";")):
        await engine.run_ddl(index)
    await add_words()


async def add_words() -> None:
    last = 0
    while patients := await rows(
        "SELECT id, name, preferred_name, date_of_birth, mobile, phone FROM patient"
        f" WHERE id > {{}} ORDER BY id LIMIT {AT_ONCE}",
        last,
    ):
        for patient in patients:
            await execute(
                "UPDATE patient SET search = {} WHERE id = {}",
                searchable(patient["name"])[:400],
                patient["id"],
            )
            for word in patient_words(
                patient["name"],
                patient["preferred_name"],
                born=patient["date_of_birth"],
                numbers=(patient["mobile"], patient["phone"]),
            ):
                await execute("INSERT INTO patient_word (patient, word) VALUES ({}, {})", patient["id"], word)
        last = patients[-1]["id"]


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_rules)
    return manager
