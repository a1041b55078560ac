"""Where somebody is logged in, and the browsers that are known for theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.devices import KNOWN_FOR
from app.accounts.session_times import idle_time, locks
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import rows


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A session that isn't over. ``label`` is its browser's; ``is_own``: the reader looks at it through this one."""

    id: int
    label: str
    kind: str
    shared: bool
    locked: bool
    address: str
    began_at: datetime
    last_used_at: datetime
    is_own: bool


@dataclass(frozen=True, slots=True)
class ListedDevice:
    """A browser that is known. ``is_own`` likewise."""

    id: int
    label: str
    kind: str
    last_used_at: datetime
    is_own: bool


async def sessions_of(user: int, clinic: ClinicSettings, *, own: int = 0) -> list[ListedSession]:
    """The user's sessions, the one of that id first, then by their last use."""
    at = now()
    found = await rows(
        """
        SELECT s.id, s.kind, s.shared, s.address, s.created_at, s.last_used_at, s.locked_at, d.label
        FROM login_session s LEFT JOIN device d ON d.id = s.device
        WHERE s."user" = {} AND s.ended_at IS NULL AND s.expires_at > {}
        ORDER BY s.id <> {}, s.last_used_at DESC, s.id DESC
        """,
        user,
        at,
        own,
    )
    listed = []
    for row in found:
        kind, shared = row["kind"], bool(row["shared"])
        idle = at >= row["last_used_at"] + idle_time(kind, clinic, shared=shared)
        if idle and not locks(kind, shared=shared):
            continue
        listed.append(
            ListedSession(
                id=row["id"],
                label=row["label"] or "",
                kind=kind,
                shared=shared,
                locked=idle or row["locked_at"] is not None,
                address=row["address"],
                began_at=row["created_at"],
                last_used_at=row["last_used_at"],
                is_own=row["id"] == own,
            )
        )
    return listed


async def devices_of(user: int, *, own: int = 0) -> list[ListedDevice]:
    """The browsers that are known for the user's, that of the session ``own`` first, then by their last use."""
    found = await rows(
        """
        SELECT d.id, d.label, d.kind, d.last_used_at, s.id AS session
        FROM device d LEFT JOIN login_session s ON s.id = {} AND s.device = d.id
        WHERE d."user" = {} AND d.ended_at IS NULL AND d.last_used_at > {}
        ORDER BY s.id IS NULL, d.last_used_at DESC, d.id DESC
        """,
        own,
        user,
        now() - KNOWN_FOR,
    )
    return [
        ListedDevice(row["id"], row["label"], row["kind"], row["last_used_at"], row["session"] is not None)
        for row in found
    ]
