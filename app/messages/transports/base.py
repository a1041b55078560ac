"""What every transport promises, whatever vendor it speaks to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ErrorKind(StrEnum):
    """What an error means for the message."""

    TEMPORARY = "temporary"  # not sent; trying again may help
    PERMANENT = "permanent"  # not sent, and never will be
    CHANNEL = (
        "channel"  # not sent; our own credentials, settings or TLS are wrong, so it would hit every message
    )
    AMBIGUOUS = "ambiguous"  # handed over, but nobody said whether it was taken


class TransportError(Exception):
    """The one error of a transport. ``code`` is ours or the vendor's, never their words, which may quote the message.

    ``retry_after`` is in seconds, where the vendor named a time to wait.
    """

    def __init__(self, kind: ErrorKind, code: str, retry_after: float | None = None) -> None:
        super().__init__(f"{kind}: {code}")
        self.kind = kind
        self.code = code
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message, ready to leave. Texts have neither subject nor HTML; ``sender_name`` may be empty."""

    reference: str
    recipient: str
    sender_name: str
    expires_at: datetime
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)


class Transport(Protocol):
    """Hands messages to one vendor."""

    async def send(self, message: Outgoing) -> str:
        """Send it, within a minute; returns the vendor's reference, empty if there is none. Raises TransportError."""
        ...
