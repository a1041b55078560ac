"""Why a practitioner's appointments have to be dealt with, and those of which days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from app.clock import midnight, now
from app.i18n import gettext as _


class Why(StrEnum):
    """Off sick, on leave, or gone for good."""

    SICK = "sick"
    LEAVE = "leave"
    LEAVING = "leaving"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Somebody isn't there from the first day to the last, which is None for good."""

    practitioner: int
    why: Why
    first: date
    last: date | None

    def window(self, zone: ZoneInfo) -> tuple[datetime, datetime | None]:
        """From when to when; what was to be earlier today still has to be dealt with, unless it is for good."""
        start = midnight(self.first, zone)
        if self.last is None:
            return max(start, now()), None
        return start, midnight(self.last + timedelta(days=1), zone)

    def title(self, name: str) -> str:
        """What the page about it is called."""
        return {
            Why.SICK: _("{name} is off sick"),
            Why.LEAVE: _("{name} is on leave"),
            Why.LEAVING: _("{name} is leaving"),
        }[self.why].format(name=name)

    @property
    def reason(self) -> str:
        """What to say of an appointment that is cancelled for it."""
        return {
            Why.SICK: _("Practitioner ill"),
            Why.LEAVE: _("Practitioner on leave"),
            Why.LEAVING: _("Practitioner has left"),
        }[self.why]

    @property
    def name(self) -> str:
        """What the absence is called in the diary."""
        return _("Off sick") if self.why is Why.SICK else _("Leave")

    @property
    def query(self) -> str:
        """It as its page's address says it."""
        last = {"last": self.last} if self.last else {}
        return urlencode({"why": self.why, "first": self.first, **last})
