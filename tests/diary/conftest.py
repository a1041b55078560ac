"""A clinic on a Monday morning: two practitioners, the front desk, an administrator, and something to do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, time

import pytest

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic, ColleagueAccess, Location, Room
from app.clock import wall_time
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.patients.patients import NewPatient, add_patient
from tests.support import people
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import a_clinic, logged_in, the_clinic

MONDAY = date(2026, 11, 23)
OpenAs = Callable[..., Awaitable[Client]]
EVERY_DAY = {weekday: [(time(8), time(13)), (time(13, 45), time(17, 30))] for weekday in range(7)}


@dataclass(frozen=True, slots=True)
class Staff:
    """Who works at the clinic, as viewers on a desktop."""

    anna: Viewer
    ben: Viewer
    dana: Viewer
    sam: Viewer


@pytest.fixture
async def clinic(database: Engine, frozen: FrozenClock) -> ClinicSettings:
    """Riverside Physio in London, its portal online."""
    return await a_clinic()


async def allow(access: ColleagueAccess) -> ClinicSettings:
    """Let practitioners see that much of each other's diaries."""
    await Clinic.update({Clinic.colleague_access: access}).where(Clinic.id == 1)
    return await the_clinic()


@pytest.fixture
async def staff(clinic: ClinicSettings) -> Staff:
    """Anna and Ben treat, Dana keeps the desk, Sam administers."""
    anna, ben = await hire("Anna Marsh", practitioner=True), await hire("Ben Osei", practitioner=True)
    for practitioner in (anna, ben):
        await set_hours(practitioner.user, EVERY_DAY)
    return Staff(
        anna, ben, await hire("Dana Fox", front_desk=True), await hire("Sam Reyes", administrator=True)
    )


@pytest.fixture
def open_as(new_client: Callable[..., Client], clinic: ClinicSettings) -> OpenAs:
    """A browser in which that user is logged in: ``await open_as(staff.anna, phone=True)``."""

    async def opened(viewer: Viewer, *, phone: bool = False) -> Client:
        return await logged_in(new_client(), viewer, phone=phone)

    return opened


async def hire(name: str, **roles: bool) -> Viewer:
    """A new user with these roles, on a desktop."""
    return (await people.hire(name, **roles)).viewer


@dataclass(frozen=True, slots=True)
class Clinicians:
    """What appointments are made of."""

    follow_up: int
    massage: int
    room: int
    amelia: int
    zara: int


@pytest.fixture
async def kit(staff: Staff) -> Clinicians:
    """Two types, a room and two patients, one of whom has an alert."""
    location = await Location.insert(Location(name="High Street"))
    room = await Room.insert(Room(location=location[0]["id"], name="Room 2"))
    return Clinicians(
        follow_up=await add_type("Follow-up", colour=2, minutes=30),
        massage=await add_type("Sports massage", colour=3, minutes=60),
        room=room[0]["id"],
        amelia=await add_patient(
            NewPatient("Amelia Hart", mobile="+447911123456", date_of_birth=date(1980, 5, 3))
        ),
        zara=await add_patient(NewPatient("Zara Khan", alert="Latex allergy")),
    )


@pytest.fixture
def at(clinic: ClinicSettings) -> Callable[..., datetime]:
    """That time of the Monday, by the clinic's wall clock."""
    return lambda hour, minute=0: wall_time(MONDAY, time(hour, minute), clinic.zone)


@pytest.fixture
async def amelia_at_nine(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: Callable[..., datetime]
) -> int:
    """Amelia Hart's follow-up with Anna, 09:00 to 09:30 in Room 2."""
    booking = Booking(
        staff.anna.user,
        kit.follow_up,
        at(9),
        (kit.amelia,),
        room=kit.room,
        notes="Left knee.\nBring the scan.",
    )
    return await book(booking, clinic, by=staff.dana)
