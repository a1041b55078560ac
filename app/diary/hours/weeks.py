"""A practitioner's ordinary weeks as administrators keep them: each counts since a day, until the next one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings, renderer
from app.db import execute, rows, write
from app.diary.days import SINCE_EVER, shown_day, today_in
from app.diary.hours.day_fields import BREAKS
from app.diary.hours.forms import WeekBase
from app.diary.hours.practitioners import Hours, set_hours
from app.diary.stale import Stale
from app.errors import Conflict, Invalid, NotFound
from app.i18n import gettext as _


class Named(NamedTuple):
    """A practitioner, or a location."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class StoredWeek:
    """A week by weekday, since when it counts, and how often it was changed."""

    since: date
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


async def stored_weeks(practitioner: int) -> list[StoredWeek]:
    """All the weeks there are, in order; the first counts since ever, be it without hours."""
    found = await rows("SELECT since, version FROM hours_version WHERE practitioner = {}", practitioner)
    versions = {SINCE_EVER: 0, **{row["since"]: row["version"] for row in found}}
    found = await rows(
        """
        SELECT since, weekday, starts, ends, location FROM working_hours
        WHERE practitioner = {} ORDER BY since, weekday, starts
        """,
        practitioner,
    )
    days = {
        since: {
            weekday: [Hours(row["starts"], row["ends"], row["location"]) for row in stretches]
            for weekday, stretches in groupby(week, itemgetter("weekday"))
        }
        for since, week in groupby(found, itemgetter("since"))
    }
    return [StoredWeek(since, versions[since], days.get(since, {})) for since in sorted(versions)]


def week_on(weeks: Sequence[StoredWeek], day: date) -> StoredWeek:
    """The one that counts that day."""
    return [week for week in weeks if week.since <= day][-1]


async def change_week(form: WeekBase, practitioner: int, clinic: ClinicSettings, *, by: Viewer) -> StoredWeek:
    """Store the week that was typed; what it is now. From another day on it is another week, and the one that was read
    stays as it is for the days before; one that is only to come moves to that day.

    Raises Stale; Invalid for a place that isn't one or a day too early; Conflict when another week begins that day.
    """
    days = form.week()
    async with write():
        weeks = {week.since: week for week in await stored_weeks(practitioner)}
        since = form.since or form.of
        if since in weeks and weeks[since].days == days:
            return weeks[since]  # the form was sent twice, or nothing was typed
        if form.of not in weeks or weeks[form.of].version != form.version:
            raise Stale
        if since != form.of:
            _require_free(since, form.of, weeks, clinic)
        for weekday, stretches in days.items():
            await require_places(stretches, f"_{weekday}")
        if since != form.of > today_in(clinic):
            await _forget(practitioner, form.of)
        counted = await _count(practitioner, since, weeks[since].version if since in weeks else 0)
        await set_hours(practitioner, days, since)
        told = {} if since == SINCE_EVER else {"since": str(since)}
        await record("hours.changed", actor=by.user, subject="user", subject_id=practitioner, **told)
    return StoredWeek(since, counted, days)


async def remove_week(practitioner: int, since: date, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Forget a week that is to come: the one before it goes on. It may be gone already; what counts by now stays."""
    if since <= today_in(clinic):
        raise Conflict(_("This week counts already: change it instead."))
    async with write():
        if await _forget(practitioner, since):
            told = {"since": str(since)}
            await record("hours.week_removed", actor=by.user, subject="user", subject_id=practitioner, **told)


def _require_free(since: date, of: date, weeks: Mapping[date, StoredWeek], clinic: ClinicSettings) -> None:
    today = today_in(clinic)
    if since in weeks:
        raise Conflict(_("Another week counts from that day on: open that one to change it."), "since")
    if since < of <= today:
        begins = shown_day(of, today, renderer(clinic)).title
        raise Invalid(_("This week counts from {day} on. Choose a later day.").format(day=begins), "since")


async def _count(practitioner: int, since: date, version: int) -> int:
    counted = await execute(
        """
        INSERT INTO hours_version (practitioner, since, version) VALUES ({}, {}, {})
        ON CONFLICT (practitioner, since) DO UPDATE SET version = hours_version.version + 1
        WHERE hours_version.version = {} RETURNING version
        """,
        practitioner,
        since,
        version + 1,
        version,
    )
    if not counted:
        raise Stale
    return int(counted[0]["version"])


async def _forget(practitioner: int, since: date) -> bool:
    await execute("DELETE FROM working_hours WHERE practitioner = {} AND since = {}", practitioner, since)
    gone = await execute(
        "DELETE FROM hours_version WHERE practitioner = {} AND since = {} RETURNING id", practitioner, since
    )
    return bool(gone)


async def require_places(stretches: list[Hours], suffix: str = "") -> None:
    """Raise Invalid next to the field in which a place stands that isn't one."""
    fields = ("location", *(f"{name}_location" for name in BREAKS))
    for hours, field in zip(stretches, fields, strict=False):
        if hours.location and not await rows("SELECT id FROM location WHERE id = {}", hours.location):
            raise Invalid(_("Choose one of the locations."), f"{field}{suffix}")
