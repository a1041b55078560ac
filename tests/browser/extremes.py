"""A clinic whose diary is as full as diaries get, for pictures: eight columns, long names, and everything at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import count, cycle
from pathlib import Path

from app import db
from app.clinic.clinic import ClinicSettings
from app.clock import freeze, now, wall_time
from app.db.migrate import migrate
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.pages.preferences import AS_IT_COMES, prefer
from app.diary.patients.patients import NewPatient, add_patients
from app.diary.tables import Appointment, Attendance, Status
from app.environment import settings_from
from app.settings import use
from tests.support.people import Person, a_clinic, give_password, hire

TODAY = date(2026, 11, 23)
OVERLAPS = TODAY + timedelta(days=1)
PRACTITIONERS = [
    "Anna Marsh",
    "Ben Osei",
    "Clara Lund",
    "Dev Varma",
    "Esi Amankwah-Featherstonehaugh",
    "Fergus MacAllister",
    "Guðrún Þórðardóttir",
    "Hu Li",
]
PATIENTS = [
    "Amelia Hart",
    "Małgorzata Brzęczyszczykiewicz",
    "José Luis Rodríguez de la Fuente y Álvarez",
    "Bo Li",
    "Featherstonehaugh-Cholmondeley-Warrington",
    "Zara Khan",
    "O’Shaughnessy-Nwachukwu, Oluwaseun",
]
OVER = [Status.COMPLETED, Status.COMPLETED, Status.COMPLETED, Status.DID_NOT_ATTEND]
COMING = [Status.ARRIVED, Status.CONFIRMED, Status.BOOKED, Status.CONFIRMED]
# (from, until) on one morning of one column: what stands beside each other, up to six of them.
BESIDE = [
    [("08:00", "09:00"), ("08:30", "09:30")],
    [("09:30", "10:30"), ("09:45", "10:15"), ("10:00", "10:30")],
    [("11:00", "12:30"), ("11:00", "11:30"), ("11:15", "11:45"), ("11:20", "12:00")],
    [("13:00", "14:00")] * 6,
]
SHORT = [5, 10, 15, 20, 25, 30, 40, 45, 60, 75, 90]


class Filling:
    """Puts entries into one day, each with the next patient, type and status."""

    def __init__(
        self, day: date, clinic: ClinicSettings, types: Sequence[int], patients: Sequence[int]
    ) -> None:
        self._day = day
        self._clinic = clinic
        self._types = cycle(types)
        self._patients = cycle(patients)
        self._over, self._coming = cycle(OVER), cycle(COMING)
        self._numbers = count()

    async def put(self, who: Person, starts: str, until: str, **details: object) -> None:
        """An appointment, double-booked where it must be; or with a title, a block."""
        starts_at, ends_at = (
            wall_time(self._day, time.fromisoformat(clock), self._clinic.zone) for clock in (starts, until)
        )
        appointment = {
            "practitioner": who.id,
            "type": None if "title" in details else next(self._types),
            "status": Status.BOOKED if "title" in details else self._status(starts_at, ends_at),
            "starts_at": starts_at,
            "ends_at": ends_at,
            "forced": True,
            "booked_online": next(self._numbers) % 4 == 0,
            "created_at": now(),
            **details,
        }
        (created,) = await Appointment.insert(Appointment(**appointment))
        if "title" not in details:
            await Attendance.insert(
                Attendance(
                    appointment=created["id"],
                    patient=next(self._patients),
                    status=appointment["status"],
                    new_patient=next(self._numbers) % 5 == 0,
                )
            )

    def _status(self, starts_at: datetime, ends_at: datetime) -> Status:
        if ends_at <= now():
            return next(self._over)
        return Status.IN_SESSION if starts_at <= now() else next(self._coming)

    async def fill(self, who: Person, lengths: Iterator[int]) -> None:
        """From eight to six, but for lunch."""
        minute = 8 * 60
        for minutes in lengths:
            if minute < 13 * 60 <= minute + minutes:
                await self.put(who, "13:00", "13:45", title="Lunch")
                minute = 13 * 60 + 45
            if minute + minutes > 18 * 60:
                return
            await self.put(who, _clock(minute), _clock(minute + minutes))
            minute += minutes


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


async def build(folder: Path, at: datetime) -> None:
    """Make it in that folder, where a server that is started with it finds it."""
    settings = settings_from({"ENVIRONMENT": "development", "VAR_DIR": str(folder / "var")})
    use(settings)
    engine = db.connect(settings.database_url)
    with freeze(at):
        await migrate(engine)
        await engine.start_connection_pool()
        await _fill()
        await engine.close_connection_pool()


async def _fill() -> None:
    """Sam sees everything; Dana likes three columns."""
    clinic = await a_clinic()
    sam = await hire("Sam Reyes", administrator=True)
    dana = await hire("Dana Fox", front_desk=True)
    for person in (sam, dana):
        await give_password(person)
    staff = [await hire(name, practitioner=True) for name in PRACTITIONERS]
    for who in staff:
        await set_hours(
            who.id, {weekday: [(time(8), time(13)), (time(13, 45), time(18))] for weekday in range(7)}
        )
    types = [
        await add_type(name, colour=colour, minutes=30)
        for colour, name in enumerate(
            ["Initial assessment", "Follow-up", "Biomechanical assessment", "Massage"], 1
        )
    ]
    patients = await add_patients(
        [
            NewPatient(name, alert="Latex allergy" if place % 3 == 1 else "")
            for place, name in enumerate(PATIENTS)
        ]
    )
    await prefer(dana.id, replace(AS_IT_COMES, hidden=frozenset(who.id for who in staff[3:])))
    await prefer(sam.id, replace(AS_IT_COMES, show_cancelled=True))

    full = Filling(TODAY, clinic, types, patients)
    for place, who in enumerate(staff):
        await full.fill(who, cycle([30] if place % 2 == 0 else [15, 45, 20, 40]))
    crowded = Filling(OVERLAPS, clinic, types, patients)
    for group in BESIDE:
        for starts, until in group:
            await crowded.put(staff[0], starts, until)
    await crowded.fill(staff[1], iter(SHORT))
    for starts, until in (("09:00", "09:30"), ("10:00", "11:00")):
        await crowded.put(staff[2], starts, until, status=Status.CANCELLED)
        await crowded.put(staff[2], starts, until)
    await crowded.put(staff[2], "12:00", "12:30", status=Status.LATE_CANCELLED)
    await crowded.put(staff[3], "06:30", "07:15")
    await crowded.put(
        staff[3], "19:00", "21:00", title="Meeting with the landlord about the lift and the bins"
    )
