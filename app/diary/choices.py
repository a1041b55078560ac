"""What a form about an appointment lets people choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.practitioners import practitioners_on
from app.errors import Invalid
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of appointment."""

    id: int
    name: str
    minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class Choices:
    """Pairs of id and name, but for the types. Places to choose from are empty where there is nothing to choose."""

    practitioners: tuple[tuple[int, str], ...]
    types: tuple[Kind, ...]
    rooms: tuple[tuple[int, str], ...]
    locations: tuple[tuple[int, str], ...]

    @property
    def names(self) -> dict[str, dict[int, str]]:
        """What each field's numbers are called."""
        return {
            "practitioner": dict(self.practitioners),
            "type": {kind.id: kind.name for kind in self.types},
            "room": dict(self.rooms),
            "location": dict(self.locations),
        }


async def choices_for(viewer: Viewer, clinic: ClinicSettings, day: date) -> Choices:
    """What this viewer can choose: only the practitioners whose diary they keep."""
    people = await practitioners_on(day, viewer, clinic.colleague_access)
    types = await rows(
        "SELECT id, name, minutes, capacity FROM appointment_type WHERE active ORDER BY position, id"
    )
    rooms = await rows(
        "SELECT r.id, r.name, l.name AS location FROM room r JOIN location l ON l.id = r.location"
        " WHERE r.active AND l.active ORDER BY l.name, r.name, r.id"
    )
    locations = await rows("SELECT id, name FROM location WHERE active ORDER BY name, id")
    several = len(locations) > 1
    return Choices(
        tuple((person.id, person.name) for person in people if viewer.keeps(person.id)),
        tuple(Kind(**row) for row in types),
        tuple((row["id"], f"{row['name']}, {row['location']}" if several else row["name"]) for row in rooms),
        tuple((row["id"], row["name"]) for row in locations) if several else (),
    )


async def place_of(location: int | None, room: int | None) -> tuple[int | None, int | None]:
    """The chosen location and room as they are stored: a room brings its location. Raises Invalid."""
    if room is not None:
        found = await rows("SELECT location FROM room WHERE id = {}", room)
        if not found:
            raise Invalid(_("Choose one of the rooms."), "room")
        return found[0]["location"], room
    if location is not None and not await rows("SELECT id FROM location WHERE id = {}", location):
        raise Invalid(_("Choose one of the locations."), "location")
    return location, None
