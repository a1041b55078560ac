"""Passwords and PINs that wait for the portal to be online, and those that waited too long."""

from __future__ import annotations

from dataclasses import dataclass

from app.db import rows
from app.messages.dispatch import tidy
from app.messages.outbox import withdraw
from app.messages.tables import Channel


@dataclass(frozen=True, slots=True)
class WaitingLogins:
    """How many wait, and how many expired unsent and haven't been sent anew since."""

    waiting: int
    expired: int


async def waiting_logins() -> WaitingLogins:
    """Counted as they stand now."""
    found = await rows(
        """
        SELECT m.state, count(*) AS messages FROM credential c JOIN message m ON m.id = c.message
        WHERE m.state = 'expired' OR m.waits_for_portal AND m.state IN ('queued', 'sending', 'held')
        GROUP BY m.state
        """
    )
    counts = {row["state"]: int(row["messages"]) for row in found}
    expired = counts.pop("expired", 0)
    return WaitingLogins(waiting=sum(counts.values()), expired=expired)


async def check_waiting_logins() -> None:
    """As the portal returns, in the caller's transaction: what is out of date or nobody's any more doesn't leave."""
    for channel in Channel:
        await tidy(channel)
    found = await rows(
        """
        SELECT m.id FROM message m JOIN staff_user u ON u.id = m.user_id
        WHERE m.waits_for_portal AND m.state IN ('queued', 'held')
          AND NOT (u.current AND (u.enabled_for_online OR u.administrator OR u.front_desk))
        """
    )
    await withdraw([row["id"] for row in found])
