"""What patients are found by, and what a search wants of them."""

from __future__ import annotations

from datetime import date

import pytest

from app.diary.patients.words import LONGEST_WORD, MOST_TERMS, patient_words, search_terms
from app.i18n import locale_for

BRITISH = locale_for("GB")


def finds(typed: str, *names: str, born: date | None = None, number: str = "") -> bool:
    """Whether somebody like this is found."""
    words = patient_words(*names, born=born, numbers=[number])
    terms = search_terms(typed, BRITISH)
    return bool(terms) and all(any(w.startswith(a) for w in words for a in term) for term in terms)


@pytest.mark.parametrize(
    "typed",
    [
        "zoe",
        "ZOË",
        "o'b",
        "obrien",
        "brien",
        "O’Brien",
        "o brien zoe",
        "lukasz",
        "oBrien-Łuk",
        "obrienluk",
        "Zoë, O'",
    ],
)
def test_a_name_is_found_by_any_of_its_parts_however_it_is_spelt(typed: str) -> None:
    assert finds(typed, "Zoë O’Brien-Łukasz")


@pytest.mark.parametrize("typed", ["oe", "rien", "zoe hart", "zoek"])
def test_letters_within_a_name_find_nobody(typed: str) -> None:
    assert not finds(typed, "Zoë O’Brien-Łukasz")


@pytest.mark.parametrize(
    "typed",
    [
        "07911",
        "07911 123 456",
        "07911-123456",
        "+44 7911 123456",
        "+44 (0)7911 123456",
        "0044 7911",
        "447911",
        "079",
    ],
)
def test_a_number_is_found_as_it_is_dialled_at_home_and_abroad(typed: str) -> None:
    assert finds(typed, "Amelia", number="+447911123456")


@pytest.mark.parametrize(
    "typed", ["3/5/1980", "1980-05-03", "3 May 1980", "may 3, 1980", "3.5.80", "1980", "1980-05"]
)
def test_a_date_of_birth_is_found_in_any_writing(typed: str) -> None:
    assert finds(typed, "Amelia", born=date(1980, 5, 3))
    assert finds(f"{typed} ame", "Amelia", born=date(1980, 5, 3))
    assert finds(f"ame {typed}", "Amelia", born=date(1980, 5, 3))
    assert not finds(typed, "Amelia", born=date(1979, 3, 5))


def test_a_date_and_a_number_may_stand_side_by_side() -> None:
    terms = [("1980-05-03", "351980"), ("07911123",)]
    assert search_terms("3/5/1980 07911 123", BRITISH) == terms
    assert search_terms("07911 123 3/5/1980", BRITISH) == terms[::-1]


def test_numbers_that_may_be_a_date_or_a_phone_are_looked_for_as_both() -> None:
    assert search_terms("03 05 1980", BRITISH) == [("1980-05-03", "03051980")]


@pytest.mark.parametrize("typed", ["", "?", "07", "3", "3/", "3/5", "3/5/", "3/5/1", "3/5/198"])
def test_what_tells_nobody_apart_yet_is_not_looked_for(typed: str) -> None:
    assert search_terms(typed, BRITISH) == []
    assert search_terms(f"hart {typed}", BRITISH) == [("hart",)]


def test_a_months_name_may_be_somebodys() -> None:
    assert search_terms("may hart", BRITISH) == [("may",), ("hart",)]


def test_what_is_typed_is_looked_for_within_reason() -> None:
    assert len(search_terms("a b c d e f g h i j k", BRITISH)) == MOST_TERMS
    (term,) = search_terms("x" * 500, BRITISH)
    assert term == ("x" * LONGEST_WORD,)
    assert {len(word) for word in patient_words("ﷺ" * 40, born=None, numbers=[])} <= set(
        range(LONGEST_WORD + 1)
    )
