"""Languages: the texts' translation and the one renderer of dates, times and numbers."""

from __future__ import annotations

import datetime as dt
import gettext as gnu
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time

from app.clock import local_day, now

DOMAIN = "daybook"
CATALOGUES = Path(__file__).parent / "locale"

# English is the source language and for now the only one: a catalogue in app/locale adds another.
translations = gnu.translation(DOMAIN, CATALOGUES, fallback=True)


def gettext(text: str) -> str:
    """The text in the reader's language."""
    return translations.gettext(text)


def ngettext(one: str, many: str, count: int) -> str:
    """The text that fits ``count``, in the reader's language."""
    return translations.ngettext(one, many, count)


_ = gettext


@lru_cache(maxsize=64)
def locale_for(country: str) -> Locale:
    """English as that country writes it (ISO 3166 code); British where it has no English of its own."""
    try:
        return Locale("en", country or "GB")
    except UnknownLocaleError:
        return Locale("en", "GB")


@lru_cache(maxsize=8)
def _clock_face(locale: Locale) -> tuple[str, ...]:
    """Every minute of a day as that locale writes it. A diary's page shows a hundred times: too many to format anew."""
    minutes = (dt.time(*divmod(minute, 60)) for minute in range(24 * 60))
    return tuple(format_time(minute, "short", locale=locale) for minute in minutes)


@lru_cache(maxsize=4096)
def _day_as(pattern: str, day: dt.date, locale: Locale) -> str:
    """The day by Babel's name of a pattern, or by its letters: a page's calendar alone shows seven."""
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=4096)
def _day_of(skeleton: str, day: dt.date, locale: Locale) -> str:
    """The day with these fields, in that locale's order."""
    shown: str = format_skeleton(skeleton, day, locale=locale)
    return shown


@dataclass(frozen=True, slots=True)
class Renderer:
    """Shows moments on the clinic's wall clock. Screens, e-mails and texts all use it, so they can't disagree."""

    locale: Locale
    zone: ZoneInfo

    def time(self, at: dt.datetime) -> str:
        """11:20"""
        local = at.astimezone(self.zone)
        return self.clock_face()[local.hour * 60 + local.minute]

    def clock_face(self) -> tuple[str, ...]:
        """All of a day's minutes: 00:00, 00:01 … 23:59."""
        return _clock_face(self.locale)

    def date(self, at: dt.date | dt.datetime) -> str:
        """Mon 23 November"""
        return f"{self.weekday(at)} {_day_of('MMMMd', self._day(at), self.locale)}"

    def date_long(self, at: dt.date | dt.datetime) -> str:
        """Monday, 23 November 2026"""
        return _day_as("full", self._day(at), self.locale)

    def day_short(self, at: dt.date | dt.datetime) -> str:
        """Mon 23 Nov"""
        return f"{self.weekday(at)} {self.short_date(at)}"

    def month(self, at: dt.date | dt.datetime) -> str:
        """November"""
        return _day_as("LLLL", self._day(at), self.locale)

    def weekday(self, at: dt.date | dt.datetime) -> str:
        """Mon"""
        return _day_as("EEE", self._day(at), self.locale)

    def weekdays(self) -> list[str]:
        """Mon, Tue … Sun"""
        monday = dt.date(2026, 1, 5)
        return [self.weekday(monday + dt.timedelta(days=n)) for n in range(7)]

    def short_date(self, at: dt.date | dt.datetime) -> str:
        """23 Nov"""
        return _day_of("MMMd", self._day(at), self.locale)

    def date_of_birth(self, born: dt.date) -> str:
        """23 Nov 1980"""
        return format_date(born, "medium", locale=self.locale)

    def moment(self, at: dt.datetime) -> str:
        """today 08:41; 22 Nov 08:41; 3 Dec 2024 08:41"""
        day, today = local_day(at, self.zone), local_day(now(), self.zone)
        if day == today:
            return _("today {time}").format(time=self.time(at))
        shown = self.short_date(day) if day.year == today.year else _day_as("medium", day, self.locale)
        return f"{shown} {self.time(at)}"

    def phone(self, e164: str) -> str:
        """+44 7911 123456"""
        if not e164:
            return ""
        return phonenumbers.format_number(
            phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL
        )

    def _day(self, at: dt.date | dt.datetime) -> dt.date:
        return local_day(at, self.zone) if isinstance(at, dt.datetime) else at
