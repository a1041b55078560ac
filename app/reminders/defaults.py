"""What a clinic starts from: the words that stand in its forms until it writes its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.i18n import gettext as _
from app.messages.tables import Channel

DAY = 24 * 60
USUAL_LEADS: Mapping[Channel, tuple[int, ...]] = {Channel.EMAIL: (2 * DAY,), Channel.TEXT: (2 * 60,)}
"""In minutes, for somebody who turns reminders on."""


@dataclass(frozen=True, slots=True)
class Wording:
    """What one kind of message says, with placeholders. A text has no subject."""

    subject: str
    body: str


def confirmation(channel: Channel) -> Wording:
    """That it is booked."""
    if channel is Channel.TEXT:
        return Wording("", _("{clinic}: {name}, you are booked for {date}, {time}. Can't come? {link}"))
    body = _(
        "Hello {name},\n\nyour appointment at {clinic} is booked:\n\n{date}, {time}\nwith {practitioner}\n\n"
        "We look forward to seeing you."
    )
    return Wording(_("Booked: {date}, {time}"), body)


def reminder(channel: Channel) -> Wording:
    """That it is soon."""
    if channel is Channel.TEXT:
        return Wording("", _("{clinic}: {name}, we expect you on {date}, {time}. Confirm or cancel: {link}"))
    body = _(
        "Hello {name},\n\nthis is a reminder of your appointment at {clinic}:\n\n{date}, {time}\n"
        "with {practitioner}\n\nPlease tell us as soon as you can if you can’t come."
    )
    return Wording(_("Your appointment: {date}, {time}"), body)
