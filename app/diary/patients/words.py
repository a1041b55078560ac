"""The words that a patient is found by, and what a search wants of them.

A search finds whoever has, for everything typed, a word that begins with it. Beginnings, not any letters inside, so
that an index finds them: what is rare in a thousandth of a second among 100,000 patients, where reading them all takes
thirty times as long.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import takewhile

from babel import Locale

from app.diary.patients.dates_of_birth import dates_meant
from app.text import LONGEST_SEARCH, searchable, searchable_number

LONGEST_WORD = 80
MOST_TERMS = 8
# Nearly all of a clinic's numbers begin with the same two digits: these tell nobody apart.
LEAST_DIGITS = 3

_APOSTROPHES = "'’ʼ`"
_NUMBER = re.compile(r"[+(]?[\d().,/ -]*\d[\d().,/ -]*")
_UNFINISHED_DATE = re.compile(r"\d{1,2}[./-](\d{0,2}|\d{1,2}[./-](\d|\d{3})?)")
_YEAR_AND_MONTH = re.compile(r"(19|20)\d\d-\d{0,2}(-\d?)?")


def patient_words(*names: str, born: date | None, numbers: Iterable[str]) -> set[str]:
    """What somebody of these names is found by. ``numbers`` are E.164 or empty."""
    words = {word for name in names for token in searchable(name).split() for word in _name_words(token)}
    words |= {_digits(written) for e164 in numbers for written in searchable_number(e164).split()}
    if born:
        words.add(born.isoformat())
    return {word[:LONGEST_WORD] for word in words}


def search_terms(typed: str, locale: Locale) -> list[tuple[str, ...]]:
    """What is wanted: for each of these, a word that begins with one of its alternatives.

    There are alternatives because 23 11 1980 may be a date or a phone number, and 23/11/19 is either of two dates.
    None at all mean that nothing was typed, or nothing yet that tells people apart.
    """
    tokens = searchable(typed[:LONGEST_SEARCH]).split()
    terms: list[tuple[str, ...]] = []
    while tokens and len(terms) < MOST_TERMS:
        count, found = _next_terms(tokens, locale)
        terms += found
        tokens = tokens[count:]
    return terms


def _next_terms(tokens: Sequence[str], locale: Locale) -> tuple[int, list[tuple[str, ...]]]:
    """What the first tokens want, and how many of them that takes: 23 Nov 1980, +44 7911 123456 or one word."""
    for count in (3, 1):
        named = " ".join(tokens[:count])
        if not _NUMBER.fullmatch(named) and (dates := dates_meant(named, locale)):
            return count, [_isoformats(dates)]
    if number := _number_run(tokens, locale):
        wanted = _number_wanted(" ".join(number), locale)
        return len(number), [wanted] if wanted else []
    return 1, [(part[:LONGEST_WORD],) for part in _parts(tokens[0])]


def _number_run(tokens: Sequence[str], locale: Locale) -> list[str]:
    """The first tokens as far as they are one number, grouped as people do. A written date stands alone."""
    run: list[str] = []
    for token in takewhile(_NUMBER.fullmatch, tokens):
        if not token.isdecimal() and dates_meant(token, locale):
            return run or [token]
        run.append(token)
    return run


def _number_wanted(written: str, locale: Locale) -> tuple[str, ...]:
    """A date's or a phone number's beginning, whichever it may be; none as long as it is too little to tell."""
    if _UNFINISHED_DATE.fullmatch(written):
        return ()
    if _YEAR_AND_MONTH.fullmatch(written):
        return (written,)
    digits = re.sub(r"^00(?=[1-9])", "", _digits(written.replace("(0)", "")))
    dialled = (digits[:LONGEST_WORD],) if len(digits) >= LEAST_DIGITS else ()
    return (*_isoformats(dates_meant(written, locale)), *dialled)


def _name_words(token: str) -> Iterator[str]:
    """Anne-Marie is found as anne, marie and annemarie; O'Brien as obrien and brien."""
    parts = _parts(token)
    yield from parts
    if parts:
        yield "".join(parts)
    for mark in _APOSTROPHES:
        yield from _parts(token.partition(mark)[2])


def _parts(token: str) -> list[str]:
    """What stands between hyphens and the like. An apostrophe parts nothing: people leave it out."""
    bare = "".join(letter for letter in token if letter not in _APOSTROPHES)
    return "".join(letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in bare).split()


def _isoformats(dates: Iterable[date]) -> tuple[str, ...]:
    return tuple(day.isoformat() for day in dates)


def _digits(number: str) -> str:
    return "".join(letter for letter in number if letter.isdigit())
