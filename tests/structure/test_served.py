"""What is written is also reachable: every controller is served, every setting is documented."""

from __future__ import annotations

import re
from importlib import import_module
from inspect import getmembers, isclass

from litestar import Controller

from app.asgi import CONTROLLERS
from app.keys import NAMES
from tests.support.tree import ROOT, files


def controllers() -> set[type[Controller]]:
    """Every controller that a view module defines."""
    paths = [*files("app/*/views.py"), *files("app/*/views/*.py")]
    modules = [import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in paths]
    return {
        member
        for module in modules
        for _, member in getmembers(module, isclass)
        if issubclass(member, Controller) and member.__module__ == module.__name__
    }


def test_every_controller_is_served() -> None:
    """Itself, or as what others are made of."""
    idle = [c for c in controllers() if not any(issubclass(served, c) for served in CONTROLLERS)]
    assert [c.__name__ for c in idle] == []


def test_every_controller_says_what_it_is_for() -> None:
    assert [c.__name__ for c in controllers() if not (c.__doc__ or "").strip()] == []


def test_every_setting_is_documented() -> None:
    """What the environment's reader asks for stands in .env.example, and nothing else does."""
    readers = "".join(path.read_text() for path in files("app/environment/*.py"))
    asked = set(re.findall(r'"([A-Z][A-Z_]{3,})"', readers)) | set(NAMES)
    documented = set(
        re.findall(r"^#?\s?([A-Z][A-Z_]{3,})=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    )
    assert asked == documented
