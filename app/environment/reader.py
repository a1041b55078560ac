"""Reads single variables, and collects what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from app.keys import development_keys
from app.settings import ROOT


class Reader:
    """The environment's variables without white space around them; in development with the keys it keeps in var/."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env: dict[str, str] = {name: value.strip() for name, value in env.items()}
        self.faults: list[str] = []
        self.var = Path(self.text("VAR_DIR") or ROOT / "var")
        environment = self.text("ENVIRONMENT") or "production"
        if environment not in ("development", "production"):
            self.fault(f"ENVIRONMENT is {environment!r}; it must be development or production.")
        self.development = environment == "development"
        if self.development:
            given = {name: value for name, value in self._env.items() if value}
            self._env = {**development_keys(self.var), **given}

    def fault(self, sentence: str) -> None:
        """Note what is wrong."""
        self.faults.append(sentence)

    def text(self, name: str) -> str:
        """The variable; empty when it isn't set."""
        return self._env.get(name, "")

    def beginning_with(self, prefix: str) -> dict[str, str]:
        """The variables whose names begin so."""
        return {name: value for name, value in self._env.items() if name.startswith(prefix)}

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``."""
        value = self.text(name) or str(default)
        if not value.isdecimal() or not low <= int(value) <= high:
            self.fault(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
            return default
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        """yes or no."""
        value = self.text(name) or ("yes" if default else "no")
        if value not in ("yes", "no"):
            self.fault(f"{name} is {value!r}; it must be yes or no.")
        return value == "yes"
