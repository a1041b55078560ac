"""Types of appointment: their colours, how long they take, and how many can come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from app.clinic.catalogue import Catalogue, CatalogueForm
from app.db import write
from app.diary.entries import LONGEST
from app.diary.periods import GRID
from app.diary.tables import AppointmentType
from app.forms import Name
from app.i18n import gettext as _

COLOURS = range(1, 11)
LARGEST_CLASS = 200


class TypeForm(CatalogueForm):
    """A type of appointment: an ordinary one, which takes one patient, or a class."""

    name: Annotated[Name, Field(max_length=60)]
    colour: Annotated[int, Field(ge=COLOURS[0], le=COLOURS[-1])]
    minutes: Annotated[int, Field(ge=GRID, le=LONGEST // timedelta(minutes=1), multiple_of=GRID)]
    capacity: Annotated[int, Field(ge=1, le=LARGEST_CLASS)] = 1


@dataclass(frozen=True, slots=True)
class TypeItem:
    """A type as it is stored."""

    id: int
    name: str
    colour: int
    minutes: int
    capacity: int
    active: bool
    version: int


TYPES = Catalogue(AppointmentType, TypeItem, "type", edited=("name", "colour", "minutes", "capacity"))


async def add_type(name: str, *, colour: int, minutes: int, capacity: int = 1) -> int:
    """A new type at the end of the list, for commands; returns its id. ``colour`` is one of COLOURS."""
    async with write():
        return await TYPES.insert({"name": name, "colour": colour, "minutes": minutes, "capacity": capacity})


def colour_words() -> dict[int, str]:
    """What each of COLOURS is called."""
    words = (
        _("Blue"),
        _("Green"),
        _("Orange"),
        _("Violet"),
        _("Rose"),
        _("Turquoise"),
        _("Yellow"),
        _("Grey"),
        _("Lime"),
        _("Pink"),
    )
    return dict(zip(COLOURS, words, strict=True))


def least_used_colour(types: list[TypeItem]) -> int:
    """The first colour of those that the fewest active types have: what a new one is offered."""
    used = [kind.colour for kind in types if kind.active]
    return min(COLOURS, key=used.count)
