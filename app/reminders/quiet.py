"""Quiet hours: when no patient is written to, by the clinic's wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.clock import NonexistentTime, local_day, wall_time
from app.db import glance

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of the day to another, over midnight where the second is the earlier; never where they are one."""

    starts: time
    ends: time
    zone: ZoneInfo
    version: int = 1

    def holds(self, at: datetime) -> bool:
        """Whether that moment is in them."""
        shown = at.astimezone(self.zone).time()
        if self.starts <= self.ends:
            return self.starts <= shown < self.ends
        return shown >= self.starts or shown < self.ends

    def over(self, at: datetime) -> datetime:
        """When they are over next."""
        day = local_day(at, self.zone)
        today = on_the_clock(day, self.ends, self.zone)
        return today if today > at else on_the_clock(day + _DAY, self.ends, self.zone)

    def began(self, at: datetime) -> datetime:
        """When they began last."""
        day = local_day(at, self.zone)
        today = on_the_clock(day, self.starts, self.zone)
        return today if today <= at else on_the_clock(day - _DAY, self.starts, self.zone)


async def load_quiet_hours(zone: ZoneInfo) -> QuietHours:
    """The clinic's."""
    (row,) = await glance("SELECT quiet_from, quiet_until, version FROM reminder_hours WHERE id = 1")
    return QuietHours(row["quiet_from"], row["quiet_until"], zone, row["version"])


def on_the_clock(day: date, at: time, zone: ZoneInfo) -> datetime:
    """When the wall clock shows that; where the clocks skip it, the first moment after."""
    try:
        return wall_time(day, at, zone)
    except NonexistentTime as skipped:
        return skipped.next_valid
