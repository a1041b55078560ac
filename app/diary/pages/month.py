"""The month: how full each day is, and the small calendar by which one jumps to a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.diary.pages.loads import Load
from app.diary.pages.shown import weeks_of_month
from app.i18n import Renderer
from app.i18n import gettext as _

# The bar of a day has so many steps; the last one is a day without a free minute.
STEPS = 10


@dataclass(frozen=True, slots=True)
class MonthDay:
    """A day of the overview. ``step``, 0 to STEPS, is how far its bar reaches; without working hours there is none.

    ``away`` is why somebody, or the clinic, is away that day.
    """

    date: dt.date
    inside: bool
    today: bool
    booked: int
    share: str
    step: int | None
    away: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month in weeks from Monday to Sunday, with the first day of the months beside it."""

    title: str
    previous: dt.date
    next: dt.date
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[MonthDay, ...], ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month to choose a day from."""

    title: str
    previous: dt.date
    next: dt.date
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[dt.date, ...], ...]


def month_view(
    day: dt.date,
    today: dt.date,
    loads: Mapping[dt.date, Load],
    minutes_worked: Mapping[dt.date, int],
    away: Mapping[dt.date, str],
    when: Renderer,
) -> Month:
    """The month of that day; a day without a load has no appointments."""
    calendar = calendar_of(day.replace(day=1), when)
    weeks = tuple(
        tuple(
            _day(on, day.month, today, loads.get(on, Load(0, 0)), minutes_worked.get(on, 0), away.get(on, ""))
            for on in week
        )
        for week in calendar.weeks
    )
    return Month(calendar.title, calendar.previous, calendar.next, calendar.weekdays, weeks)


@lru_cache(maxsize=256)
def calendar_of(first: dt.date, when: Renderer) -> Calendar:
    """The calendar of the month that begins with that day."""
    weeks = weeks_of_month(first)
    after = (first + dt.timedelta(days=31)).replace(day=1)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    title = f"{when.month(first)} {first.year}"
    return Calendar(title, before, after, _weekdays(weeks[0], when), tuple(map(tuple, weeks)))


def _weekdays(week: Sequence[dt.date], when: Renderer) -> tuple[str, ...]:
    return tuple(when.weekday(day) for day in week)


def _day(on: dt.date, month: int, today: dt.date, load: Load, worked: int, away: str) -> MonthDay:
    share = min(load.minutes / worked, 1) if worked else 0
    return MonthDay(
        on,
        on.month == month,
        on == today,
        load.booked,
        _("{share} % of the working time").format(share=round(share * 100)) if worked else "",
        max(round(share * STEPS), 1 if load.booked else 0) if worked else None,
        away,
    )
