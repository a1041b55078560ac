"""When a practitioner works, as moments: what booking is held against."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from app.clock import local_day
from app.db import rows
from app.diary.periods import Span, hours_span, merged, shown_hours
from app.diary.times import moment_at


class WorkingWeek:
    """A practitioner's ordinary week in the clinic's zone. Without known hours every time is one."""

    def __init__(self, spans: dict[int, list[Span]], zone: ZoneInfo) -> None:
        self._spans = spans
        self._zone = zone

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of that day; without known hours, what a diary shows of an empty one."""
        opens, closes = shown_hours(())
        usual = [Span(opens * 60, closes * 60)]
        spans = self._spans.get(day.weekday(), []) if self._spans else usual
        return [
            (moment_at(day, span.start, self._zone), moment_at(day, span.end, self._zone)) for span in spans
        ]

    def between(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of so many days, from the one of ``start`` on."""
        first = local_day(start, self._zone)
        for n in range(days):
            yield from self.on(first + timedelta(days=n))

    def covers(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether that time lies within one stretch, as far as hours are known at all."""
        if not self._spans:
            return True
        stretches = self.on(local_day(starts_at, self._zone))
        return any(start <= starts_at and ends_at <= end for start, end in stretches)


async def working_week(practitioner: int, zone: ZoneInfo) -> WorkingWeek:
    """The ordinary week of that practitioner."""
    found = await rows(
        "SELECT weekday, starts, ends FROM working_hours WHERE practitioner = {} ORDER BY weekday, starts",
        practitioner,
    )
    return WorkingWeek(
        {
            weekday: merged(hours_span(row["starts"], row["ends"]) for row in stretches)
            for weekday, stretches in groupby(found, itemgetter("weekday"))
        },
        zone,
    )
