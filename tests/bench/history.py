"""Years of appointments around those that are measured, past the application: a million would take it hours."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import asyncpg

from app.diary.tables import Appointment, Attendance
from tests.bench.clinic import MEASURED, PATIENTS, PRACTITIONERS, Bench

BEGINS, DAYS = "2017-01-02", 3_500
# The share of the first practitioner: 50,000 of a million.
ONE_IN = 20

# Each is a copy of the first one at another time. Numbers without a common divisor spread them over days and hours.
_HISTORY = """
INSERT INTO appointment (id, practitioner, starts_at, ends_at, {appointment})
WITH RECURSIVE counted (n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM counted WHERE n < {last}),
slots AS (
    SELECT n, CASE WHEN n % {one_in} = 0 THEN {busiest} ELSE {busiest} + 1 + n % {others} END AS who,
        (n % {days} * 7919) % {days} * 24 + 8 + n % 10 AS hours
    FROM counted
)
SELECT n, who, {starts}, {ends}, {appointment} FROM slots CROSS JOIN
    (SELECT {appointment} FROM appointment WHERE id = 1) AS copied
"""
_ATTENDANCES = """
INSERT INTO attendance (appointment, patient, {attendance})
SELECT id, 1 + id % {patients}, {attendance} FROM
    (SELECT id FROM appointment WHERE id >= {first}) AS added CROSS JOIN
    (SELECT {attendance} FROM attendance WHERE appointment = 1) AS copied
"""
_DAYS = """
INSERT INTO day_version (practitioner, day, version)
SELECT DISTINCT practitioner, {day}, 1 FROM appointment WHERE id >= {first} ON CONFLICT DO NOTHING
"""
# Half the time: nothing of this outlives the run.
_CARELESS = ("PRAGMA synchronous = OFF", "PRAGMA cache_size = -500000")
_SQLITE = {
    "starts": f"datetime('{BEGINS}', '+' || hours || ' hours') || '+00:00'",
    "ends": f"datetime('{BEGINS}', '+' || hours || ' hours', '+20 minutes') || '+00:00'",
    "day": "date(starts_at)",
}
_POSTGRES = {
    "starts": f"timestamptz '{BEGINS} 00:00+00' + hours * interval '1 hour'",
    "ends": f"timestamptz '{BEGINS} 00:00+00' + hours * interval '1 hour' + interval '20 minutes'",
    "day": "(starts_at AT TIME ZONE 'UTC')::date",
}


async def grow(bench: Bench, *, to: int) -> None:
    """Add history, so that there are ``to`` appointments."""
    if bench.url.startswith("sqlite"):
        with closing(sqlite3.connect(bench.url.removeprefix("sqlite:///"))) as raw, raw:
            for statement in [*_CARELESS, *_statements(bench, to, _SQLITE)]:
                raw.execute(statement)
        return
    connection = await asyncpg.connect(bench.url)
    await connection.execute(
        "SET session_replication_role = replica"
    )  # without triggers and foreign keys' checks
    for statement in [*_statements(bench, to, _POSTGRES), "VACUUM ANALYZE"]:
        await connection.execute(statement)
    await connection.close()


def _statements(bench: Bench, to: int, expressions: dict[str, str]) -> list[str]:
    names = {
        "appointment": _columns(Appointment, but=("id", "practitioner", "starts_at", "ends_at")),
        "attendance": _columns(Attendance, but=("id", "appointment", "patient")),
    }
    numbers = {
        "first": MEASURED + 1,
        "last": to,
        "busiest": bench.practitioner,
        "others": PRACTITIONERS - 1,
        "one_in": ONE_IN,
        "days": DAYS,
        "patients": PATIENTS,
    }
    return [text.format(**expressions, **names, **numbers) for text in (_HISTORY, _ATTENDANCES, _DAYS)]


def _columns(table: type[Appointment | Attendance], but: tuple[str, ...]) -> str:
    return ", ".join(column._meta.name for column in table.all_columns() if column._meta.name not in but)
