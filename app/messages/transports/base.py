"""What every transport promises, whatever vendor it speaks to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from app.messages.tables import Channel
from app.settings import Settings


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
    """One message, ready to leave. Texts have neither subject nor HTML; ``sender_name`` may be empty.

    A POST to ``unsubscribe`` says that the reader wants no more of the kind; empty where that makes no sense.
    """

    reference: str
    recipient: str
    sender_name: str
    expires_at: datetime
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(repr=False)
    unsubscribe: str = field(default="", repr=False)


class Transport(Protocol):
    """Hands messages to one vendor."""

    async def send(self, message: Outgoing) -> str:
        """Send it, within a minute; returns the vendor's reference, empty if there is none. Raises TransportError."""
        ...

    async def close(self) -> None:
        """Give up what was kept open for the next message."""
        ...


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor that can carry a channel's messages; the file of its transport has one as ``PROVIDER``.

    ``is_set_up`` is asked often; ``open`` makes what sends, None where there is no account. ``reasons`` puts its codes
    into words, as the end of a sentence; a beginning stands for all codes that have it, the more exact ones come first.
    One that ``stands_back`` is used where no other is set up for the channel.
    """

    channel: Channel
    is_set_up: Callable[[Settings], bool]
    open: Callable[[Settings], Transport | None]
    reasons: Callable[[], Mapping[str, str]]
    stands_back: bool = False
