"""A practitioner's ordinary week as administrators keep it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.db import execute, rows, write
from app.diary.hours.forms import WeekBase
from app.diary.hours.practitioners import Hours, set_hours
from app.diary.stale import Stale
from app.errors import Invalid, NotFound
from app.i18n import gettext as _


class Named(NamedTuple):
    """A practitioner, or a location."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """A week by weekday, and how often it was changed."""

    version: int
    days: Mapping[int, list[Hours]]


async def current_practitioner(user: int) -> Named:
    """Raises NotFound for somebody who isn't one, or has left."""
    found = await rows('SELECT id, name FROM staff_user WHERE id = {} AND practitioner AND "current"', user)
    if not found:
        raise NotFound(_("There is no such practitioner."))
    return Named(**found[0])


async def places_to_work() -> list[Named]:
    """The locations in use, by name; none where there is nothing to choose."""
    found = await rows("SELECT id, name FROM location WHERE active ORDER BY name, id")
    return [Named(**row) for row in found] if len(found) > 1 else []


async def stored_week(practitioner: int) -> StoredWeek:
    """The week as it is now."""
    version = await rows("SELECT version FROM hours_version WHERE practitioner = {}", practitioner)
    found = await rows(
        "SELECT weekday, starts, ends, location FROM working_hours WHERE practitioner = {} ORDER BY weekday, starts",
        practitioner,
    )
    days = {
        weekday: [Hours(row["starts"], row["ends"], row["location"]) for row in stretches]
        for weekday, stretches in groupby(found, itemgetter("weekday"))
    }
    return StoredWeek(version[0]["version"] if version else 0, days)


async def change_week(form: WeekBase, practitioner: int, *, by: Viewer) -> StoredWeek:
    """Store the week that was typed; what it is now. Raises Stale, and Invalid for a place that isn't one."""
    week = form.week()
    async with write():
        stored = await stored_week(practitioner)
        if stored.days == week:
            return stored  # the form was sent twice, or nothing was typed
        counted = await execute(
            """
            INSERT INTO hours_version (practitioner, version) VALUES ({}, {})
            ON CONFLICT (practitioner) DO UPDATE SET version = hours_version.version + 1
            WHERE hours_version.version = {} RETURNING version
            """,
            practitioner,
            form.version + 1,
            form.version,
        )
        if not counted:
            raise Stale
        for weekday, stretches in week.items():
            await require_places(stretches, f"_{weekday}")
        await set_hours(practitioner, week)
        await record("hours.changed", actor=by.user, subject="user", subject_id=practitioner)
    return StoredWeek(counted[0]["version"], week)


async def require_places(stretches: list[Hours], suffix: str = "") -> None:
    """Raise Invalid next to the field in which a place stands that isn't one."""
    for hours, field in zip(stretches, ("location", "break_location"), strict=False):
        if hours.location and not await rows("SELECT id FROM location WHERE id = {}", hours.location):
            raise Invalid(_("Choose one of the locations."), f"{field}{suffix}")
