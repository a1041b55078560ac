"""Kinds of appointment."""

from __future__ import annotations

from app.db import write
from app.diary.tables import AppointmentType

COLOURS = range(1, 11)


async def add_type(name: str, *, colour: int, minutes: int, capacity: int = 1) -> int:
    """A new kind at the end of the list; returns its id. ``colour`` is one of COLOURS."""
    async with write():
        position = await AppointmentType.count()
        created = await AppointmentType.insert(
            AppointmentType(name=name, colour=colour, minutes=minutes, capacity=capacity, position=position)
        )
    return int(created[0]["id"])
