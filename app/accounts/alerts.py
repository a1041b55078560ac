"""Telling the administrators what they must know of."""

from __future__ import annotations

from app.db import rows
from app.messages.outbox import post


async def tell_administrators(purpose: str, **context: str) -> None:
    """Write to every current administrator with an e-mail address, in the caller's transaction.

    Each letter's context gets its reader's ``name`` added.
    """
    found = await rows(
        "SELECT id, name, email FROM staff_user WHERE administrator AND current AND email <> ''"
    )
    for administrator in found:
        await post(
            purpose,
            "email",
            administrator["email"],
            administrator["id"],
            {**context, "name": administrator["name"]},
        )
