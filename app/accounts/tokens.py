"""Random tokens: the browser or the link has the token, the database only its hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, fit for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token. A fast hash is enough: nobody can guess 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
