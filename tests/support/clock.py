"""The application's clock, stopped and moved by a test."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

from app import clock

# A Monday morning in winter, when London's clocks show UTC.
MORNING = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)


class FrozenClock(ExitStack):
    """Stands still at ``MORNING`` until it is moved."""

    def __init__(self) -> None:
        super().__init__()
        self.move_to(MORNING)

    @property
    def now(self) -> datetime:
        return clock.now()

    def move_to(self, at: datetime) -> None:
        """Show that moment from now on."""
        self.enter_context(clock.freeze(at))

    def tick(self, **by: float) -> None:
        """Move on by that much, in timedelta's words: ``tick(minutes=5)``."""
        self.move_to(clock.now() + timedelta(**by))
