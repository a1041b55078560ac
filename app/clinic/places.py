"""The countries and time zones that a clinic can be in, as a form offers them."""

from __future__ import annotations

from functools import cache
from importlib import resources

import phonenumbers

from app.i18n import locale_for
from app.text import searchable


@cache
def countries() -> list[tuple[str, str]]:
    """ISO codes and names of the countries whose phone numbers can be read, by name."""
    names = locale_for("GB").territories
    found = [(code, names[code]) for code in phonenumbers.SUPPORTED_REGIONS if code in names]
    return sorted(found, key=lambda country: searchable(country[1]))


def time_zones(country: str = "", chosen: str = "") -> list[tuple[str, str]]:
    """IANA names and what to show for them: the country's own first, then all others; ``chosen`` whatever it is."""
    names = [name for _code, name in sorted(_zones(), key=lambda zone: zone[0] != country)]
    if chosen and chosen not in names:
        names.insert(0, chosen)
    return [(name, name.replace("_", " ")) for name in names]


@cache
def _zones() -> list[tuple[str, str]]:
    """Country and canonical name of each inhabited zone, by name, from the zone database's own table."""
    table = resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text("utf-8")
    lines = [line.split("\t") for line in table.splitlines() if line and not line.startswith("#")]
    return sorted(((fields[0], fields[2]) for fields in lines), key=lambda zone: zone[1])
