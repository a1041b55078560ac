"""The day that a page is about: found in its address, named in its title, and left by its arrows."""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated

from pydantic import Field

from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.errors import NotFound
from app.i18n import Renderer
from app.i18n import gettext as _

YEARS = range(1970, 2200)
# Since then an ordinary week counts that nobody has given a beginning.
SINCE_EVER = dt.date(YEARS[0], 1, 1)

# A day in a form: one that the diary has.
Day = Annotated[dt.date, Field(ge=dt.date(YEARS[0], 1, 1), le=dt.date(YEARS[-1], 12, 31))]


class NoSuchDay(NotFound):
    """An address names a day that is in no calendar, or in none of ours."""


def day_named(text: str, when: Renderer) -> dt.date:
    """The day that ``YYYY-MM-DD`` names. Raises NoSuchDay, which says what is wrong with it."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise NoSuchDay(_("“{text}” isn't a date. Write a day like this: 2026-11-23.").format(text=text[:40]))
    year, month, day = (int(part) for part in text.split("-"))
    if year not in YEARS:
        raise NoSuchDay(
            _("The diary begins in {first} and ends in {last}.").format(first=YEARS[0], last=YEARS[-1])
        )
    if not 1 <= month <= 12:
        raise NoSuchDay(_("A year has no month {month}.").format(month=month))
    if not 1 <= day <= monthrange(year, month)[1]:
        named = when.month(dt.date(year, month, 1))
        raise NoSuchDay(_("There is no {day} {month} {year}.").format(day=day, month=named, year=year))
    return dt.date(year, month, day)


def today_in(clinic: ClinicSettings) -> dt.date:
    """Today by the clinic's calendar."""
    return local_day(now(), clinic.zone)


@dataclass(frozen=True, slots=True)
class ShownDay:
    """A day as the head of its page needs it; ``short_title`` is for phones."""

    date: dt.date
    today: dt.date
    title: str
    short_title: str

    @property
    def is_today(self) -> bool:
        """Whether it is today by the clinic's calendar."""
        return self.date == self.today

    @property
    def previous(self) -> dt.date:
        """The day before."""
        return self.date - dt.timedelta(days=1)

    @property
    def next(self) -> dt.date:
        """The day after."""
        return self.date + dt.timedelta(days=1)


@lru_cache(maxsize=512)
def shown_day(day: dt.date, today: dt.date, when: Renderer) -> ShownDay:
    """Mon 23 November; with its year when that isn't this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return ShownDay(day, today, f"{when.date(day)}{year}", f"{when.day_short(day)}{year}")
