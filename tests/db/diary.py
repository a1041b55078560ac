"""Rows that tests of the diary's rules need."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.tables import User
from app.clinic.tables import Location, Room
from app.clock import now
from app.db import execute
from app.diary.tables import Appointment

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)


def at(hour: float) -> datetime:
    """That hour of the day, as a fraction."""
    return NINE + timedelta(hours=hour - 9)


async def add_practitioner() -> int:
    """The id of a new practitioner."""
    added = await User.insert(User(name="Ann Lee", practitioner=True, created_at=now())).returning(User.id)
    return int(added[0]["id"])


async def add_room(*, shared: bool = False) -> int:
    """The id of a new room."""
    location = await Location.insert(Location(name="High Street")).returning(Location.id)
    added = await Room.insert(Room(location=location[0]["id"], name="1", shared=shared)).returning(Room.id)
    return int(added[0]["id"])


async def book(practitioner: int, starts: float = 9, ends: float = 10, **values: Any) -> int:
    """Insert an appointment between these hours; returns its id."""
    row = Appointment(
        practitioner=practitioner, starts_at=at(starts), ends_at=at(ends), created_at=now(), **values
    )
    added = await Appointment.insert(row).returning(Appointment.id)
    return int(added[0]["id"])


async def change(appointment: int, **values: Any) -> None:
    """Update those columns of the appointment."""
    assignments = ", ".join(f"{column} = {{}}" for column in values)
    await execute(f"UPDATE appointment SET {assignments} WHERE id = {{}}", *values.values(), appointment)
