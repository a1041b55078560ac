"""Taking messages out of the outbox: by lease, so that of any number of workers one sends each message.

A worker that dies leaves its messages leased; when the lease is over another one sends them, with the same secret.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from piccolo.columns.combination import And, Or, Where
from piccolo.query import OrderByRaw

from app.clinic.clinic import load_clinic
from app.clock import now
from app.db import database, glance, write
from app.messages.holds import hold_on, lift, probe_now, take_probe
from app.messages.states import RELEASED, WIPED
from app.messages.tables import Channel, Message, MessageState

Condition = Where | And | Or

LEASE = timedelta(minutes=3)
"""Three times as long as a transport may take, so that a slow one isn't taken for a dead one."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that the holder of ``lease`` is to send before ``leased_until``. ``error_class`` is the last try's."""

    id: int
    reference: str
    channel: Channel
    purpose: str
    user_id: int | None
    recipient: str
    payload: bytes = field(repr=False)
    payload_key: str
    attempts: int
    created_at: datetime
    expires_at: datetime
    error_class: str
    lease: str
    leased_until: datetime


_CLAIMED = (
    Message.id,
    Message.reference,
    Message.purpose,
    Message.user_id,
    Message.recipient,
    Message.payload,
    Message.payload_key,
    Message.attempts,
    Message.created_at,
    Message.expires_at,
    Message.error_class,
)


_PATIENTS_LAST = OrderByRaw("appointment_id IS NOT NULL")


async def next_due(channel: Channel) -> datetime | None:
    """When there is something to do for the channel, unless something changes before; None if never."""
    held_back = "" if await _portal_is_online() else "AND NOT waits_for_portal"
    of_channel = "FROM message WHERE channel = {} AND state"
    found = await glance(
        f"""
        SELECT sendable, expiry, lease FROM
            (SELECT 1 AS one) AS always
            LEFT JOIN (SELECT next_attempt_at AS sendable {of_channel} IN ('queued', 'held') {held_back}
                ORDER BY next_attempt_at LIMIT 1) AS first_sendable ON TRUE
            LEFT JOIN (SELECT expires_at AS expiry {of_channel} IN ('queued', 'held')
                ORDER BY expires_at LIMIT 1) AS first_expiry ON TRUE
            LEFT JOIN (SELECT leased_until AS lease {of_channel} = 'sending'
                ORDER BY leased_until LIMIT 1) AS first_lease ON TRUE
        """,
        *[channel.value] * 3,
    )
    sendable, expiry, lease = found[0].values()
    if sendable and (hold := await hold_on(channel)):
        sendable = max(sendable, hold.probe_at)
    return min((time for time in (sendable, expiry, lease) if time), default=None)


async def tidy(channel: Channel) -> None:
    """Take back what dead workers were sending; drop, and wipe, what could not be sent in its time."""
    at = now()
    abandoned = _leased(channel) & (Message.leased_until <= at)
    overdue = _waiting(channel) & (Message.expires_at <= at)
    if await glance(
        """
        SELECT id FROM message WHERE channel = {} AND (
            (state = 'sending' AND leased_until <= {}) OR (state IN ('queued', 'held') AND expires_at <= {})
        ) LIMIT 1
        """,
        channel.value,
        at,
        at,
    ):
        async with write():
            await Message.update(
                {Message.state: MessageState.QUEUED, Message.next_attempt_at: at, **RELEASED}
            ).where(abandoned)
            await Message.update(
                {Message.state: MessageState.EXPIRED, Message.finished_at: at, **WIPED}
            ).where(overdue)


async def claim(channel: Channel, limit: int) -> list[Claim]:
    """Lease up to ``limit`` messages that are due; one, now and then, while the channel is held.

    Those to patients come last: a PIN doesn't wait behind reminders.
    """
    at = now()
    hold = await hold_on(channel)
    if hold and hold.probe_at > at:
        return []
    due = await _sendable(channel) & (Message.next_attempt_at <= at) & (Message.expires_at > at)
    first, limit = (Message.id, 1) if hold else (Message.next_attempt_at, limit)
    if not await Message.exists().where(due):
        return []  # without opening a transaction, which would wake every worker
    wanted = Message.select(Message.id).where(due).order_by(_PATIENTS_LAST, first).limit(limit)
    lease, until = secrets.token_hex(16), at + LEASE
    async with write():
        if hold and not await take_probe(channel):
            return []
        # What another worker is claiming at this moment isn't waited for: this one takes those that come next.
        found = await database().passing_over_held(wanted).output(as_list=True)
        if not found:
            return []
        rows = await (
            Message.update(
                {
                    Message.state: MessageState.SENDING,
                    Message.attempts: Message.attempts + 1,
                    Message.lease: lease,
                    Message.leased_until: until,
                }
            )
            .where(Message.id.is_in(found))
            .returning(*_CLAIMED)
        )
    return [Claim(channel=channel, lease=lease, leased_until=until, **row) for row in rows]


async def try_now(channel: Channel) -> None:
    """Have a held channel tried at once by what waits for it; where nothing does, by whatever comes next."""
    async with write():
        if await Message.exists().where(await _sendable(channel)):
            await probe_now(channel)
        else:
            await lift(channel)


def _waiting(channel: Channel) -> Condition:
    return (Message.channel == channel) & Message.state.is_in([MessageState.QUEUED, MessageState.HELD])


def _leased(channel: Channel) -> Condition:
    return (Message.channel == channel) & (Message.state == MessageState.SENDING)


async def _sendable(channel: Channel) -> Condition:
    """Those waiting, without those that wait for the portal while it is offline."""
    if await _portal_is_online():
        return _waiting(channel)
    return _waiting(channel) & Message.waits_for_portal.eq(False)


async def _portal_is_online() -> bool:
    clinic = await load_clinic()
    return clinic is not None and clinic.portal_online
