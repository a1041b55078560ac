"""When a practitioner works, as moments: what booking is held against."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.clock import local_day
from app.diary.hours.timetables import WHOLE_DAY, Away, Timetable
from app.diary.hours.workers import worker_of
from app.diary.periods import Span, shown_hours
from app.diary.times import moment_at
from app.diary.versions import days_touched


class WorkingTime:
    """A timetable in the clinic's zone. Without known hours every time is one, unless it is missed."""

    def __init__(self, timetable: Timetable, zone: ZoneInfo) -> None:
        self._timetable = timetable
        self._zone = zone

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The stretches of that day; without known hours, what a diary shows of an empty one."""
        opens, closes = shown_hours(())
        return self._stretches(day, Span(opens * 60, closes * 60))

    def between(self, start: datetime, days: int) -> Iterator[tuple[datetime, datetime]]:
        """The stretches of so many days, from the one of ``start`` on."""
        first = local_day(start, self._zone)
        for n in range(days):
            yield from self.on(first + timedelta(days=n))

    def covers(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether somebody works all of that time, also from one day into the next."""
        reached = starts_at
        for day in days_touched(starts_at, ends_at, self._zone):
            for start, end in self._stretches(day, WHOLE_DAY):
                if start <= reached < end:
                    reached = end
        return reached >= ends_at

    def away_in(self, starts_at: datetime, ends_at: datetime) -> Away | None:
        """The first absence that takes any of that time."""
        for day in days_touched(starts_at, ends_at, self._zone):
            for away in self._timetable.on(day).away:
                ((start, end),) = self._moments(day, [away.span])
                if start < ends_at and end > starts_at:
                    return away
        return None

    def _stretches(self, day: date, unknown: Span) -> list[tuple[datetime, datetime]]:
        work = self._timetable.on(day)
        if not self._timetable.is_known_on(day):
            work = replace(work, planned=(unknown,))
        return self._moments(day, work.hours)

    def _moments(self, day: date, spans: Iterable[Span]) -> list[tuple[datetime, datetime]]:
        return [
            (moment_at(day, span.start, self._zone), moment_at(day, span.end, self._zone)) for span in spans
        ]


async def working_time(practitioner: int, days: Sequence[date], zone: ZoneInfo) -> WorkingTime:
    """When that practitioner works on these days, which are in order."""
    return WorkingTime((await worker_of(practitioner, days)).timetable, zone)
