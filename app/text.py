"""Normal forms of what people type."""

from __future__ import annotations

import unicodedata


def tidy(text: str) -> str:
    """NFC, with runs of white space as one space and none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def searchable(*parts: str) -> str:
    """What a search compares: case and accents folded (é and É alike on both engines), parts joined by spaces."""
    folded = unicodedata.normalize("NFKD", " ".join(part for part in parts if part)).casefold()
    return tidy("".join(letter for letter in folded if not unicodedata.combining(letter)))


def like_pattern(typed: str) -> str:
    """A LIKE pattern (escape character ``\\``) that finds the typed text anywhere in a searchable column."""
    escaped = searchable(typed).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
