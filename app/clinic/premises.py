"""The premises: the clinic's locations, and the rooms at each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from app.clinic.catalogue import Catalogue, CatalogueForm
from app.clinic.tables import Location, Room
from app.db import rows
from app.errors import Invalid
from app.forms import Name
from app.i18n import gettext as _


class LocationForm(CatalogueForm):
    """A place where the clinic sees patients."""

    name: Name
    address: Annotated[str, Field(max_length=400)] = ""


class RoomForm(CatalogueForm):
    """A room at a location; a ``shared`` one takes several appointments at a time."""

    name: Annotated[Name, Field(max_length=40)]
    location: Annotated[int, Field(ge=1, le=2**31 - 1)]
    shared: bool = False


@dataclass(frozen=True, slots=True)
class LocationItem:
    """A location as it is stored."""

    id: int
    name: str
    address: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class RoomItem:
    """A room as it is stored."""

    id: int
    name: str
    location: int
    shared: bool
    active: bool
    version: int


class Rooms(Catalogue[RoomItem]):
    """The rooms, location by location."""

    async def require(self, typed: Mapping[str, Any]) -> None:
        """Raise Invalid for a location that there isn't."""
        if not await rows("SELECT id FROM location WHERE id = {}", typed["location"]):
            raise Invalid(_("Choose one of the locations."), "location")


LOCATIONS = Catalogue(Location, LocationItem, "location", edited=("name", "address"))
ROOMS = Rooms(
    Room,
    RoomItem,
    "room",
    edited=("name", "location", "shared"),
    within="location",
    order="(SELECT l.position FROM location l WHERE l.id = location), location, position, name, id",
)
