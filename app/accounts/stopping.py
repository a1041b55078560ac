"""Stopping a login: its secret opens nothing any more, and none takes its place until an administrator issues one."""

from __future__ import annotations

from app.accounts.hashing import HashedSecret, hash_secret
from app.accounts.tables import CredentialKind, StopReason
from app.accounts.tokens import new_token
from app.clock import now
from app.db import execute
from app.messages.outbox import supersede


async def nobodys_secret(kind: CredentialKind, user: int) -> HashedSecret:
    """The hash of a secret that nobody knows: outside transactions, for it takes a while."""
    return await hash_secret(kind, user, new_token())


async def stop_login(user: int, kind: CredentialKind, nobodys: HashedSecret, why: StopReason) -> None:
    """Put ``nobodys`` secret in the place of the login's own, in the caller's transaction.

    A message with the old one that hasn't left never will; a ticket, and a code that is on its way, are dead.
    """
    before = await execute(
        """
        UPDATE credential SET secret_hash = {}, pepper = {}, ticket_hash = '', stopped_at = {}, stopped_because = {}
        WHERE "user" = {} AND kind = {} RETURNING message
        """,
        nobodys.secret_hash,
        nobodys.pepper,
        now(),
        why.value,
        user,
        kind.value,
    )
    await supersede([row["message"] for row in before if row["message"]])
    await execute('UPDATE credential SET message = NULL WHERE "user" = {} AND kind = {}', user, kind.value)
