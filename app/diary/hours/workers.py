"""The people who treat, and what is known of when they work: one read, for every page of the diary needs it.

It is read again when it has changed: triggers count each change of what it is made of (the table DiarySetup).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from app.db import Engine, database, glance, rows
from app.diary.days import SINCE_EVER
from app.diary.hours.timetables import Absence, Away, Stretch, Timetable
from app.diary.periods import hours_span


class Worker(NamedTuple):
    """A practitioner and their timetable, complete for the days that were asked for; ``left`` is one who was one."""

    id: int
    name: str
    timetable: Timetable
    left: bool = False


@dataclass(slots=True)
class _Known:
    """What has been read, by days, since all that days are drawn with changed last."""

    version: int
    workers: dict[tuple[date, ...], list[Worker]]


_MOST_KNOWN = 200
_known: WeakKeyDictionary[Engine, _Known] = WeakKeyDictionary()


async def all_workers(days: Sequence[date], setup: int | None = None) -> list[Worker]:
    """The current practitioners by name, and then those who have left, with what concerns these days, in order.

    ``setup`` is the version of what they are made of, for whoever has just read it.
    """
    engine = database()
    if engine.transaction_exists():  # what it has changed may yet be undone
        return await _all_workers(days)
    if setup is None:
        (read,) = await glance("SELECT version FROM diary_setup")
        setup = int(read["version"])
    known = _known.get(engine)
    if known is None or known.version != setup or len(known.workers) >= _MOST_KNOWN:
        known = _known[engine] = _Known(setup, {})
    asked = tuple(days)
    if asked not in known.workers:
        known.workers[asked] = await _all_workers(days)
    return known.workers[asked]


async def current_workers(days: Sequence[date]) -> list[Worker]:
    """The first of these."""
    return [worker for worker in await all_workers(days) if not worker.left]


async def _all_workers(days: Sequence[date]) -> list[Worker]:
    # Whoever has ever had an appointment was one, whatever they are now.
    was_one = "u.practitioner OR EXISTS (SELECT 1 FROM appointment a WHERE a.practitioner = u.id)"
    return await _workers(days, {day.weekday() for day in days}, was_one)


async def worker_of(practitioner: int, days: Sequence[date]) -> Worker:
    """The practitioner of that id, who may have left, with the whole ordinary week; nobody is a name without hours."""
    found = await _workers(days, range(7), "u.id = {}", practitioner)
    return found[0] if found else Worker(practitioner, "", Timetable())


async def _workers(days: Sequence[date], weekdays: Collection[int], who: str, *args: int) -> list[Worker]:
    first, last = days[0], days[-1]
    # The first SELECT has a plain column for each that is a date or a time: on SQLite that gives the others theirs.
    found = await rows(
        f"""
        SELECT 0 AS has_left, '' AS search, practitioner AS id, name, first_day, last_day, starts, ends,
               first_day AS since, CAST(NULL AS INTEGER) AS weekday, '' AS place
        FROM absence WHERE last_day >= {{}} AND first_day <= {{}}
        UNION ALL
        SELECT 0, '', c.practitioner, NULL, c.day, NULL, c.starts, c.ends, NULL, NULL, l.name
        FROM changed_hours c LEFT JOIN location l ON l.id = c.location WHERE c.day >= {{}} AND c.day <= {{}}
        UNION ALL
        SELECT CASE WHEN u.practitioner AND u."current" THEN 0 ELSE 1 END, u.search, u.id, u.name, NULL, NULL,
               h.starts, h.ends, h.since, h.weekday, l.name
        FROM staff_user u
        LEFT JOIN working_hours h ON h.practitioner = u.id AND h.weekday IN ({", ".join(["{}"] * len(weekdays))})
        LEFT JOIN location l ON l.id = h.location
        WHERE {who}
        UNION ALL
        SELECT 0, '', v.practitioner, NULL, NULL, NULL, NULL, NULL, v.since, NULL, NULL
        FROM hours_version v WHERE v.since > {{}}
        ORDER BY has_left, search, id, starts
        """,
        first,
        last,
        first,
        last,
        *weekdays,
        *args,
        SINCE_EVER,
    )
    exceptions: dict[int | None, list[dict[str, Any]]] = {}
    ordinary = []
    for row in found:
        if row["name"] is not None and row["first_day"] is None:
            ordinary.append(row)
        else:
            exceptions.setdefault(row["id"], []).append(row)
    of_everybody = exceptions.get(None, [])
    return [
        Worker(
            user,
            week[0]["name"],
            _timetable(week, exceptions.get(user, []), of_everybody),
            bool(week[0]["has_left"]),
        )
        for user, group in groupby(ordinary, itemgetter("id"))
        for week in [list(group)]
    ]


def _timetable(
    week: Sequence[Mapping[str, Any]],
    exceptions: Sequence[Mapping[str, Any]],
    of_everybody: Sequence[Mapping[str, Any]],
) -> Timetable:
    weeks: dict[date, dict[int, list[Stretch]]] = {SINCE_EVER: {}}
    by_day: dict[date, list[Stretch]] = {}
    for row in exceptions:
        if row["first_day"] is None:
            weeks[row["since"]] = {}
        elif row["last_day"] is None:
            by_day.setdefault(row["first_day"], []).append(_stretch(row))
    for row in week:
        if row["weekday"] is not None:
            weeks.setdefault(row["since"], {}).setdefault(row["weekday"], []).append(_stretch(row))
    absences = [row for row in (*of_everybody, *exceptions) if row["last_day"] is not None]
    ordinary = weeks.pop(SINCE_EVER)
    return Timetable(ordinary, by_day, [_absence(row) for row in absences], weeks)


def _stretch(row: Mapping[str, Any]) -> Stretch:
    return Stretch(hours_span(row["starts"], row["ends"]), row["place"] or "")


def _absence(row: Mapping[str, Any]) -> Absence:
    away = Away(hours_span(row["starts"], row["ends"]), row["name"], of_clinic=row["id"] is None)
    return Absence(row["first_day"], row["last_day"], away)
