"""What an administrator says of reminders."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from app.forms import Form, Version
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.reminders.defaults import DAY
from app.reminders.wording import fault, placeholders
from app.text import tidy

LONGEST_QUIET = 16 * 60  # minutes
# Minutes before the start, as the form offers them.
LEADS = (60, 2 * 60, 3 * 60, 4 * 60, 12 * 60, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 7 * DAY, 14 * DAY)


def _lead(typed: Any) -> int:
    """None chosen is 0."""
    if not typed:
        return 0
    if str(typed) not in {str(lead) for lead in LEADS}:
        raise ValueError(_("Choose one of the options."))
    return int(typed)


def _lines(typed: str) -> str:
    """Browsers end lines in two ways."""
    return "\n".join(line.rstrip() for line in typed.splitlines())


def _worded(typed: str, info: ValidationInfo) -> str:
    channel = Channel(info.data["channel"]) if "channel" in info.data else Channel.EMAIL
    if wrong := fault(typed, placeholders(channel)):
        raise ValueError(wrong)
    return typed


Lead = Annotated[int, BeforeValidator(_lead)]
Subject = Annotated[str, Field(max_length=120), AfterValidator(tidy), AfterValidator(_worded)]
Body = Annotated[str, Field(max_length=2000), AfterValidator(_lines), AfterValidator(_worded)]


class RuleForm(Form):
    """What goes out by one channel. A type that ``inherits`` has what the clinic has."""

    channel: Channel
    inherits: bool = False
    confirms: bool = False
    first: Lead = 0
    second: Lead = 0
    third: Lead = 0
    confirmation_subject: Subject = ""
    confirmation_body: Body = ""
    reminder_subject: Subject = ""
    reminder_body: Body = ""
    version: Version = 0

    @field_validator("confirmation_subject", "reminder_subject")
    @classmethod
    def _has_subject(cls, typed: str, info: ValidationInfo) -> str:
        if not typed and info.data.get("channel") is Channel.EMAIL:
            raise ValueError(_("Please fill this in."))
        return typed

    @field_validator("confirmation_body", "reminder_body")
    @classmethod
    def _has_body(cls, typed: str) -> str:
        if not typed:
            raise ValueError(_("Please fill this in."))
        return typed

    @property
    def leads(self) -> tuple[int, ...]:
        """The lead times, each once, the longest first."""
        return tuple(sorted({self.first, self.second, self.third} - {0}, reverse=True))


class QuietForm(Form):
    """When patients are left alone; the same time twice is never."""

    quiet_from: dt.time
    quiet_until: dt.time
    version: Version = 0

    @model_validator(mode="after")
    def _leaves_a_day(self) -> QuietForm:
        starts, ends = (at.hour * 60 + at.minute for at in (self.quiet_from, self.quiet_until))
        if (ends - starts) % DAY > LONGEST_QUIET:
            raise ValueError(_("Leave at least eight hours of the day to write in."))
        return self
