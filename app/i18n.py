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
        day = self._day(at)
        weekday = format_date(day, "EEE", locale=self.locale)
        return f"{weekday} {format_skeleton('MMMMd', day, locale=self.locale)}"

    def date_long(self, at: dt.date | dt.datetime) -> str:
        """Monday, 23 November 2026"""
        return format_date(self._day(at), "full", locale=self.locale)

    def day_short(self, at: dt.date | dt.datetime) -> str:
        """Mon 23 Nov"""
        return f"{format_date(self._day(at), 'EEE', locale=self.locale)} {self.short_date(at)}"

    def month(self, at: dt.date | dt.datetime) -> str:
        """November"""
        return format_date(self._day(at), "LLLL", locale=self.locale)

    def weekday(self, at: dt.date | dt.datetime) -> str:
        """Mon"""
        return format_date(self._day(at), "EEE", locale=self.locale)

    def weekdays(self) -> list[str]:
        """Mon, Tue … Sun"""
        monday = dt.date(2026, 1, 5)
        return [self.weekday(monday + dt.timedelta(days=n)) for n in range(7)]

    def short_date(self, at: dt.date | dt.datetime) -> str:
        """23 Nov"""
        shown: str = format_skeleton("MMMd", self._day(at), locale=self.locale)
        return shown

    def date_of_birth(self, born: dt.date) -> str:
        """23 Nov 1980"""
        return format_date(born, "medium", locale=self.locale)

    def moment(self, at: dt.datetime) -> str:
        """today 08:41; 22 Nov 08:41; 3 Dec 2024 08:41"""
        day, today = local_day(at, self.zone), local_day(now(), self.zone)
        if day == today:
            return _("today {time}").format(time=self.time(at))
        shown = (
            self.short_date(day) if day.year == today.year else format_date(day, "medium", locale=self.locale)
        )
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
