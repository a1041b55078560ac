"""Who could take over an appointment, and when else it could be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.diary.days import today_in
from app.diary.hours.practitioners import practitioners_on
from app.diary.periods import GRID
from app.diary.setbacks.occasions import Occasion
from app.diary.slots.slots import Wanted, next_free

_STEP = timedelta(minutes=GRID)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody whose diary the viewer keeps, and when they next work and are free for as long; None in four weeks."""

    id: int
    name: str
    free: datetime | None


async def colleagues_for(wanted: Wanted, clinic: ClinicSettings, *, by: Viewer) -> list[Colleague]:
    """Who could take it over; who can at its own time is free just then."""
    people = await practitioners_on(today_in(clinic), by, clinic.colleague_access)
    found = []
    for person in people:
        if person.id != wanted.practitioner and by.keeps(person.id):
            free = await next_free(_not_past(replace(wanted, practitioner=person.id)), clinic)
            found.append(Colleague(person.id, person.name, next(iter(free), None)))
    return found


async def free_again(wanted: Wanted, occasion: Occasion, clinic: ClinicSettings) -> tuple[datetime, ...]:
    """When the practitioner is next free once they are back."""
    _start, back = occasion.window(clinic.zone)
    if back is None:
        return ()
    return await next_free(_not_past(_from(wanted, max(back, wanted.starts_at))), clinic)


def _not_past(wanted: Wanted) -> Wanted:
    return _from(wanted, max(wanted.starts_at, now() + -(now() - wanted.starts_at) % _STEP))


def _from(wanted: Wanted, start: datetime) -> Wanted:
    """As much time from then on."""
    return replace(wanted, starts_at=start, ends_at=start + (wanted.ends_at - wanted.starts_at))
