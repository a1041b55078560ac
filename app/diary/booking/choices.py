"""What a form about an appointment lets people choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.changes.snapshots import Snapshot
from app.diary.days import today_in
from app.diary.hours.practitioners import practitioners_on
from app.errors import Invalid
from app.i18n import gettext as _

Option = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of appointment."""

    id: int
    name: str
    minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of id and name, but for the types; rooms by the location that they are at.

    Places to choose from are empty where there is nothing to choose.
    """

    practitioners: tuple[Option, ...]
    types: tuple[Kind, ...]
    rooms: tuple[tuple[str, tuple[Option, ...]], ...]
    locations: tuple[Option, ...]

    @property
    def names(self) -> dict[str, dict[int, str]]:
        """What each field's numbers are called."""
        return {
            "practitioner": dict(self.practitioners),
            "type": {kind.id: kind.name for kind in self.types},
            "room": {room: name for _location, rooms in self.rooms for room, name in rooms},
            "location": dict(self.locations),
        }


async def choices_for(
    viewer: Viewer, clinic: ClinicSettings, day: date, stored: Snapshot | None = None
) -> Choices:
    """What this viewer can choose: only the practitioners whose diary they keep, and nothing that is retired.

    But what an appointment has already, as it is ``stored``, it may keep.
    """
    keepers = await _keepers(viewer, clinic, day)
    if stored and stored.practitioner not in dict(keepers):
        left = await rows("SELECT id, name FROM staff_user WHERE id = {}", stored.practitioner)
        keepers += [(row["id"], row["name"]) for row in left]
    had = (stored.type or 0, stored.room or 0, stored.location or 0) if stored else (0, 0, 0)
    types = await rows(
        "SELECT id, name, minutes, capacity FROM appointment_type WHERE active OR id = {} ORDER BY position, name, id",
        had[0],
    )
    locations = await rows(
        "SELECT id, name FROM location WHERE active OR id = {} ORDER BY position, name, id", had[2]
    )
    several = len(locations) > 1 or bool(stored and stored.location and not stored.room)
    return Choices(
        tuple(keepers),
        tuple(Kind(**row) for row in types),
        await _rooms(had[1], several=several),
        tuple((row["id"], row["name"]) for row in locations) if several else (),
    )


async def is_to_choose_from(practitioner: int, viewer: Viewer, clinic: ClinicSettings) -> bool:
    """Whether the viewer may choose that practitioner for a new appointment."""
    return practitioner in dict(await _keepers(viewer, clinic, today_in(clinic)))


async def _keepers(viewer: Viewer, clinic: ClinicSettings, day: date) -> list[Option]:
    people = await practitioners_on(day, viewer, clinic.colleague_access)
    return [(person.id, person.name) for person in people if viewer.keeps(person.id)]


async def _rooms(had: int, *, several: bool) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    """Under the names of their locations, if there are ``several``."""
    found = await rows(
        """
        SELECT r.id, r.name, r.shared, l.id AS at, l.name AS location
        FROM room r JOIN location l ON l.id = r.location
        WHERE (r.active AND l.active) OR r.id = {}
        ORDER BY l.position, l.name, l.id, r.position, r.name, r.id
        """,
        had,
    )
    grouped = groupby(found, itemgetter("at", "location")) if several else [((0, ""), iter(found))]
    return tuple(
        (location, tuple((row["id"], _called(row)) for row in rooms))
        for (_at, location), rooms in grouped
        if found
    )


def _called(room: dict[str, Any]) -> str:
    return _("{room} (shared)").format(room=room["name"]) if room["shared"] else str(room["name"])


async def place_of(
    location: int | None, room: int | None, stored: Snapshot | None = None
) -> tuple[int | None, int | None]:
    """The chosen location and room as they are stored: a room brings its location.

    Raises Invalid for what there isn't, what is retired unless it is ``stored`` already, and a room somewhere else.
    """
    if room is not None:
        found = await rows(
            """
            SELECT r.location, l.name, r.active AND l.active AS offered
            FROM room r JOIN location l ON l.id = r.location WHERE r.id = {}
            """,
            room,
        )
        if not found or not (found[0]["offered"] or (stored and room == stored.room)):
            raise Invalid(_("Choose one of the rooms."), "room")
        if location not in (None, found[0]["location"]):
            raise Invalid(_("This room is at {location}.").format(location=found[0]["name"]), "room")
        return found[0]["location"], room
    if location is None or (stored and location == stored.location):
        return location, None
    if not await rows("SELECT id FROM location WHERE id = {} AND active", location):
        raise Invalid(_("Choose one of the locations."), "location")
    return location, None
