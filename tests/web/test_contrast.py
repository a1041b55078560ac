"""Colours that carry text or meaning hold WCAG 2.2 AA, in light and in dark."""

from __future__ import annotations

import re

import pytest

from app.settings import ROOT

COLOURS = (ROOT / "static/css/tokens/colour.css").read_text()
FILLS = [f"fill-{number}" for number in range(1, 11)]
STATUSES = ["booked", "confirmed", "arrived", "in-session", "completed", "did-not-attend", "cancelled"]
GROUNDS = ["ground", "surface", "sunken"]

TEXT = [
    *((ink, ground) for ink in ("text", "muted") for ground in [*GROUNDS, *FILLS]),
    *((ink, ground) for ink in ("accent", "bad") for ground in GROUNDS),
    *((ink, "surface") for ink in ("good", "warning", "info")),
    *((tone, f"{tone}-wash") for tone in ("good", "warning", "bad", "info", "accent")),
    *(("text", f"{tone}-wash") for tone in ("good", "warning", "bad", "info", "accent")),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("now-ink", "now-colour"),
    ("completed", "fill-4"),
    ("surface", "text"),
]
SHAPES = [
    *((status, fill) for status in STATUSES for fill in FILLS),
    *(("edge", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in [*GROUNDS, *FILLS]),
    ("now-colour", "surface"),
]


def palette(scheme: str) -> dict[str, str]:
    light, _, dark = COLOURS.partition("@media")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    if scheme == "dark":
        colours |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark))
    return colours


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3.0)], ids=["text", "shapes"])
def test_colours_can_be_told_apart(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    colours = palette(scheme)
    poor = {
        f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2)
        for ink, ground in pairs
        if contrast(colours[ink], colours[ground]) < least
    }
    assert not poor


def test_dark_changes_every_colour_but_none_is_only_dark() -> None:
    light, dark = palette("light"), palette("dark")
    assert light.keys() == dark.keys()
    assert [name for name in light if light[name] == dark[name]] == []
