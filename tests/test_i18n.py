"""The one renderer of dates, times and numbers, in each country's own English."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from app.clock import zone
from app.i18n import Renderer, gettext, locale_for, ngettext
from tests.support.clock import FrozenClock

BRITISH = Renderer(locale_for("GB"), zone("Europe/London"))
AMERICAN = Renderer(locale_for("US"), zone("America/New_York"))
MONDAY = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)
SUMMER = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)


def test_moments_are_shown_on_the_clinic_s_wall_clock() -> None:
    assert (BRITISH.time(MONDAY), BRITISH.time(SUMMER)) == ("08:41", "00:30")
    assert (BRITISH.date(MONDAY), BRITISH.date(SUMMER)) == ("Mon 23 November", "Tue 2 June")


def test_each_country_writes_them_its_own_way() -> None:
    assert AMERICAN.time(MONDAY).replace("\u202f", " ") == "3:41 AM"
    assert AMERICAN.date(MONDAY) == "Mon November 23"
    assert AMERICAN.date_long(MONDAY) == "Monday, November 23, 2026"


def test_dates_come_in_every_length() -> None:
    assert BRITISH.date_long(MONDAY).replace(",", "") == "Monday 23 November 2026"
    assert BRITISH.day_short(MONDAY) == "Mon 23 Nov"
    assert BRITISH.short_date(MONDAY) == "23 Nov"
    assert BRITISH.month(MONDAY) == "November"
    assert BRITISH.date_of_birth(date(1980, 5, 3)) == "3 May 1980"


def test_a_date_is_the_same_in_every_zone() -> None:
    assert AMERICAN.short_date(date(2026, 11, 23)) == "Nov 23"


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2026, 11, 23, 0, 5, tzinfo=UTC), "today 00:05"),
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), "22 Nov 23:59"),
        (datetime(2026, 11, 24, 0, 0, tzinfo=UTC), "24 Nov 00:00"),
        (datetime(2024, 12, 3, 8, 41, tzinfo=UTC), "3 Dec 2024 08:41"),
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), "2 Jun 00:30"),
    ],
)
def test_a_moment_says_as_much_as_is_needed(frozen: FrozenClock, at: datetime, shown: str) -> None:
    assert BRITISH.moment(at) == shown


def test_the_clock_face_has_every_minute_of_a_day() -> None:
    face = BRITISH.clock_face()
    assert (len(face), face[0], face[521], face[-1]) == (1440, "00:00", "08:41", "23:59")


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+447911123456", "+44 7911 123456"), ("+33612345678", "+33 6 12 34 56 78"), ("", "")],
)
def test_numbers_are_shown_in_their_international_form(number: str, shown: str) -> None:
    assert BRITISH.phone(number) == shown


@pytest.mark.parametrize("country", ["", "XX", "ZZ"])
def test_a_country_without_an_english_of_its_own_gets_the_british(country: str) -> None:
    assert Renderer(locale_for(country), zone("UTC")).time(MONDAY) == "08:41"


def test_texts_come_back_in_the_source_language() -> None:
    assert gettext("Log in") == "Log in"
    assert [ngettext("{n} day", "{n} days", n).format(n=n) for n in (0, 1, 2)] == [
        "0 days",
        "1 day",
        "2 days",
    ]
