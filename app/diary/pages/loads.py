"""How much is booked on each of many days: counted by the database, whatever there is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.clock import midnight
from app.db import database, rows
from app.diary.statuses import FREEING


class Load(NamedTuple):
    """The appointments of a day, and how many minutes they take together."""

    booked: int
    minutes: int


async def loads_between(
    practitioners: Sequence[int], first: date, last: date, zone: ZoneInfo
) -> dict[date, Load]:
    """The load of each day that has any, both ends included; an appointment belongs to the day on which it begins."""
    if not practitioners:
        return {}
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    ends = [midnight(day + timedelta(days=1), zone) for day in days]
    seconds = database().seconds_between("starts_at", "ends_at")
    # The database knows no zone: it is told where each day ends on the clinic's clock.
    day_number = f"CASE {' '.join(f'WHEN starts_at < {{}} THEN {n}' for n in range(len(days)))} END"
    found = await rows(
        f"""
        SELECT {day_number} AS day_number, count(*) AS booked, sum({seconds}) AS seconds
        FROM appointment
        WHERE practitioner IN ({", ".join(["{}"] * len(practitioners))})
          AND starts_at >= {{}} AND starts_at < {{}} AND type IS NOT NULL
          AND status NOT IN ({", ".join(["{}"] * len(FREEING))}) AND held_until IS NULL
        GROUP BY 1
        """,
        *ends,
        *practitioners,
        midnight(first, zone),
        ends[-1],
        *sorted(FREEING),
    )
    return {days[row["day_number"]]: Load(row["booked"], int(row["seconds"]) // 60) for row in found}
