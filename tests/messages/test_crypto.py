"""Sealed payloads."""

from __future__ import annotations

import pytest

from app.messages.crypto import Unreadable, seal, unseal
from app.settings import Keyring

KEYS = Keyring({"b": b"B" * 32, "a": b"A" * 32})
PIN = {"pin": "482913"}


def test_only_the_right_message_and_key_open_a_payload() -> None:
    key_id, sealed = seal(PIN, "ref", "text", KEYS)

    assert key_id == "b"
    assert b"482913" not in sealed
    assert unseal(sealed, key_id, "ref", "text", KEYS) == PIN


@pytest.mark.parametrize(("reference", "channel"), [("other", "text"), ("ref", "email")])
def test_a_payload_moved_to_another_message_stays_shut(reference: str, channel: str) -> None:
    key_id, sealed = seal(PIN, "ref", "text", KEYS)

    with pytest.raises(Unreadable):
        unseal(sealed, key_id, reference, channel, KEYS)


def test_an_older_key_still_opens_what_it_sealed() -> None:
    _, sealed = seal(PIN, "ref", "text", Keyring({"a": b"A" * 32}))

    assert unseal(sealed, "a", "ref", "text", KEYS) == PIN


def test_a_payload_whose_key_is_gone_is_unreadable() -> None:
    _, sealed = seal(PIN, "ref", "text", Keyring({"old": b"O" * 32}))

    with pytest.raises(Unreadable):
        unseal(sealed, "old", "ref", "text", KEYS)


def test_the_same_words_are_never_sealed_alike() -> None:
    assert seal(PIN, "ref", "text", KEYS)[1] != seal(PIN, "ref", "text", KEYS)[1]
