"""Bound phones: whose they are, and whether somebody has vouched for them."""

from __future__ import annotations

from collections.abc import Sequence

from app.accounts.devices import KNOWN_FOR
from app.accounts.tokens import token_hash
from app.clock import now
from app.db import rows

AT_MOST = 8


async def remembered_number(tokens: Sequence[str]) -> str:
    """The number whose login a browser with one of these device cookies used last; empty when there is none."""
    if not tokens:
        return ""
    hashes = [token_hash(token) for token in tokens[:AT_MOST]]
    found = await rows(
        f"""
        SELECT u.mobile FROM device d JOIN staff_user u ON u.id = d."user"
        WHERE d.token_hash IN ({", ".join(["{}"] * len(hashes))}) AND d.kind = 'phone' AND d.bound
          AND d.ended_at IS NULL AND d.last_used_at >= {{}} AND u.current AND u.enabled_for_online
        ORDER BY d.last_used_at DESC LIMIT 1
        """,
        *hashes,
        now() - KNOWN_FOR,
    )
    return found[0]["mobile"] if found else ""
