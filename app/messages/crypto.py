"""Seals what a message says, so that the database's file, its log and its backups don't show a secret.

Wiping alone doesn't do that: after a wipe the plaintext was still found in PostgreSQL's heap and log and in SQLite's
free pages.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.settings import Keyring

_NONCE_BYTES = 12


class Unreadable(Exception):
    """The payload was sealed with a key that is gone, or for another message."""


def seal(context: Mapping[str, str], reference: str, channel: str, keys: Keyring) -> tuple[str, bytes]:
    """The id of the key used, and the context as only that key can read it, for this message alone."""
    key_id, key = keys.current
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps(dict(context)).encode()
    return key_id, nonce + _cipher(key).encrypt(nonce, plain, _bound_to(reference, channel))


def unseal(sealed: bytes, key_id: str, reference: str, channel: str, keys: Keyring) -> dict[str, str]:
    """The context that was sealed for this message. Raises Unreadable."""
    if key_id not in keys:
        raise Unreadable
    nonce, cipher_text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        plain = _cipher(keys[key_id]).decrypt(nonce, cipher_text, _bound_to(reference, channel))
    except InvalidTag:
        raise Unreadable from None
    context: dict[str, str] = json.loads(plain)
    return context


def _cipher(key: bytes) -> AESGCM:
    """AES-256, whatever the length of the key in the settings."""
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=b"message payload").derive(key))


def _bound_to(reference: str, channel: str) -> bytes:
    return f"{channel}:{reference}".encode()
