"""What is heard of a text after its carrier has taken it.

Receipts come more than once, in any order, and may be faster than our own commit: each changes what it still may.
Good news stays: what was delivered never becomes undeliverable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from app.clock import now
from app.db import execute, write
from app.messages.alarm import Alarm, Undelivered
from app.messages.compose import Purpose
from app.messages.states import WIPED
from app.messages.tables import Channel, Message, MessageState
from app.messages.transports import ErrorKind

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A vendor's word on one text: it is accepted, delivered or undeliverable, and ``error_code`` says why not.

    ``reference`` is the message's own; empty where the vendor repeats only the one that it gave out itself.
    """

    state: MessageState
    provider_reference: str
    reference: str = ""
    error_code: str = ""


# It has been on its way, and nobody has confirmed it yet: the answer may have been lost, or be slower than this.
_UNCONFIRMED = (
    "(state IN ('queued', 'sending', 'held') OR state IN ('failed', 'expired') AND error_class = 'ambiguous')"
)
_MAY_BECOME: Mapping[MessageState, str] = {
    MessageState.ACCEPTED: _UNCONFIRMED,
    MessageState.DELIVERED: "state NOT IN ('delivered', 'superseded')",
    # Where a text left twice, bad news of the first one says nothing of the second.
    MessageState.UNDELIVERABLE: f"({_UNCONFIRMED} OR state = 'accepted' AND provider_reference = {{}})",
}


async def take_receipt(receipt: Receipt, *, tell: Alarm) -> None:
    """Note it; one that is unknown, late or a repetition changes nothing. ``tell`` hears of an undeliverable text."""
    async with write():
        changed = await _note(receipt)
        if changed and receipt.state is MessageState.UNDELIVERABLE:
            await tell(
                Undelivered(
                    purpose=Purpose(changed["purpose"]),
                    channel=Channel.TEXT,
                    user=changed["user_id"],
                    recipient=changed["recipient"],
                    error_code=receipt.error_code,
                )
            )
    log.info(
        "receipt taken",
        message=changed["id"] if changed else None,
        state=receipt.state.value,
        error=receipt.error_code,
    )


async def _note(receipt: Receipt) -> dict[str, Any] | None:
    """The changed message's row; None where nothing changes."""
    at, state = now(), receipt.state
    known_by = "reference" if receipt.reference else "provider_reference"
    conditions = _MAY_BECOME[state]
    found = await execute(
        f"""
        UPDATE message
        SET state = {{}}, accepted_at = coalesce(accepted_at, {{}}), finished_at = {{}},
            error_class = {{}}, error_code = {{}}, provider_reference = {{}}
        WHERE channel = 'text' AND {known_by} = {{}} AND {conditions}
        RETURNING id, purpose, user_id, recipient
        """,
        state.value,
        at,
        None if state is MessageState.ACCEPTED else at,
        ErrorKind.PERMANENT.value if receipt.error_code else "",
        receipt.error_code,
        receipt.provider_reference,
        receipt.reference or receipt.provider_reference,
        *([receipt.provider_reference] if "{}" in conditions else []),
    )
    for row in found:
        await Message.update({**WIPED}).where(Message.id == row["id"])
    return found[0] if found else None
