"""Telling that a message won't arrive. Whom that concerns is known above this slice, so it is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.messages.compose import Purpose
from app.messages.tables import Channel


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that was refused for good. ``user`` is the person it concerns, when that is a user."""

    purpose: Purpose
    channel: Channel
    user: int | None
    recipient: str
    error_code: str


Alarm = Callable[[Undelivered], Awaitable[None]]
"""Tells whoever must know, in the transaction that settles the message."""
