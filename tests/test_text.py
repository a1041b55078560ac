"""Normal forms of what people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import LONGEST_SEARCH, clean, like_pattern, searchable, searchable_number, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna \t Marsh\n", "Anna Marsh"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("A\u00a0B", "A B"),
        ("a\x00b\x1b\x7f\x9f", "ab"),
        ("", ""),
    ],
)
def test_names_are_kept_tidy(typed: str, kept: str) -> None:
    assert tidy(typed) == kept


def test_cleaning_leaves_lines_and_joiners_alone() -> None:
    assert clean("one\ntwo\r\n\tthree \u200d👩\u200d⚕️\x00") == "one\ntwo\r\n\tthree \u200d👩\u200d⚕️"


@given(st.text())
def test_what_is_cleaned_once_stays_so(typed: str) -> None:
    assert clean(clean(typed)) == clean(typed)
    assert tidy(tidy(typed)) == tidy(typed)
    assert "\x00" not in clean(typed)


@pytest.mark.parametrize(
    ("parts", "folded"),
    [
        (("Zoë Müller-Strauß",), "zoe muller-strauss"),
        (("ÉCOLE", "", "Ångström"), "ecole angstrom"),
        (("İstanbul",), "istanbul"),
        (("ﬁn",), "fin"),
        (("Ελλάδα ΣΟΦΟΣ",), "ελλαδα σοφοσ"),
    ],
)
def test_searching_folds_case_and_accents(parts: tuple[str, ...], folded: str) -> None:
    assert searchable(*parts) == folded


@given(st.text())
def test_a_text_is_found_by_itself_in_capitals(typed: str) -> None:
    assert searchable(typed.upper()) == searchable(typed.upper().lower().upper())


@pytest.mark.parametrize(
    ("number", "stored"),
    [
        ("+447911123456", "+447911123456 07911123456"),
        ("+33612345678", "+33612345678 0612345678"),
        ("+12125550123", "+12125550123 2125550123"),
        ("", ""),
    ],
)
def test_a_number_is_stored_as_one_dials_it_abroad_and_at_home(number: str, stored: str) -> None:
    assert searchable_number(number) == stored


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [
        ("Zoë", "%zoe%"),
        ("100%", r"%100\%%"),
        ("a_b", r"%a\_b%"),
        ("\\", r"%\\%"),
        ("07911 123", "%07911123%"),
        ("+44 (0)7911", "%447911%"),
        ("0044 7911", "%447911%"),
        ("(0161) 496-0000", "%01614960000%"),
        ("1980-05-03", "%1980-05-03%"),
        ("1980-05", "%1980-05%"),
        ("Room 2", "%room 2%"),
        ("", "%%"),
    ],
)
def test_a_pattern_takes_typed_wildcards_for_letters_and_numbers_as_they_are_grouped(
    typed: str, pattern: str
) -> None:
    assert like_pattern(typed) == pattern


def test_a_pattern_is_of_no_more_than_somebody_is_looked_for_by() -> None:
    """A quarter of a megabyte of digits would keep everybody else waiting for hours."""
    assert len(like_pattern("1" * 250_000 + "x")) == LONGEST_SEARCH + 2
