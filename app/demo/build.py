"""Building the demo: the clinic, its staff with their log-ins, patients, and weeks of appointments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time, timedelta
from random import Random

from piccolo.table import Table

from app.accounts.credentials import store_credential
from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.secrets import new_password, new_pin
from app.accounts.tables import CredentialKind
from app.accounts.users import insert_user
from app.clinic.clinic import create_clinic
from app.clinic.settings import change_settings, stored_settings
from app.clinic.tables import Location, Room
from app.clock import local_day, now
from app.db import write
from app.demo.files import ZONE, DemoCredential, credentials_file, read_credentials, write_credentials
from app.demo.people import CLOSED, PRACTITIONERS, STAFF, Colleague, patients
from app.demo.reminders import remind
from app.demo.weeks import KINDS, Planned, Planner
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.patients.patients import add_patients
from app.diary.tables import Absence, Appointment, Attendance
from app.portal.status import open_portal
from app.settings import Settings

SEED = 2026
AT_ONCE = 200  # rows in one statement


async def build_demo(settings: Settings) -> list[DemoCredential]:
    """Fill the empty database that ``prepare_demo`` named; the log-ins. One that was built today is left as it is.

    All but the secrets comes out the same whenever it is built on one day.
    """
    if credentials_file(settings).exists():
        return read_credentials(settings)
    random = Random(SEED)
    async with write():
        await create_clinic(name="Riverside Physio", country="GB", time_zone=ZONE.key, phone="+441614960142")
    staff = {colleague.email: await _hire(colleague) for colleague in STAFF}
    await _set_up(settings, administrator=staff[STAFF[0].email])
    known = await add_patients(patients(local_day(now(), ZONE), random))
    await _fill_diary(
        list(Planner(now(), ZONE, random).plan()),
        practitioners=[staff[colleague.email] for colleague in PRACTITIONERS],
        patients=known,
        desk=staff[STAFF[1].email],
    )
    await _insert(list(_absences({colleague.name: staff[colleague.email] for colleague in PRACTITIONERS})))
    await remind(by=staff[STAFF[0].email], random=random)
    credentials = [await _give_logins(colleague, staff[colleague.email]) for colleague in STAFF]
    write_credentials(settings, credentials)
    return credentials


async def _hire(colleague: Colleague) -> int:
    form = UserForm(
        name=colleague.name,
        email=colleague.email,
        mobile=colleague.mobile,
        enabled_for_online=True,
        administrator=colleague.role == "administrator",
        front_desk=colleague.role == "front desk",
        practitioner=colleague.role == "practitioner",
    )
    user = await insert_user(form, by=None)
    today = local_day(now(), ZONE).weekday()
    await set_hours(
        user, {day: colleague.hours for day in range(7) if (day - today) % 7 not in colleague.days_off}
    )
    return user


def _absences(staff: Mapping[str, int]) -> Iterator[Absence]:
    """A holiday, leave, and an afternoon away."""
    today, midnight = local_day(now(), ZONE), time()
    spans: list[tuple[int | None, str, int, int, time, time]] = [
        (None, "Staff training day", CLOSED, CLOSED, midnight, midnight)
    ]
    for colleague in PRACTITIONERS:
        user = staff[colleague.name]
        if colleague.leave:
            spans.append((user, "Annual leave", *colleague.leave, midnight, midnight))
        if colleague.course:
            spans.append((user, "First aid course", colleague.course, colleague.course, time(15), time(18)))
    for practitioner, name, first, last, starts, ends in spans:
        yield Absence(
            practitioner=practitioner,
            name=name,
            first_day=today + timedelta(days=first),
            last_day=today + timedelta(days=last),
            starts=starts,
            ends=ends,
            created_at=now(),
        )


async def _set_up(settings: Settings, *, administrator: int) -> None:
    stored = await stored_settings()
    edited = replace(
        stored,
        portal_url=f"http://localhost:{settings.port}",
        support_contact="Sam Reyes, 0161 496 0142",
    )
    await change_settings(edited, by=administrator)
    await open_portal(by=None)


async def _give_logins(colleague: Colleague, user: int) -> DemoCredential:
    secrets = {CredentialKind.PASSWORD: new_password(), CredentialKind.PIN: new_pin(6, colleague.mobile)}
    for kind, secret in secrets.items():
        hashed = await hash_secret(kind, user, secret)
        async with write():
            await store_credential(user, kind, hashed, temporary=False, message=None)
    password, pin = secrets.values()
    return DemoCredential(colleague.role, colleague.name, colleague.email, password, colleague.mobile, pin)


async def _fill_diary(
    planned: Sequence[Planned], *, practitioners: Sequence[int], patients: Sequence[int], desk: int
) -> None:
    kinds = {
        kind.name: await add_type(kind.name, colour=kind.colour, minutes=kind.minutes, capacity=kind.capacity)
        for kind in KINDS.values()
    }
    (location,) = await _insert([Location(name="Riverside House", address="14 Wharf Street, Manchester")])
    rooms = await _insert([Room(location=location, name=colleague.room) for colleague in PRACTITIONERS])
    appointments = await _insert(
        [
            Appointment(
                practitioner=practitioners[entry.practitioner],
                type=kinds.get(entry.kind),
                title=entry.title,
                location=location if _in_a_room(entry) else None,
                room=rooms[entry.practitioner] if _in_a_room(entry) else None,
                starts_at=entry.starts_at,
                ends_at=entry.ends_at,
                status=entry.status,
                booked_online=entry.online,
                notes=entry.notes,
                created_by=desk,
                created_at=min(entry.starts_at, now()),
            )
            for entry in planned
        ]
    )
    await _insert(
        [
            Attendance(
                appointment=appointment,
                patient=patients[patient],
                status=entry.status,
                reason=entry.reason,
                new_patient=entry.new,
            )
            for appointment, entry in zip(appointments, planned, strict=True)
            for patient in entry.patients
        ]
    )


def _in_a_room(entry: Planned) -> bool:
    return entry.kind != "" and KINDS[entry.kind].in_a_room


async def _insert(new: Sequence[Table]) -> list[int]:
    """Store the rows, many at a time; their ids in the same order."""
    stored: list[int] = []
    async with write():
        for start in range(0, len(new), AT_ONCE):
            created = await type(new[0]).insert(*new[start : start + AT_ONCE])
            stored += sorted(row["id"] for row in created)  # given in order, but not always told in order
    return stored
