"""The outbox: messages are written in the transaction that causes them, and shown with what became of them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import settings
from app.clinic.clinic import load_clinic
from app.clock import now
from app.db import rows
from app.errors import NotFound
from app.i18n import gettext as _
from app.messages.compose import NEEDS, Purpose
from app.messages.crypto import seal
from app.messages.delivery import Delivery, describe
from app.messages.holds import hold_on
from app.messages.states import UNFINISHED, UNWANTED, WIPED, WITHDRAWN
from app.messages.tables import Channel, Message, MessageState

_SHOWN = """
    id, channel, recipient, state, waits_for_portal, created_at, accepted_at, finished_at,
    error_class, error_code, provider_reference
"""
USUAL_LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class About:
    """Which patient a message is for, and the appointment that it tells of."""

    patient: int
    appointment: int


async def post(
    purpose: str,
    channel: str,
    recipient: str,
    user_id: int | None,
    context: Mapping[str, str],
    expires_at: datetime | None = None,
    waits_for_portal: bool = False,
    about: About | None = None,
) -> int:
    """Write a message in the caller's transaction; the worker sends it once that is committed. Returns its id.

    ``context`` holds what ``NEEDS`` names for the purpose, secrets included, and is sealed at once. The message is
    dropped and its context wiped at ``expires_at``, by default in a week. Raises ValueError for a context or channel
    that doesn't fit the purpose.
    """
    wanted_channel, wanted_names = NEEDS[Purpose(purpose)]
    if channel != wanted_channel or not wanted_names <= context.keys():
        raise ValueError(f"{purpose} goes by {wanted_channel} and needs {', '.join(sorted(wanted_names))}")
    at = now()
    reference = secrets.token_hex(16)
    key_id, payload = seal(context, reference, channel, settings.current().message_keys)
    row = Message(
        reference=reference,
        channel=channel,
        purpose=purpose,
        user_id=user_id,
        patient_id=about.patient if about else None,
        appointment_id=about.appointment if about else None,
        recipient=recipient,
        waits_for_portal=waits_for_portal,
        payload=payload,
        payload_key=key_id,
        created_at=at,
        next_attempt_at=at,
        expires_at=expires_at or at + USUAL_LIFE,
    )
    await Message.insert(row)
    return int(row.id)


async def supersede(message_ids: Collection[int]) -> None:
    """Take back those that haven't left, in the caller's transaction: a newer message takes their place."""
    await _take_back(message_ids, "")


async def withdraw(message_ids: Collection[int]) -> None:
    """The same where no other follows: whom they are for may no longer log in."""
    await _take_back(message_ids, WITHDRAWN)


async def expire_unfinished() -> int:
    """Give up, in the caller's transaction, whatever hasn't left; how many that were."""
    expired = (
        await Message.update({Message.state: MessageState.EXPIRED, Message.finished_at: now(), **WIPED})
        .where(Message.state.is_in(list(UNFINISHED)))
        .returning(Message.id)
    )
    return len(expired)


async def call_off(message_ids: Collection[int]) -> None:
    """The same where what it tells of has changed, or its reader wants no such messages."""
    await _take_back(message_ids, UNWANTED)


async def _take_back(message_ids: Collection[int], code: str) -> None:
    if message_ids:
        await Message.update(
            {
                Message.state: MessageState.SUPERSEDED,
                Message.finished_at: now(),
                Message.error_code: code,
                **WIPED,
            }
        ).where(Message.id.is_in(list(message_ids)), Message.state.is_in(list(UNFINISHED)))


async def delivery_of(message_id: int) -> Delivery:
    """What became of a message, for showing. Raises NotFound."""
    found = await rows(f"SELECT {_SHOWN} FROM message WHERE id = {{}}", message_id)
    if not found:
        raise NotFound(_("There is no such message."))
    clinic = await load_clinic()
    hold = await hold_on(Channel(found[0]["channel"]))
    return describe(
        found[0],
        portal_online=clinic is not None and clinic.portal_online,
        held_by=hold.code if hold else None,
    )
