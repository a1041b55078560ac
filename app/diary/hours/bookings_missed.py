"""Appointments that stand in a time in which nobody is there to keep them: told of, never cancelled by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from app.clinic.clinic import ClinicSettings, renderer
from app.clock import local_day, now
from app.db import rows
from app.diary.days import shown_day
from app.diary.entries import LONGEST, entries_between, who_and_what
from app.diary.periods import hours_span
from app.diary.statuses import AWAITED
from app.diary.times import moment_at


@dataclass(frozen=True, slots=True)
class TimeAway:
    """Of whom, None for everybody, and when: whole days, or from ``starts`` to ``ends`` of a single one."""

    practitioner: int | None
    first_day: date
    last_day: date
    starts: time = time()
    ends: time = time()

    def moments(self, clinic: ClinicSettings) -> tuple[datetime, datetime]:
        """From when to when."""
        span = hours_span(self.starts, self.ends)
        return moment_at(self.first_day, span.start, clinic.zone), moment_at(
            self.last_day, span.end, clinic.zone
        )


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment in a line."""

    href: str
    day: str
    time: str
    who: str
    what: str
    practitioner: str


async def booked_in(away: TimeAway, clinic: ClinicSettings) -> list[Booked]:
    """Whoever is booked in that time, in its order."""
    found = await rows("SELECT id, name FROM staff_user WHERE practitioner")
    names = {row["id"]: row["name"] for row in found if away.practitioner in (None, row["id"])}
    when, today = renderer(clinic), local_day(now(), clinic.zone)
    return [
        Booked(
            f"/diary/appointments/{entry.id}",
            shown_day(local_day(entry.starts_at, clinic.zone), today, when).short_title,
            f"{when.time(entry.starts_at)} – {when.time(entry.ends_at)}",
            *who_and_what(entry),
            names[entry.practitioner],
        )
        for entry in await entries_between(list(names), *away.moments(clinic))
        if entry.status in AWAITED and not entry.is_block
    ]


async def count_booked_in(absences: Sequence[TimeAway], clinic: ClinicSettings) -> list[int]:
    """How many are booked in each of these times: one read."""
    if not absences:
        return []
    counts: list[str] = []
    args: list[object] = []
    for number, away in enumerate(absences):
        start, end = away.moments(clinic)
        whose = "TRUE" if away.practitioner is None else "practitioner = {}"
        counts.append(
            f"""
            SELECT {number} AS number, count(*) AS booked FROM appointment
            WHERE {whose} AND starts_at >= {{}} AND starts_at < {{}} AND ends_at > {{}} AND type IS NOT NULL
              AND status IN ({", ".join(["{}"] * len(AWAITED))}) AND held_until IS NULL
            """
        )
        args += [] if away.practitioner is None else [away.practitioner]
        args += [start - LONGEST, end, start, *AWAITED]
    found = await rows(" UNION ALL ".join(counts) + " ORDER BY number", *args)
    return [row["booked"] for row in found]
