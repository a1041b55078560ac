"""What people answer to our texts, as Vonage hands it on. That it is from Vonage is proved as for receipts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from app.messages.transports.vonage_receipts import Malformed


@dataclass(frozen=True, slots=True)
class Inbound:
    """A text from somebody's phone. ``sender`` is E.164."""

    sender: str
    text: str = field(repr=False)


def read_inbound(body: bytes) -> Inbound | None:
    """What it says; None for what isn't a text from a phone number. Raises Malformed."""
    try:
        told = json.loads(body)
    except ValueError:  # UnicodeDecodeError is one too
        raise Malformed("not JSON") from None
    if not isinstance(told, dict):
        raise Malformed("not a message")
    sender, text = told.get("from"), told.get("text")
    if told.get("channel", "sms") != "sms" or not isinstance(sender, str) or not isinstance(text, str):
        return None
    return (
        Inbound(f"+{sender.lstrip('+')}", text)
        if re.fullmatch(r"\+?[1-9]\d{6,14}", sender, re.ASCII)
        else None
    )
