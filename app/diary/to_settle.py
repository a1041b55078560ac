"""The appointments of somebody who isn't there: each has to be moved, handed over or cancelled.

A page remembers which it began with, so that it can say what became of each.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from app.accounts.permissions import may_see
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.db import rows
from app.diary.changes import require_keeper
from app.diary.occasions import Occasion
from app.diary.slots import Wanted
from app.diary.statuses import AWAITED, FREEING, status_words
from app.diary.workers import worker_of
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _

LISTED_AT_MOST = 50


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


@dataclass(frozen=True, slots=True)
class ToSettle:
    """What a page began with, and what has come since; ``more`` are open beyond the fifty that it lists.

    ``noted`` is whether the diary knows that nobody can be booked then.
    """

    occasion: Occasion
    name: str
    items: tuple[Item, ...]
    more: int
    noted: bool

    @property
    def open(self) -> tuple[Item, ...]:
        """Those about which something has to be done."""
        return tuple(item for item in self.items if item.is_open)

    @property
    def settled(self) -> int:
        """How many are dealt with."""
        return len(self.items) - len(self.open)

    @property
    def seen(self) -> str:
        """What a bulk change is about: the open ones as they were read."""
        return " ".join(f"{item.id}.{item.version}" for item in self.open)

    @property
    def address(self) -> str:
        """The page, with what it began with."""
        among = ".".join(str(item.id) for item in self.items)
        return f"/diary/handover/{self.occasion.practitioner}?{self.occasion.query}" + (
            f"&among={among}" if among else ""
        )


async def to_settle(
    occasion: Occasion, clinic: ClinicSettings, *, by: Viewer, among: Sequence[int] = ()
) -> ToSettle:
    """The open ones, and what became of those ``among`` which the page began, which keep their places.

    Raises NotFound and Forbidden for a diary that ``by`` doesn't keep.
    """
    require_keeper(occasion.practitioner, clinic, by=by)
    person = await load_user(occasion.practitioner)
    still_open = await open_appointments(occasion, clinic)
    found = [
        row
        for row in await _read({*still_open[:LISTED_AT_MOST], *among})
        if may_see(by, row["practitioner"], clinic.colleague_access)
    ]
    when, place = renderer(clinic), {one: n for n, one in enumerate(among)}
    items = [
        _item(list(group), occasion, still_open, when) for _id, group in groupby(found, itemgetter("id"))
    ]
    return ToSettle(
        occasion,
        person.name,
        tuple(sorted(items, key=lambda item: place.get(item.id, len(place)))),
        max(len(still_open) - LISTED_AT_MOST, 0),
        await _is_noted(occasion),
    )


async def _is_noted(occasion: Occasion) -> bool:
    if occasion.last is None:
        return False
    timetable = (await worker_of(occasion.practitioner, [occasion.first, occasion.last])).timetable
    days = (occasion.last - occasion.first).days + 1
    return all(
        any(away.all_day for away in timetable.on(occasion.first + timedelta(days=n)).away)
        for n in range(days)
    )


async def open_appointments(occasion: Occasion, clinic: ClinicSettings) -> list[int]:
    """The ids of those that have to be dealt with, in time's order: with patients, and not begun."""
    start, end = occasion.window(clinic.zone)
    until, bound = ("AND starts_at < {}", (end,)) if end else ("", ())
    found = await rows(
        f"""
        SELECT id FROM appointment
        WHERE practitioner = {{}} AND type IS NOT NULL AND starts_at >= {{}} {until}
          AND status IN ({", ".join(["{}"] * len(AWAITED))}) AND held_until IS NULL
        ORDER BY starts_at, id
        """,
        occasion.practitioner,
        start,
        *bound,
        *AWAITED,
    )
    return [row["id"] for row in found]


async def _read(appointments: Collection[int]) -> list[dict[str, Any]]:
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


def _item(
    attended: Sequence[dict[str, Any]], occasion: Occasion, still_open: Collection[int], when: Renderer
) -> Item:
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
