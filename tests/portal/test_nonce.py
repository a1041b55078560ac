"""The nonce by which an installation recognises itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.clock import freeze
from app.portal.nonce import answer, new_nonce, right_answer

KEY = b"k" * 32
START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def test_a_nonce_of_ours_is_answered() -> None:
    nonce = new_nonce(KEY)
    assert answer(KEY, nonce) == right_answer(KEY, nonce)


def test_no_nonce_is_made_twice() -> None:
    with freeze(START):
        assert new_nonce(KEY) != new_nonce(KEY)


@pytest.mark.parametrize(("seconds", "answered"), [(-6, False), (-5, True), (60, True), (61, False)])
def test_a_nonce_is_answered_for_a_minute(seconds: int, answered: bool) -> None:
    with freeze(START):
        nonce = new_nonce(KEY)
    with freeze(START + timedelta(seconds=seconds)):
        assert (answer(KEY, nonce) is not None) == answered


def test_a_nonce_of_another_installation_is_not_answered() -> None:
    assert answer(KEY, new_nonce(b"x" * 32)) is None


def test_a_nonce_dated_later_is_not_answered() -> None:
    _time, *rest = new_nonce(KEY).split(".")
    assert answer(KEY, ".".join(["9999999999", *rest])) is None


@pytest.mark.parametrize("text", ["", ".", "..", "x", "1.2.3", "é.é.é", "a" * 5000])
def test_anything_else_is_not_answered(text: str) -> None:
    assert answer(KEY, text) is None


def test_the_answer_is_not_the_nonces_own_signature() -> None:
    nonce = new_nonce(KEY)
    assert right_answer(KEY, nonce) not in nonce
