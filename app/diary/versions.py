"""How often a practitioner's day has changed: open diaries find out by it that they are out of date."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.clock import local_day
from app.db import execute


def days_touched(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> list[date]:
    """The days of the wall calendar on which that time is, in order; what ends at midnight isn't on the next day."""
    first, last = local_day(starts_at, zone), local_day(ends_at - timedelta(microseconds=1), zone)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


async def bump(*days: tuple[int, date]) -> None:
    """Count a change of each (practitioner, day), in the caller's transaction."""
    # In sorted order: two changes that touch the same days then never wait for each other's.
    for practitioner, day in sorted(set(days)):
        await execute(
            """
            INSERT INTO day_version (practitioner, day, version) VALUES ({}, {}, 1)
            ON CONFLICT (practitioner, day) DO UPDATE SET version = day_version.version + 1
            """,
            practitioner,
            day,
        )
