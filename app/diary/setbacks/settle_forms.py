"""What people say of the appointments of somebody who isn't there."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.diary.booking.forms import TimeForm
from app.diary.fields import Id, Reason
from app.forms import Form, Version

# The open appointments as they were read: "id.version id.version".
Seen = Annotated[str, Field(pattern=r"^[0-9]{1,9}\.[0-9]{1,9}( [0-9]{1,9}\.[0-9]{1,9})*$")]


class ElsewhereForm(TimeForm):
    """When an appointment shall be instead, and whose it is then."""

    version: Version


class HandOverForm(Form):
    """All that fit are handed over to one colleague."""

    practitioner: Id
    seen: Seen


class CancelForm(Form):
    """All are cancelled, for one reason."""

    reason: Reason = ""
    seen: Seen


class AbsentForm(Form):
    """The days shall be known as missed, once for the key."""

    key: Annotated[str, Field(min_length=1, max_length=100)]
