"""What the diary shows of a patient's messages: those about the time that the appointment has now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.diary.told import Told
from app.messages.tables import Channel, MessageState
from app.reminders.attending import Attending

_FAILED = (MessageState.FAILED, MessageState.UNDELIVERABLE, MessageState.EXPIRED)
_BY_PATIENT = Told.CONFIRMED | Told.ASKS_TO_CANCEL


def told_by(one: Attending, known: Sequence[dict[str, Any]], *, moved: bool) -> int:
    """The flags for these reminders. What the patient answered stays, until another time takes the confirmed one's
    place, or there is nothing left to cancel."""
    answered = Told(one.told) & _BY_PATIENT
    if moved:
        answered &= ~Told.CONFIRMED
    if one.is_cancelled:
        answered &= ~Told.ASKS_TO_CANCEL
    told = answered
    for row in known:
        if row["starts_at"] == one.starts_at and row["message_state"]:
            told |= _told(Channel(row["channel"]), row["message_state"], reminds=row["lead"] > 0)
    return int(told)


def _told(channel: Channel, state: str, *, reminds: bool) -> Told:
    """A confirmation that has left reminds nobody; one that couldn't tells that the others can't either."""
    by_mail = channel is Channel.EMAIL
    if state in _FAILED:
        return Told.EMAIL_FAILED if by_mail else Told.TEXT_FAILED
    if not reminds:
        return Told(0)
    if state == MessageState.DELIVERED:
        return Told.TEXT_DELIVERED
    if state == MessageState.ACCEPTED:
        return Told.EMAIL_SENT if by_mail else Told.TEXT_SENT
    return Told(0)
