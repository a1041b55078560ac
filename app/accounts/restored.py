"""After a backup has been restored: what was under way when it was made is over, or has been used up since."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.factors.tables import PasskeyChallenge, PendingLogIn
from app.accounts.forgotten.voiding import void_links
from app.accounts.phones.tables import PhoneCode
from app.accounts.tables import Credential, SetupLink
from app.audit.record import record
from app.clock import now
from app.db import execute, write
from app.messages.outbox import expire_unfinished


@dataclass(frozen=True, slots=True)
class Ended:
    """How many messages had not left, and how many sessions were open."""

    messages: int
    sessions: int


async def end_what_was_under_way() -> Ended:
    """Expire messages that had not left, and end sessions, codes, tickets and links.

    A message would be sent a second time, and a session that was ended since would be open again.
    """
    at = now()
    async with write():
        messages = await expire_unfinished()
        sessions = await execute(
            "UPDATE login_session SET ended_at = {}, end_reason = {} WHERE ended_at IS NULL RETURNING id",
            at,
            "restored",
        )
        await void_links()
        await SetupLink.update({SetupLink.expires_at: at}).where(SetupLink.expires_at > at)
        await Credential.update({Credential.ticket_hash: ""}).where(Credential.ticket_hash != "")
        await PendingLogIn.delete(force=True)
        await PasskeyChallenge.delete(force=True)
        await PhoneCode.update({PhoneCode.used: True}).where(PhoneCode.expires_at > at)
        ended = Ended(messages, len(sessions))
        await record(
            "database.restored",
            actor=None,
            subject="clinic",
            messages=ended.messages,
            sessions=ended.sessions,
        )
    return ended
