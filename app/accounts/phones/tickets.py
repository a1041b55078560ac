"""Tickets: the link in the text with a PIN gives the phone that opens it five attempts of its own.

Strangers can't use those up, so they can't keep the owner of a new PIN from its first use. A ticket opens nothing.
"""

from __future__ import annotations

import secrets

from app.accounts.candidates import Candidate
from app.accounts.tokens import token_hash
from app.db import execute

ATTEMPTS = 5
_BYTES = 9  # 12 letters: a text has no room for more, and a guess at it saves no more than a place in a queue


def new_ticket() -> str:
    """72 random bits, in letters that a text and an address take."""
    return secrets.token_urlsafe(_BYTES)


async def spend_ticket(candidate: Candidate, ticket: str) -> bool:
    """Count an attempt with the ticket before it is checked; False for one that isn't this login's, or is used up."""
    if not ticket or candidate.credential is None:
        return False
    spent = await execute(
        """
        UPDATE credential SET ticket_failures = ticket_failures + 1
        WHERE id = {} AND ticket_hash = {} AND ticket_failures < {} RETURNING id
        """,
        candidate.credential,
        token_hash(ticket),
        ATTEMPTS,
    )
    return bool(spent)
