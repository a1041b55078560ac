"""Days in addresses and titles."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from app.diary.days import NoSuchDay, day_named, shown_day
from app.i18n import Renderer, locale_for

LONDON = Renderer(locale_for("GB"), ZoneInfo("Europe/London"))


def test_an_address_names_a_day() -> None:
    assert day_named("2028-02-29", LONDON) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("2026-02-31", "There is no 31 February 2026."),
        ("2026-02-29", "There is no 29 February 2026."),
        ("2026-11-00", "There is no 0 November 2026."),
        ("2026-13-01", "A year has no month 13."),
        ("0001-01-01", "The diary begins in 1970 and ends in 2199."),
        ("9999-12-31", "The diary begins in 1970 and ends in 2199."),
        ("tomorrow", "“tomorrow” isn't a date. Write a day like this: 2026-11-23."),
        ("20261123", "“20261123” isn't a date. Write a day like this: 2026-11-23."),
        ("\uff12026-11-23", "“\uff12026-11-23” isn't a date. Write a day like this: 2026-11-23."),
    ],
)
def test_what_is_no_day_is_refused_in_a_sentence(address: str, sentence: str) -> None:
    with pytest.raises(NoSuchDay) as refused:
        day_named(address, LONDON)
    assert refused.value.message == sentence


def test_the_title_has_a_year_only_when_it_is_another() -> None:
    day = date(2026, 11, 23)
    assert shown_day(day, day, LONDON).title == "Mon 23 November"
    assert shown_day(day, date(2025, 11, 23), LONDON).title == "Mon 23 November 2026"
    assert shown_day(day, date(2025, 11, 23), LONDON).short_title == "Mon 23 Nov 2026"


def test_the_arrows_lead_over_months_and_years() -> None:
    shown = shown_day(date(2026, 12, 31), date(2026, 12, 31), LONDON)
    assert (shown.previous, shown.next, shown.is_today) == (date(2026, 12, 30), date(2027, 1, 1), True)
