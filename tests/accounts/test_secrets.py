"""Generated secrets: unpredictable, and made so that people can read, type and keep them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from app.accounts.secrets import UNAMBIGUOUS, is_guessable_pin, new_password, new_pin

MOBILE = "+447911123456"
pins = st.text("0123456789", min_size=6, max_size=8)


def test_a_password_is_four_groups_of_letters_that_cannot_be_confused() -> None:
    for _ in range(200):
        groups = new_password().split("-")
        assert [len(group) for group in groups] == [5, 5, 5, 5]
        assert set("".join(groups)) <= set(UNAMBIGUOUS)
    assert not set("0O1lI2Z5S8Buv") & set(UNAMBIGUOUS)


def test_no_two_passwords_are_alike() -> None:
    assert len({new_password() for _ in range(500)}) == 500


def test_every_letter_comes_up_about_as_often() -> None:
    letters = Counter("".join(new_password().replace("-", "") for _ in range(1000)))
    usual = sum(letters.values()) / len(UNAMBIGUOUS)
    assert letters.keys() == set(UNAMBIGUOUS)
    assert all(0.7 * usual < count < 1.3 * usual for count in letters.values())


@given(digits=st.integers(6, 8))
def test_a_pin_has_its_digits_and_is_none_of_the_first_guesses(digits: int) -> None:
    pin = new_pin(digits, MOBILE)
    assert (len(pin), pin.isdecimal(), is_guessable_pin(pin, MOBILE)) == (digits, True, False)


def test_few_pins_are_left_out_so_that_guessing_stays_hard() -> None:
    sample = range(0, 1_000_000, 37)
    assert sum(is_guessable_pin(f"{n:06}", MOBILE) for n in sample) / len(sample) < 0.08


@given(start=st.integers(0, 9), step=st.integers(0, 9), digits=st.integers(6, 8))
def test_runs_and_repeats_are_guessable(start: int, step: int, digits: int) -> None:
    assert is_guessable_pin("".join(str((start + n * step) % 10) for n in range(digits)), MOBILE)


@given(a=st.sampled_from("0123456789"), b=st.sampled_from("0123456789"), order=st.permutations(range(6)))
def test_two_different_digits_are_too_few(a: str, b: str, order: list[int]) -> None:
    mixed = "".join((a * 3 + b * 3)[n] for n in order)
    assert is_guessable_pin(mixed, MOBILE)


@given(half=st.text("0123456789", min_size=3, max_size=4))
def test_the_same_half_twice_is_guessable(half: str) -> None:
    assert is_guessable_pin(half * 2, MOBILE)


@given(
    year=st.integers(1900, 2099),
    before=st.text("0123456789", max_size=2),
    after=st.text("0123456789", max_size=2),
)
def test_years_are_guessable_wherever_they_stand(year: int, before: str, after: str) -> None:
    assert is_guessable_pin(f"{before}{year}{after}", "")


@given(pins)
def test_a_pin_that_begins_or_ends_like_the_number_is_guessable(pin: str) -> None:
    assert is_guessable_pin(pin, f"+4479111{pin[-4:]}")
    assert is_guessable_pin(pin, f"+4479{pin[:4]}111")
