"""What select fields offer: countries and time zones, by name."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from babel import Locale


@cache
def countries() -> list[tuple[str, str]]:
    """ISO 3166 codes with their English names, by name."""
    names = Locale("en").territories
    found = [
        (code, name)
        for code, name in names.items()
        if len(code) == 2 and code not in ("EU", "EZ", "UN", "ZZ")
    ]
    return sorted(found, key=lambda choice: choice[1])


@cache
def time_zones() -> list[tuple[str, str]]:
    """IANA zones that people live in, as Region/City, by name."""
    regions = (
        "Africa",
        "America",
        "Antarctica",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    )
    found = [name for name in sorted(available_timezones()) if name.split("/")[0] in regions]
    return [(name, name.replace("_", " ")) for name in found]
