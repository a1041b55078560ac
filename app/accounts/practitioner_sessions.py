"""The practitioners who are logged in: how many they are, and logging all of them out with the portal."""

from __future__ import annotations

from app.accounts.session_times import idle_time
from app.accounts.tables import SessionKind
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows


async def log_practitioners_out(reason: str) -> int:
    """End the sessions of everybody who keeps no desk; how many there were."""
    ended = await execute(
        """
        UPDATE login_session SET ended_at = {}, end_reason = {}
        WHERE ended_at IS NULL AND "user" IN
            (SELECT id FROM staff_user WHERE NOT administrator AND NOT front_desk)
        RETURNING id
        """,
        now(),
        reason,
    )
    return len(ended)


async def practitioners_logged_in(clinic: ClinicSettings) -> int:
    """How many people other than administrators and front desk are logged in now."""
    at = now()
    found = await rows(
        """
        SELECT count(DISTINCT s."user") AS people FROM login_session s JOIN staff_user u ON u.id = s."user"
        WHERE s.ended_at IS NULL AND s.locked_at IS NULL AND s.expires_at > {}
          AND NOT u.administrator AND NOT u.front_desk
          AND (s.kind = 'phone' AND s.last_used_at > {} OR s.kind <> 'phone' AND s.shared AND s.last_used_at > {}
               OR s.kind <> 'phone' AND NOT s.shared AND s.last_used_at > {})
        """,
        at,
        at - idle_time(SessionKind.PHONE, clinic, shared=False),
        at - idle_time(SessionKind.DESKTOP, clinic, shared=True),
        at - idle_time(SessionKind.DESKTOP, clinic, shared=False),
    )
    return int(found[0]["people"])
