"""Expected failures: what a verb raises when it says no, with the words the person in front of the screen reads."""

from __future__ import annotations

from typing import ClassVar


class Refusal(Exception):
    """An expected failure. ``message`` is shown to the person; ``field`` names the form field it stands next to."""

    status: ClassVar[int] = 422

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Invalid(Refusal):
    """What was typed can't be accepted."""


class Conflict(Refusal):
    """What was asked for no longer fits what is stored."""

    status = 409


class NotFound(Refusal):
    """There is no such thing, or none that this viewer may see."""

    status = 404


class Forbidden(Refusal):
    """The viewer is known, but may not do this."""

    status = 403


class TooMany(Refusal):
    """Too many tries or too long a queue; ``retry_after`` is in seconds."""

    status = 429

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """A part that this needs isn't working or is switched off."""

    status = 503
