"""Normal forms of what people type."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

# Control characters but white space. Nobody types them, and PostgreSQL takes no text with the first one.
_CONTROLS = dict.fromkeys(n for n in (*range(0x20), *range(0x7F, 0xA0)) if not chr(n).isspace())
# Letters with a stroke and the like, which no accent can be taken from: Łukasz is found as Lukasz.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Nobody is looked for by more; what takes such text apart takes a time that grows with its square.
LONGEST_SEARCH = 200
_NUMBER = re.compile(r"(?!\d{4}-\d\d)[+(]?[\d\s().\-/]*\d[\d\s().\-/]*")  # but not a date


def clean(text: str) -> str:
    """NFC, without control characters; white space stays as it is."""
    return unicodedata.normalize("NFC", text.translate(_CONTROLS))


def tidy(text: str) -> str:
    """The same with runs of white space as one space and none at the ends."""
    return " ".join(clean(text).split())


def searchable(*parts: str) -> str:
    """What a search compares: case and accents folded (é and É alike on both engines), parts joined by spaces."""
    folded = unicodedata.normalize("NFKD", " ".join(part for part in parts if part)).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return tidy(letters.translate(_PLAIN))


def searchable_number(e164: str) -> str:
    """What a search compares of a phone number: its digits with the country's code, and as one dials it at home."""
    if not e164:
        return ""
    home = phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"{e164} {_digits(home)}"


def like_pattern(typed: str) -> str:
    """A LIKE pattern (escape character ``\\``) that finds the typed text anywhere in a searchable column.

    A number is found however it is grouped, as it is dialled at home or abroad: 07911, +44 7911, 0044 (0)7911.
    """
    wanted = searchable(typed[:LONGEST_SEARCH])
    if _NUMBER.fullmatch(wanted):
        wanted = re.sub(r"^00(?=[1-9])", "", _digits(wanted.replace("(0)", "")))
    escaped = wanted.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())
