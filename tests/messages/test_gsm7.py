"""Septets and transliteration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages.gsm7 import septets, shorten, transliterate


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("PIN 482913", 10),
        ("£5 à la carte", 13),
        ("€", 2),
        ("[a]~{b}|\\^", 18),
        ("Jäger & Söhne", 13),
    ],
)
def test_septets_are_counted_as_carriers_count_them(text: str, count: int) -> None:
    assert septets(text) == count


@pytest.mark.parametrize("letter", ["ç", "ê", "–", "’", "🙂", "Ж"])
def test_a_letter_outside_the_alphabet_is_not_counted_but_refused(letter: str) -> None:
    with pytest.raises(ValueError, match="GSM"):
        septets(letter)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Praxis für Physiotherapie", "Praxis für Physiotherapie"),
        ("Forêt & Garçon", "Foret & Garcon"),
        ("St Mary’s — “Physio”", 'St Mary\'s - "Physio"'),
        ("Łódź Æsir Œuvre Đurđa", "Lodz Æsir OEuvre Durda"),
        ("Cafe\u0301", "Café"),
        ("Körper🙂werk", "Körperwerk"),
        ("Клиника", ""),
    ],
)
def test_other_letters_are_written_by_their_likeness(text: str, written: str) -> None:
    assert transliterate(text) == written


@given(st.text())
def test_what_is_transliterated_can_always_be_counted(text: str) -> None:
    assert septets(transliterate(text)) >= 0


@given(st.text(alphabet="abc €[ "), st.integers(0, 12))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert septets(short) <= limit
    assert text.startswith(short)
