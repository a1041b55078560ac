"""Reading a date of birth as people write it: 23/11/1980, 1980-11-23, 23 Nov 1980, November 23, 1980, 23.11.80."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from babel import Locale

from app.clock import now
from app.text import searchable

_YEAR = r"(?P<year>\d{4}|\d\d)"
_ISO = re.compile(r"(?P<year>\d{4})[./-](?P<month>\d{1,2})[./-](?P<day>\d{1,2})")
_NUMBERS = re.compile(rf"(?P<first>\d{{1,2}})(?P<gap>[./ -])(?P<second>\d{{1,2}})(?P=gap){_YEAR}")
_SOLID = re.compile(r"(?P<first>\d\d)(?P<second>\d\d)(?P<year>\d{4})")
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})[ ./-]*(?P<name>[^\W\d_]{{3,}})[ .,/-]*{_YEAR}")
_MONTH_FIRST = re.compile(r"(?P<name>[^\W\d_]{3,})[ ./-]*(?P<day>\d{1,2})[ ,./-]+(?P<year>\d{4})")


def dates_meant(text: str, locale: Locale) -> list[date]:
    """The dates that the text may mean, none of them invented: two when 19 may be 1919 or 2019, often none.

    Day and month of numbers stand as the locale has them, or else in the only order that makes a date.
    """
    folded = searchable(text)
    for shape in (_ISO, _DAY_FIRST, _MONTH_FIRST, _NUMBERS, _SOLID):
        if match := shape.fullmatch(folded):
            return _dates(match.groupdict(), locale)
    return []


def example(locale: Locale) -> str:
    """A date in numbers as the locale writes it, so that nobody takes its day for its month."""
    return "11/23/1980" if _months_come_first(locale) else "23/11/1980"


def age(born: date, today: date) -> int:
    """How many birthdays there have been."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def latest_day() -> date:
    """The day it is by now where it is latest: whoever was born on a later one isn't yet."""
    return (now() + timedelta(hours=14)).date()


def _dates(parts: dict[str, str], locale: Locale) -> list[date]:
    if "name" in parts:
        orders = [(_month_named(parts["name"], locale), int(parts["day"]))]
    elif "month" in parts:
        orders = [(int(parts["month"]), int(parts["day"]))]
    else:
        first, second = int(parts["first"]), int(parts["second"])
        orders = [(first, second), (second, first)]
        if not _months_come_first(locale):
            orders.reverse()
    readings = ([*_in_each_year(parts["year"], month, day)] for month, day in orders)
    return next(filter(None, readings), [])


def _in_each_year(year: str, month: int, day: int) -> Iterator[date]:
    """Two digits mean a year of this century or the last, but none to come."""
    years = [int(year)] if len(year) == 4 else [1900 + int(year), 2000 + int(year)]
    for each in years:
        try:
            born = date(each, month, day)
        except ValueError:
            continue
        if len(year) == 4 or born <= latest_day():
            yield born


def _month_named(name: str, locale: Locale) -> int:
    """1 to 12, by as much of the name as is written; 0 when no month begins so."""
    months = locale.months["format"]["wide"].items()
    return next((month for month, full in months if searchable(full).startswith(name)), 0)


def _months_come_first(locale: Locale) -> bool:
    return bool(locale.date_formats["short"].pattern.startswith("M"))
