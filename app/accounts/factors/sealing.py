"""Seals the secret of an authenticator app: codes are made of it, so unlike a password it can't be hashed.

The key is derived from a pepper. It has to be kept exactly as long as passwords are checked with that pepper, is missed
at start when it is missing, and gives way at the next log-in when there is a newer one.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app import settings

_NONCE_BYTES = 12


def seal(secret: str, user: int) -> tuple[str, bytes]:
    """The id of the pepper used, and the secret as only it can read it, for this user alone."""
    pepper_id, pepper = settings.current().peppers.current
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return pepper_id, nonce + _cipher(pepper).encrypt(nonce, secret.encode(), _bound_to(user))


def unseal(sealed: bytes, pepper_id: str, user: int) -> str | None:
    """The secret that was sealed for this user; None when the pepper is gone or it is another's."""
    peppers = settings.current().peppers
    if pepper_id not in peppers:
        return None
    nonce, cipher_text = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        return _cipher(peppers[pepper_id]).decrypt(nonce, cipher_text, _bound_to(user)).decode()
    except InvalidTag:
        return None


def is_current(pepper_id: str) -> bool:
    """Whether that is the pepper which seals new ones."""
    return pepper_id == settings.current().peppers.current[0]


def _cipher(pepper: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=None, info=b"authenticator secret").derive(pepper))


def _bound_to(user: int) -> bytes:
    return f"user:{user}".encode()
