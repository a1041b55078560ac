"""Telling people by e-mail what they must know of: the administrators, and whose login it is."""

from __future__ import annotations

from app.db import rows
from app.messages.alarm import Undelivered
from app.messages.compose import CARRY_A_SECRET, Purpose
from app.messages.letters import Changed
from app.messages.outbox import post
from app.messages.reasons import reason


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


async def tell_owner(user: int, changed: Changed, **context: str) -> None:
    """Write to the user, who may have no e-mail address, that how they log in has changed; likewise."""
    for person in await rows("SELECT name, email FROM staff_user WHERE id = {} AND email <> ''", user):
        notice = {**context, "name": person["name"], "changed": changed.value}
        await post(Purpose.CREDENTIAL_CHANGED, "email", person["email"], user, notice)


async def tell_of_lost_login(lost: Undelivered) -> None:
    """Write to the administrators when somebody's password or PIN won't arrive, in the caller's transaction.

    What else didn't arrive stands under Admin › Messages, where nobody waits for it.
    """
    if lost.purpose not in CARRY_A_SECRET:
        return
    for user in await rows("SELECT name FROM staff_user WHERE id = {}", lost.user):
        await tell_administrators(
            Purpose.LOGIN_NOT_DELIVERED,
            whose=user["name"],
            channel=lost.channel,
            recipient=lost.recipient,
            why=reason(lost.channel, lost.error_code),
            path=f"/admin/users/{lost.user}",
        )
