"""Whether a message to a patient may still leave. What that depends on is known above this slice: it is handed in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime


class Unwanted(Exception):
    """What the message tells of is no longer so, or its reader wants no such messages."""


Leave = Callable[[int], Awaitable[datetime | None]]
"""Asked with a message's id just before it is sent: None lets it go, a moment puts it off. Raises Unwanted."""


async def always(_message: int) -> datetime | None:
    """Let everything go at once."""
    return None
