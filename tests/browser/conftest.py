"""A clinic for journeys that don't begin at its set-up; its staff log in with secrets of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from app.accounts.tables import Device
from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now, wall_time
from app.db import rows
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.patients.patients import NewPatient, add_patient
from app.environment import settings_from
from app.settings import Settings
from tests.support.people import Person, a_clinic, give_password, give_pin, hire, the_clinic
from tests.support.settings import environment_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


@dataclass(frozen=True, slots=True)
class Riverside:
    """Riverside Physio, online: Anna and Ben treat, Sam administers. Amelia comes to Anna today at nine."""

    sam: Person
    anna: Person
    ben: Person
    today: date


@pytest.fixture
def settings(database_url: str, tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage) -> Settings:
    """Those of the live server, with its keys: secrets made here open doors there."""
    environment = environment_for(database_url, smtp_server, vonage)
    return settings_from({**environment, "VAR_DIR": str(tmp_path / "var")})


@pytest.fixture
async def riverside(database: Engine) -> Riverside:
    """The clinic, in the live server's database."""
    clinic = await a_clinic()
    staff = [
        await _hire("Sam Reyes", "+447911123401", administrator=True),
        await _hire("Anna Marsh", "+447911123411", practitioner=True),
        await _hire("Ben Osei", "+447911123412", practitioner=True),
    ]
    today = local_day(now(), clinic.zone)
    await _fill_diary(clinic, today, sam=staff[0], anna=staff[1])
    return Riverside(*staff, today)


async def _hire(name: str, mobile: str, **roles: bool) -> Person:
    person = await hire(name, mobile=mobile, **roles)
    await give_password(person)
    await give_pin(person)
    return person


async def _fill_diary(clinic: ClinicSettings, day: date, *, sam: Person, anna: Person) -> None:
    await set_hours(anna.id, {weekday: [(time(8), time(18))] for weekday in range(7)})
    follow_up = await add_type("Follow-up", colour=2, minutes=30)
    amelia = await add_patient(
        NewPatient("Amelia Hart", mobile="+447911123456", date_of_birth=date(1980, 5, 3))
    )
    booking = Booking(
        anna.id, follow_up, wall_time(day, time(9), clinic.zone), (amelia,), notes="Bring the scan."
    )
    await book(booking, clinic, by=sam.viewer)


async def vouch_for_phones() -> None:
    """Somebody has said that they are the right ones: they show names."""
    await Device.update({Device.confirmed_at: now()}).where(Device.kind == "phone")


async def book_at(riverside: Riverside, hour: int, minutes: int = 0) -> None:
    """Amelia comes to Anna tomorrow at that hour as well, or so many minutes later."""
    (known, *_) = await rows(
        "SELECT a.type, s.patient FROM appointment a JOIN attendance s ON s.appointment = a.id"
    )
    clinic = await the_clinic()
    starts_at = wall_time(riverside.today + timedelta(days=1), time(hour), clinic.zone)
    booking = Booking(
        riverside.anna.id, known["type"], starts_at + timedelta(minutes=minutes), (known["patient"],)
    )
    await book(booking, clinic, by=riverside.sam.viewer)
