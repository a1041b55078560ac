"""One appointment of somebody who isn't there: whom to call, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from app.db import rows
from app.diary.setbacks.occasions import Occasion
from app.diary.slots.slots import Wanted
from app.diary.statuses import AWAITED, FREEING, status_words
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Contact:
    """A patient who has to be told, with the numbers (E.164) to call."""

    name: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """An appointment. ``became`` says what was done about it and is empty as long as nothing was."""

    id: int
    version: int
    wanted: Wanted
    day: str
    starts: str
    ends: str
    who: str
    what: str
    contacts: tuple[Contact, ...]
    became: str

    @property
    def is_open(self) -> bool:
        """Whether something has to be done about it."""
        return not self.became


async def read_rows(appointments: Collection[int]) -> list[dict[str, Any]]:
    """A row for each patient of these appointments, in time's order."""
    if not appointments:
        return []
    return await rows(
        f"""
        SELECT a.id, a.practitioner, u.name AS practitioner_name, a.starts_at, a.ends_at, a.status, a.version, a.room,
               t.name AS type, t.capacity, r.name AS room_name,
               s.status AS patient_status, p.name, p.mobile, p.phone
        FROM appointment a
        JOIN staff_user u ON u.id = a.practitioner
        JOIN appointment_type t ON t.id = a.type
        LEFT JOIN room r ON r.id = a.room
        LEFT JOIN attendance s ON s.appointment = a.id
        LEFT JOIN patient p ON p.id = s.patient
        WHERE a.id IN ({", ".join(["{}"] * len(appointments))})
        ORDER BY a.starts_at, a.id, s.id
        """,
        *appointments,
    )


def item_of(
    attended: Sequence[dict[str, Any]], occasion: Occasion, still_open: Collection[int], when: Renderer
) -> Item:
    """What its rows say; ``still_open`` are those about which nothing was done."""
    row = attended[0]
    contacts = tuple(
        Contact(one["name"], tuple(number for number in (one["mobile"], one["phone"]) if number))
        for one in attended
        if one["name"] is not None and (one["patient_status"] not in FREEING or row["status"] in FREEING)
    )
    alone = contacts[0].name if len(contacts) == 1 and row["capacity"] == 1 else ""
    coming = ngettext("{n} patient", "{n} patients", len(contacts)).format(n=len(contacts))
    return Item(
        row["id"],
        row["version"],
        Wanted(row["practitioner"], row["starts_at"], row["ends_at"], row["room"], but=row["id"]),
        when.day_short(row["starts_at"]),
        when.time(row["starts_at"]),
        when.time(row["ends_at"]),
        alone or row["type"],
        " · ".join(part for part in (row["type"] if alone else coming, row["room_name"]) if part),
        contacts,
        "" if row["id"] in still_open else _became(row, occasion, when),
    )


def _became(row: dict[str, Any], occasion: Occasion, when: Renderer) -> str:
    if row["status"] in FREEING:
        return _("Cancelled")
    if row["practitioner"] != occasion.practitioner:
        return _("With {name}, {day} {time}").format(
            name=row["practitioner_name"],
            day=when.day_short(row["starts_at"]),
            time=when.time(row["starts_at"]),
        )
    if row["status"] in AWAITED:
        return _("Moved to {day} {time}").format(
            day=when.day_short(row["starts_at"]), time=when.time(row["starts_at"])
        )
    return status_words()[row["status"]].capitalize()
