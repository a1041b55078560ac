"""What follows from an attempt. Only the lease's holder may say it: a message withdrawn meanwhile stays withdrawn."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import structlog

from app.clock import now
from app.db import write
from app.messages.alarm import Alarm, Undelivered
from app.messages.compose import Purpose
from app.messages.dispatch import Claim
from app.messages.holds import PROBE_EVERY, hold, lift
from app.messages.states import RELEASED, WIPED
from app.messages.tables import Channel, Message, MessageState
from app.messages.transports import ErrorKind, TransportError

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


async def accepted(claim: Claim, provider_reference: str) -> None:
    """The mail server or carrier has it. That is all one hears of an e-mail; a text's receipt is still to come."""
    at = now()
    async with write():
        await _settle(
            claim,
            MessageState.ACCEPTED,
            {
                Message.accepted_at: at,
                Message.finished_at: at if claim.channel is Channel.EMAIL else None,
                Message.provider_reference: provider_reference,
                Message.error_class: "",
                Message.error_code: "",
                **WIPED,
            },
        )
        await lift(claim.channel)


async def put_off(claim: Claim, until: datetime) -> None:
    """It isn't the time for it: it wasn't tried, and waits."""
    waits = {Message.next_attempt_at: until, Message.attempts: claim.attempts - 1, **RELEASED}
    async with write():
        await _settle(claim, MessageState.QUEUED, {Message.error_code: "", **waits})


async def refused(claim: Claim, error: TransportError, *, tell: Alarm) -> None:
    """It wasn't taken, or nobody knows: an unanswered message is tried once more, and may so arrive twice.

    ``tell`` hears of one that has failed for good.
    """
    uncertain_again = error.kind is ErrorKind.AMBIGUOUS and claim.error_class == ErrorKind.AMBIGUOUS
    reported = {Message.error_class: error.kind, Message.error_code: error.code[:60]}
    async with write():
        if error.kind is ErrorKind.CHANNEL:
            # Nothing is burnt: this try doesn't count.
            later = {Message.next_attempt_at: now() + PROBE_EVERY, Message.attempts: claim.attempts - 1}
            await _settle(claim, MessageState.HELD, {**reported, **later, **RELEASED})
            await hold(claim.channel, error.code, claim.id)
        elif error.kind is ErrorKind.PERMANENT or uncertain_again:
            if await _settle(claim, MessageState.FAILED, {**reported, Message.finished_at: now(), **WIPED}):
                await tell(_undelivered(claim, error))
            await lift(claim.channel)
        else:
            again = now() + pause_before_retry(claim.attempts, error.retry_after)
            await _settle(
                claim, MessageState.QUEUED, {**reported, Message.next_attempt_at: again, **RELEASED}
            )


def pause_before_retry(attempts: int, retry_after: float | None = None) -> timedelta:
    """At random up to 5 s, 10 s, 20 s … 15 min, so that retries spread out; at least what the vendor asked for."""
    longest = min(FIRST_PAUSE * (1 << min(attempts - 1, 10)), LONGEST_PAUSE)
    return max(random.random() * longest, timedelta(seconds=retry_after or 0))


def _undelivered(claim: Claim, error: TransportError) -> Undelivered:
    return Undelivered(
        purpose=Purpose(claim.purpose),
        channel=claim.channel,
        user=claim.user_id,
        recipient=claim.recipient,
        error_code=error.code[:60],
    )


async def _settle(claim: Claim, state: MessageState, values: dict[Any, Any]) -> bool:
    """Whether it was still the claim's to settle."""
    ours = (Message.id == claim.id) & (Message.lease == claim.lease)
    settled = await Message.update({Message.state: state, **values}).where(ours).returning(Message.id)
    log.info(
        "message attempted",
        message=claim.id,
        channel=claim.channel.value,
        purpose=claim.purpose,
        attempts=claim.attempts,
        state=state.value if settled else "withdrawn meanwhile",
        error=values[Message.error_code],
    )
    return bool(settled)
