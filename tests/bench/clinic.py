"""A clinic to measure: a day with 40 appointments, a week with 200 of one practitioner, and any number around them."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import asyncpg

from app import db
from app.accounts.forms import UserForm
from app.accounts.sessions import start_session
from app.accounts.tables import SessionKind
from app.accounts.users import insert_user
from app.clinic.clinic import create_clinic, load_clinic
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import write
from app.diary.patients import NewPatient, add_patients
from app.diary.practitioners import set_hours
from app.diary.types import add_type

DAY = date(2026, 11, 23)
WEEK = date(2026, 12, 7)
PRACTITIONERS = 8
ON_DAY, IN_WEEK = 40, 200
MEASURED = ON_DAY + IN_WEEK
PATIENTS = 2_000
HISTORY_BEGINS, HISTORY_DAYS = date(2017, 1, 2), 3_500
# The share of the first practitioner: 50,000 of a million.
BUSIEST = 0.05

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database, and the cookie of a session at its front desk."""

    url: str
    token: str
    practitioner: int


async def build(url: str) -> Bench:
    """The clinic with the measured day and week."""
    async with _using(url):
        async with write():
            await create_clinic(
                name="Riverside Physio", country="GB", time_zone="Europe/London", phone="+441614960000"
            )
            await change_portal_status(PortalStatus.ONLINE, by=None)
        clinic = await load_clinic()
        assert clinic is not None
        people = [
            await insert_user(_person(f"Practitioner {n}", practitioner=True), by=None)
            for n in range(PRACTITIONERS)
        ]
        for person in people:
            await set_hours(
                person, {weekday: [(time(8), time(13)), (time(14), time(18))] for weekday in range(7)}
            )
        for colour in range(1, 6):
            await add_type(f"Type {colour}", colour=colour, minutes=20)
        await add_patients([NewPatient(f"Patient Number {n}") for n in range(PATIENTS)])
        desk = await insert_user(_person("Dana Fox", front_desk=True), by=None)
        async with write():
            token = await start_session(desk, SessionKind.DESKTOP, clinic, device=None, address="203.0.113.7")
    day = [(person, _at(DAY, 9 + n)) for person in people for n in range(ON_DAY // PRACTITIONERS)]
    week = [
        (people[0], _at(WEEK + timedelta(days=n // 29), 8) + timedelta(minutes=20 * (n % 29)))
        for n in range(IN_WEEK)
    ]
    await _insert(url, [*day, *week], first=1)
    return Bench(url, token, people[0])


async def grow(bench: Bench, *, to: int) -> None:
    """Add history, so that there are ``to`` appointments."""
    chance = random.Random(to)
    others = range(bench.practitioner + 1, bench.practitioner + PRACTITIONERS)
    slots = [
        (
            bench.practitioner if chance.random() < BUSIEST else chance.choice(others),
            _at(HISTORY_BEGINS + timedelta(days=chance.randrange(HISTORY_DAYS)), chance.randrange(8, 18)),
        )
        for _ in range(to - MEASURED)
    ]
    await _insert(bench.url, slots, first=MEASURED + 1)


@asynccontextmanager
async def _using(url: str) -> AsyncIterator[None]:
    """The application's own verbs on that database, for a while."""
    db.bind(db.connect(url))
    await db.open_pool()
    yield
    await db.close_pool()


def _person(name: str, **roles: bool) -> UserForm:
    email = f"{name.replace(' ', '.').lower()}@riverside.example"
    return UserForm(name=name, email=email, enabled_for_online=True, **roles)


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), UTC)


async def _insert(url: str, slots: Sequence[tuple[int, datetime]], first: int) -> None:
    """Appointments with a patient each, past the application: a million would take it hours."""
    appointments = [
        (n, who, 1 + n % 5, "", at, at + timedelta(minutes=20), "booked", True, False, "", at, 1)
        for n, (who, at) in enumerate(slots, start=first)
    ]
    attendances = [(n, n, 1 + n % PATIENTS, "booked", "", False) for n, *_ in appointments]
    days = sorted({(who, at.date()) for who, at in slots})
    tables: list[tuple[str, str, list[Row]]] = [
        (
            "appointment",
            "id practitioner type title starts_at ends_at status forced booked_online notes created_at version",
            appointments,
        ),
        ("attendance", "id appointment patient status reason new_patient", attendances),
    ]
    if url.startswith("sqlite"):
        _insert_sqlite(url, tables, days)
    else:
        await _insert_postgres(url, tables, days)


def _insert_sqlite(url: str, tables: list[tuple[str, str, list[Row]]], days: list[tuple[int, date]]) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as raw, raw:
        for table, columns, rows in tables:
            names = columns.split()
            raw.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", rows
            )
        raw.executemany(
            "INSERT INTO day_version (practitioner, day, version) VALUES (?, ?, 1) ON CONFLICT DO NOTHING",
            days,
        )


async def _insert_postgres(
    url: str, tables: list[tuple[str, str, list[Row]]], days: list[tuple[int, date]]
) -> None:
    raw = await asyncpg.connect(url)
    for table, columns, rows in tables:
        await raw.copy_records_to_table(table, records=rows, columns=columns.split())
    await raw.executemany(
        "INSERT INTO day_version (practitioner, day, version) VALUES ($1, $2, 1) ON CONFLICT DO NOTHING", days
    )
    await raw.execute("ANALYZE")
    await raw.close()
