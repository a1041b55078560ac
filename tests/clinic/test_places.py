"""The countries and time zones that forms offer."""

from __future__ import annotations

import phonenumbers

from app.clinic.places import countries, time_zones
from app.clock import zone


def test_countries_are_those_whose_numbers_can_be_read_by_name() -> None:
    names = [name for _code, name in countries()]
    assert ("GB", "United Kingdom") in countries()
    assert names.index("Åland Islands") < names.index("Belgium") < names.index("Zimbabwe")
    assert all(phonenumbers.country_code_for_region(code) for code, _name in countries())
    assert len(countries()) > 200


def test_a_country_s_own_zones_come_first() -> None:
    assert time_zones("NZ")[:2] == [
        ("Pacific/Auckland", "Pacific/Auckland"),
        ("Pacific/Chatham", "Pacific/Chatham"),
    ]
    assert time_zones("GB")[0][0] == "Europe/London"
    assert ("America/New_York", "America/New York") in time_zones("GB")


def test_the_chosen_zone_is_always_offered() -> None:
    assert "UTC" not in [name for name, _shown in time_zones("GB")]
    assert time_zones("GB", "UTC")[0] == ("UTC", "UTC")


def test_every_zone_that_is_offered_exists_and_once() -> None:
    names = [name for name, _shown in time_zones()]
    assert len(set(names)) == len(names) > 300
    assert all(zone(name).key == name for name in names)
