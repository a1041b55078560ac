"""A clinic to measure: a day with 40 appointments, a week with 200 of one practitioner, and any number around them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app import db
from app.accounts.forms import UserForm
from app.accounts.sessions import start_session
from app.accounts.tables import SessionKind
from app.accounts.users import insert_user
from app.clinic.clinic import create_clinic, load_clinic
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import write
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.patients.patients import NewPatient, add_patients
from app.diary.tables import Appointment, Attendance, Status
from app.diary.versions import bump

DAY = date(2026, 11, 23)
WEEK = date(2026, 12, 7)
PRACTITIONERS = 8
ON_DAY, IN_WEEK = 40, 200
MEASURED = ON_DAY + IN_WEEK
PATIENTS, TYPES = 2_000, 5


@dataclass(frozen=True, slots=True)
class Bench:
    """A filled database, and the cookie of a session at its front desk."""

    url: str
    token: str
    practitioner: int


async def build(url: str) -> Bench:
    """The clinic with the measured day and week."""
    async with using(url):
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
        for colour in range(1, TYPES + 1):
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
        async with write():
            await _add([*day, *week])
    return Bench(url, token, people[0])


@asynccontextmanager
async def using(url: str) -> AsyncIterator[None]:
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


async def _add(slots: Sequence[tuple[int, datetime]]) -> None:
    """Appointments with a patient each."""
    appointments = [
        Appointment(
            practitioner=who,
            type=1 + n % TYPES,
            starts_at=at,
            ends_at=at + timedelta(minutes=20),
            created_at=at,
            forced=True,
        )
        for n, (who, at) in enumerate(slots)
    ]
    added = await Appointment.insert(*appointments)
    await Attendance.insert(
        *(
            Attendance(appointment=row["id"], patient=1 + n % PATIENTS, status=Status.BOOKED)
            for n, row in enumerate(added)
        )
    )
    await bump(*{(who, at.date()) for who, at in slots})
