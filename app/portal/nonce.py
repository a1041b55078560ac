"""How an installation recognises itself: it answers a nonce of its own, and no other, for a minute.

A nonce is the time and random letters, signed, so that any web process knows one that another process made without
having to store it. The answer can't be computed by whoever sees the nonce, nor be replayed for another one.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from app.clock import now

SECONDS = 60
AHEAD = 5  # another host's clock may be that many seconds ahead of ours


def new_nonce(key: bytes) -> str:
    """A nonce, fit for a URL's path."""
    content = f"{int(now().timestamp())}.{secrets.token_urlsafe(16)}"
    return f"{content}.{_mac(key, 'nonce', content)}"


def right_answer(key: bytes, nonce: str) -> str:
    """What this installation, and nobody else, answers to its nonce."""
    return _mac(key, "answer", nonce)


def answer(key: bytes, nonce: str) -> str | None:
    """The answer to a nonce of ours that isn't too old; None to anything else."""
    content, _dot, tag = nonce.rpartition(".")
    if not hmac.compare_digest(tag.encode(), _mac(key, "nonce", content).encode()):
        return None
    age = now().timestamp() - int(content.partition(".")[0])
    return right_answer(key, nonce) if -AHEAD <= age <= SECONDS else None


def _mac(key: bytes, purpose: str, content: str) -> str:
    return hmac.new(key, f"{purpose}\0{content}".encode(), hashlib.sha256).hexdigest()
