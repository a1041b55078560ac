"""Keys and rings of keys, none of them weak."""

from __future__ import annotations

import base64
import binascii
import re

from app.environment.reader import Reader
from app.settings import KEY_BYTES, Keyring

DIFFERENT_BYTES = 12  # that a random key has at the very least


def key(reader: Reader, name: str) -> bytes:
    """One key."""
    value = reader.text(name)
    if not value:
        reader.fault(f"{name} is missing; `python -m app keys` makes one.")
        return bytes(KEY_BYTES)
    return _decoded(reader, name, value)


def keyring(reader: Reader, name: str) -> Keyring:
    """A list of id:value pairs, the current one first."""
    keys: dict[str, bytes] = {}
    for part in filter(None, (p.strip() for p in reader.text(name).split(","))):
        key_id, colon, value = part.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", key_id):
            reader.fault(f"{name} must be a list of id:value pairs, the current one first.")
        elif key_id in keys:
            reader.fault(f"{name} has the id {key_id!r} twice.")
        else:
            keys[key_id] = _decoded(reader, name, value)
    if not reader.text(name):
        reader.fault(f"{name} is missing; `python -m app keys` makes one.")
    return Keyring(keys or {"": bytes(KEY_BYTES)})


def _decoded(reader: Reader, name: str, value: str) -> bytes:
    try:
        decoded = base64.b64decode(value, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        reader.fault(f"{name} must be base64; `python -m app keys` makes one.")
        return bytes(KEY_BYTES)
    if len(decoded) < KEY_BYTES or len(set(decoded)) < DIFFERENT_BYTES:
        reader.fault(
            f"{name} is too weak; it must be {KEY_BYTES} random bytes (`python -m app keys` makes one)."
        )
    return decoded
