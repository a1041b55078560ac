"""When a time can't be had: why, what is free instead, and what a person may decide to do all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from app.clinic.clinic import ClinicSettings
from app.db import write
from app.db.faults import SlotTaken
from app.diary.slots.outside_hours import why_not
from app.diary.slots.slots import Wanted, next_free
from app.errors import Conflict
from app.i18n import gettext as _

T = TypeVar("T")


class Despite(StrEnum):
    """What somebody has decided to go ahead despite. Whoever double-books on purpose doesn't mind the hours either."""

    NOTHING = ""
    HOURS = "hours"
    TAKEN = "taken"


class TimeRefused(Conflict):
    """The time is taken, or outside working hours. ``offers`` is the decision that would let it through; ``free``
    the next times that need none."""

    def __init__(self, message: str, offers: Despite, free: tuple[datetime, ...]) -> None:
        super().__init__(message)
        self.offers = offers
        self.free = free


class _OutsideHours(Exception):
    """It lies outside working hours, and nobody has said that this is meant."""


async def unless_taken(attempt: Callable[[bool], Awaitable[T]], despite: Despite) -> T:
    """``attempt(False)``; where the time turns out to be taken and that is meant, ``attempt(True)``: forced.

    In the caller's transaction. A row is so marked as double-booked only where it is.
    """
    try:
        async with write():
            return await attempt(False)
    except SlotTaken:
        if despite is not Despite.TAKEN:
            raise
    return await attempt(True)


async def require_working(wanted: Wanted, clinic: ClinicSettings, despite: Despite) -> None:
    """Inside ``refusals_told``: refuse a time outside working hours unless it is meant."""
    if despite is Despite.NOTHING and (why := await why_not(wanted, clinic)):
        raise _OutsideHours(why)


@asynccontextmanager
async def refusals_told(wanted: Wanted, clinic: ClinicSettings) -> AsyncIterator[None]:
    """Around the transaction that takes the time: raises TimeRefused with what is free next."""
    try:
        yield
    except SlotTaken as taken:
        message, offers = (
            {
                "practitioner": _("There is already an appointment at that time."),
                "room": _("The room is taken at that time."),
            }[taken.whose],
            Despite.TAKEN,
        )
    except _OutsideHours as outside:
        message, offers = str(outside), Despite.HOURS
    else:
        return
    raise TimeRefused(message, offers, await next_free(wanted, clinic)) from None
