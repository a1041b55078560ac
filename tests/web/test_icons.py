"""The icons that templates name are in the sprite."""

from __future__ import annotations

import re

from app.diary.tables import Status
from app.settings import ROOT

TEMPLATES = ROOT / "templates"
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/icons.svg").read_text()))


def test_every_icon_that_a_template_names_exists() -> None:
    named = {
        (path.relative_to(TEMPLATES).as_posix(), name)
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'\b(?:icon|symbol)\("([\w-]+)"|\bicon="([\w-]+)"', path.read_text())
        for name in name
        if name
    }
    assert {(template, name) for template, name in named if name not in SPRITE} == set()


def test_every_status_has_an_icon_of_its_name() -> None:
    assert {status.value for status in Status} <= SPRITE
