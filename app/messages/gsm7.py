"""The alphabet of texts (3GPP TS 23.038): what fits one segment, and how to write other letters with it.

A single letter outside the alphabet turns the whole text into UCS-2, of which only 70 letters fit.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

SEGMENT = 160
"""Septets in a text that is sent in one piece."""
JOINED = 153
"""Septets in each piece of a longer one."""
UCS2_SEGMENT, UCS2_JOINED = 70, 67
"""The same for a text with letters that the alphabet lacks, in units of UTF-16."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")

# Letters whose likeness neither Unicode's decompositions nor their names tell.
_SPELT = {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "\u0131": "i", "\t": " "}
_NAMED_AFTER = re.compile(r"LATIN (SMALL|CAPITAL) (?:LETTER|LIGATURE) ([A-Z]{1,2})(?: WITH .*)?")


def septets(text: str) -> int:
    """How much of a segment the text takes. Raises ValueError when it needs a letter outside the alphabet."""
    count = 0
    for letter in text:
        if letter not in _BASIC and letter not in _EXTENDED:
            raise ValueError(f"{letter!r} is not in the GSM alphabet")
        count += 1 if letter in _BASIC else 2
    return count


@dataclass(frozen=True, slots=True)
class Size:
    """What a text takes: so many ``segments``, and ``used`` of the ``room`` in them, in letters of its alphabet."""

    segments: int
    used: int
    room: int
    is_plain: bool  # in the alphabet of texts; other letters take more than twice the room


def measure(text: str) -> Size:
    """How many segments a text of any length and alphabet takes."""
    try:
        used, alone, joined, plain = septets(text), SEGMENT, JOINED, True
    except ValueError:
        used, alone, joined, plain = len(text.encode("utf-16-be")) // 2, UCS2_SEGMENT, UCS2_JOINED, False
    if used <= alone:
        return Size(1, used, alone, plain)
    segments = -(-used // joined)
    return Size(segments, used, segments * joined, plain)


def transliterate(text: str) -> str:
    """The text in letters of the alphabet; what has no likeness there is left out."""
    return "".join(_spell(letter) for letter in unicodedata.normalize("NFC", text))


def shorten(text: str, limit: int) -> str:
    """As much of the text's beginning as fits ``limit`` septets, without a space at the end."""
    while text and septets(text) > limit:
        text = text[:-1]
    return text.rstrip()


def _spell(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    if letter in _SPELT:
        return _SPELT[letter]
    name = unicodedata.name(letter, "")
    if unicodedata.category(letter) == "Pd":
        return "-"
    if "QUOTATION MARK" in name:
        return "'" if "SINGLE" in name else '"'
    if likeness := _NAMED_AFTER.fullmatch(name):
        return likeness[2].lower() if likeness[1] == "SMALL" else likeness[2]
    return "".join(
        part for part in unicodedata.normalize("NFKD", letter) if part in _BASIC or part in _EXTENDED
    )
