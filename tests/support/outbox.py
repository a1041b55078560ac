"""What waits in the outbox, read as its worker would, for tests that need no worker."""

from __future__ import annotations

from app import settings
from app.db import rows
from app.messages.compose import Purpose
from app.messages.crypto import unseal


async def waiting(purpose: Purpose) -> list[dict[str, str]]:
    """The contexts of that purpose's unsent messages, oldest first, each with its ``recipient``."""
    found = await rows(
        "SELECT payload, payload_key, reference, channel, recipient FROM message "
        "WHERE purpose = {} AND payload IS NOT NULL ORDER BY id",
        purpose.value,
    )
    keys = settings.current().message_keys
    return [
        {
            **unseal(row["payload"], row["payload_key"], row["reference"], row["channel"], keys),
            "recipient": row["recipient"],
        }
        for row in found
    ]


async def newest_code() -> str:
    """The six digits that were texted last."""
    return (await waiting(Purpose.PHONE_CODE))[-1]["code"]
