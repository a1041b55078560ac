"""Dates of birth are read as people write them, wherever the clinic is."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clinic.places import countries
from app.diary.patients.dates_of_birth import age, dates_meant, example
from app.i18n import Renderer, locale_for
from tests.support.clock import FrozenClock

BORN = date(1980, 11, 23)
BRITISH, AMERICAN = locale_for("GB"), locale_for("US")


@pytest.mark.parametrize(
    "written",
    "23/11/1980|23.11.1980|23-11-80|23 11 1980|23111980|1980-11-23|1980/11/23|23 Nov 1980|23 november 80|23-NOV-1980|"
    "23nov1980|Nov 23, 1980|November 23 1980|11/23/1980|  23/11/1980 ".split("|"),
)
def test_each_usual_writing_is_the_same_day(written: str) -> None:
    assert dates_meant(written, BRITISH) == [BORN]


@pytest.mark.parametrize(
    "written", ["", "23/11", "31/02/1980", "32 Jan 1980", "Novem", "13/13/1980", "0/0/0000", "x"]
)
def test_what_is_no_date_means_none(written: str) -> None:
    assert dates_meant(written, BRITISH) == []


def test_day_and_month_stand_as_the_country_writes_them() -> None:
    assert dates_meant("3/4/1980", BRITISH) == [date(1980, 4, 3)]
    assert dates_meant("3/4/1980", AMERICAN) == [date(1980, 3, 4)]


def test_two_digits_of_a_year_mean_every_year_that_has_been(frozen: FrozenClock) -> None:
    assert dates_meant("23/11/80", BRITISH) == [BORN]
    assert dates_meant("23/11/19", BRITISH) == [date(1919, 11, 23), date(2019, 11, 23)]
    assert dates_meant("23/11/26", BRITISH) == [date(1926, 11, 23), date(2026, 11, 23)]
    assert dates_meant("25/11/26", BRITISH) == [date(1926, 11, 25)]


def test_what_a_clinic_is_shown_it_can_type() -> None:
    for locale in {str(found): found for found in (locale_for(code) for code, _ in countries())}.values():
        when = Renderer(locale, ZoneInfo("UTC"))
        for month in range(1, 13):
            born = date(1980, month, 2)
            assert dates_meant(when.date_of_birth(born), locale) == [born], locale
        assert dates_meant(example(locale), locale) == [BORN]


@given(st.dates(date(1890, 1, 1), date(2026, 11, 22)))
def test_every_day_is_read_back(born: date) -> None:
    for locale, written in (
        (BRITISH, f"{born:%d/%m/%Y}"),
        (AMERICAN, f"{born:%m/%d/%Y}"),
        (BRITISH, f"{born:%d %B %Y}"),
    ):
        assert dates_meant(written, locale) == [born]


def test_age_counts_the_birthdays() -> None:
    assert [age(BORN, today) for today in (date(2026, 11, 22), date(2026, 11, 23))] == [45, 46]
    assert age(date(2000, 2, 29), date(2026, 2, 28)) == 25
