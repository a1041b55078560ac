"""Log-ins under way: the password was right, the second step is still to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.accounts.factors.tables import PendingLogIn
from app.accounts.tokens import new_token, token_hash
from app.clock import now
from app.db import execute, rows

LASTS = timedelta(minutes=10)
TRIES = 5


@dataclass(frozen=True, slots=True)
class Pending:
    """A log-in that waits for its second step. ``secret_mark`` stands for the password that was right."""

    id: int
    user: int
    secret_mark: str
    device: int | None
    device_label: str
    session: int | None
    desk_only: bool

    @property
    def door(self) -> str:
        """Where it began."""
        return "/admin/login" if self.desk_only else "/login"


async def begin_pending(
    user: int,
    secret_mark: str,
    *,
    device: int | None,
    device_label: str,
    session: int | None,
    desk_only: bool,
) -> str:
    """Wait for the second step, in the caller's transaction; the token for the cookie. Those that are over go."""
    token, at = new_token(), now()
    await PendingLogIn.delete().where(PendingLogIn.expires_at <= at)
    await PendingLogIn.insert(
        PendingLogIn(
            token_hash=token_hash(token),
            user=user,
            secret_mark=secret_mark,
            device=device,
            device_label=device_label,
            session=session,
            desk_only=desk_only,
            expires_at=at + LASTS,
        )
    )
    return token


async def find_pending(token: str) -> Pending | None:
    """The one with that token, while it has time and tries left."""
    found = await rows(
        f"""
        SELECT {_COLUMNS} FROM pending_log_in
        WHERE token_hash = {{}} AND expires_at > {{}} AND tries < {TRIES}
        """,
        token_hash(token),
        now(),
    )
    return Pending(**found[0]) if found else None


async def spend_try(pending: Pending) -> int | None:
    """Count a try before it is looked at: how many are left after it; None where there was none."""
    spent = await execute(
        f"UPDATE pending_log_in SET tries = tries + 1 WHERE id = {{}} AND tries < {TRIES} RETURNING tries",
        pending.id,
    )
    return TRIES - int(spent[0]["tries"]) if spent else None


async def end_pending(pending: Pending) -> bool:
    """It is done, in the caller's transaction; False where it was already."""
    return bool(await execute("DELETE FROM pending_log_in WHERE id = {} RETURNING id", pending.id))


_COLUMNS = 'id, "user", secret_mark, device, device_label, session, desk_only'
