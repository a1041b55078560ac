"""The appointments of somebody who isn't there: each has to be moved, handed over or cancelled.

A page remembers which it began with, so that it can say what became of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter

from app.accounts.permissions import may_see
from app.accounts.users import load_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.db import rows
from app.diary.changes.changes import require_keeper
from app.diary.hours.workers import worker_of
from app.diary.setbacks.occasions import Occasion
from app.diary.setbacks.settle_items import Item, item_of, read_rows
from app.diary.statuses import AWAITED

LISTED_AT_MOST = 50


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
        for row in await read_rows({*still_open[:LISTED_AT_MOST], *among})
        if may_see(by, row["practitioner"], clinic.colleague_access)
    ]
    when, place = renderer(clinic), {one: n for n, one in enumerate(among)}
    items = [
        item_of(list(group), occasion, still_open, when) for _id, group in groupby(found, itemgetter("id"))
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
