"""The practitioners among the users."""

from __future__ import annotations

from app.db import rows


async def some_practitioner_has_a_login() -> bool:
    """Whether any current practitioner has been given an online or mobile login."""
    found = await rows(
        """
        SELECT c.id FROM credential c JOIN staff_user u ON u.id = c."user"
        WHERE u.practitioner AND u.current AND u.enabled_for_online LIMIT 1
        """
    )
    return bool(found)
