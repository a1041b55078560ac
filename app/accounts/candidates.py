"""Whom a log-in is about: the user of the name that was typed, as far as there is one, and the login's credential."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts.hashing import HashedSecret
from app.accounts.tables import CredentialKind
from app.accounts.temporary import is_over, life_began
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows

TEMPORARY_PIN_GUESSES = 10
PIN_GUESSES_SINCE_A_GOOD_ONE = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """The user and the credential of the wanted kind; nobody, and none, for an unknown name."""

    kind: CredentialKind
    user: int = 0
    administrator: bool = False
    keeps_desk: bool = False
    enabled_for_online: bool = False
    credential: int | None = None
    stored: HashedSecret | None = None
    temporary: bool = False
    used: bool = False
    stopped: bool = False
    life_began: datetime | None = None

    @property
    def mark(self) -> str:
        """Of the stored secret; see HashedSecret."""
        return self.stored.mark if self.stored else ""

    def may_log_in(self, *, desk_only: bool) -> bool:
        """Whether a right secret opens the door that was chosen."""
        if desk_only:
            return self.keeps_desk
        return self.enabled_for_online or (self.keeps_desk and self.kind is CredentialKind.PASSWORD)

    def has_expired(self, clinic: ClinicSettings) -> bool:
        """Whether the days of a temporary secret are over."""
        return self.temporary and is_over(self.life_began, clinic)


async def find_candidate(kind: CredentialKind, user_name: str) -> Candidate:
    """The current user who logs in under that name."""
    column = "email" if kind is CredentialKind.PASSWORD else "mobile"
    return await _find(kind, f"u.{column} = {{}} AND u.{column} <> ''", user_name)


async def candidate_of(user: int, kind: CredentialKind) -> Candidate:
    """The same for a user who is known otherwise."""
    return await _find(kind, "u.id = {}", user)


async def _find(kind: CredentialKind, which: str, value: str | int) -> Candidate:
    found: list[dict[str, Any]] = await rows(
        f"""
        SELECT u.id AS user_id, u.administrator, u.front_desk, u.enabled_for_online, c.id AS credential,
               c.secret_hash, c.pepper, c.temporary, c.first_used_at, c.stopped_at, c.issued_at, c.message,
               m.accepted_at
        FROM staff_user u
        LEFT JOIN credential c ON c."user" = u.id AND c.kind = {{}}
        LEFT JOIN message m ON m.id = c.message
        WHERE u.current AND {which}
        """,
        kind.value,
        value,
    )
    if not found:
        return Candidate(kind)
    row = found[0]
    return Candidate(
        kind=kind,
        user=row["user_id"],
        administrator=bool(row["administrator"]),
        keeps_desk=bool(row["administrator"] or row["front_desk"]),
        enabled_for_online=bool(row["enabled_for_online"]),
        credential=row["credential"],
        stored=HashedSecret(row["secret_hash"], row["pepper"]) if row["credential"] else None,
        temporary=bool(row["temporary"]),
        used=row["first_used_at"] is not None,
        stopped=row["stopped_at"] is not None,
        life_began=life_began(
            message=row["message"], accepted_at=row["accepted_at"], issued_at=row["issued_at"]
        ),
    )


async def spend_guess(candidate: Candidate) -> bool:
    """Count a stranger's guess before it is checked. False where a PIN has borne all that it bears.

    A temporary one bears ten in its whole life, a daily one a hundred since the last good log-in: then it takes a
    device that is known, or a ticket.
    """
    if candidate.credential is None:
        return True
    bears = f"CASE WHEN temporary THEN {TEMPORARY_PIN_GUESSES} ELSE {PIN_GUESSES_SINCE_A_GOOD_ONE} END"
    spent = await execute(
        f"""
        UPDATE credential SET failures = failures + 1
        WHERE id = {{}} AND NOT (kind = {{}} AND failures >= {bears}) RETURNING id
        """,
        candidate.credential,
        CredentialKind.PIN.value,
    )
    return bool(spent)


async def return_guess(candidate: Candidate) -> None:
    """A guess that was spent was not checked after all. In the caller's transaction."""
    await execute(
        "UPDATE credential SET failures = failures - 1 WHERE id = {} AND failures > 0", candidate.credential
    )


async def note_use(candidate: Candidate, hashed: HashedSecret, *, first: bool = False) -> bool:
    """The secret was right; ``hashed`` is it under today's pepper. In the caller's transaction.

    A temporary PIN becomes the daily one at its first use; a temporary password stays so until it is changed. With the
    first use of either its ticket is dead. False where the secret was replaced since it was checked: a dead one opens
    nothing; and where this was to be the ``first`` use, and somebody else was quicker.
    """
    noted = await execute(
        f"""
        UPDATE credential SET first_used_at = coalesce(first_used_at, {{}}), temporary = {{}}, failures = 0,
               secret_hash = {{}}, pepper = {{}}, ticket_hash = ''
        WHERE id = {{}} AND secret_hash = {{}} {"AND first_used_at IS NULL" if first else ""} RETURNING id
        """,
        now(),
        candidate.temporary and candidate.kind is CredentialKind.PASSWORD,
        hashed.secret_hash,
        hashed.pepper,
        candidate.credential,
        candidate.stored.secret_hash if candidate.stored else "",
    )
    return bool(noted)


async def hold_secret(candidate: Candidate) -> bool:
    """Whether its secret is the one that was read, which it stays until the caller's transaction ends.

    For what stands in for the secret or follows it: a login that is reissued or stopped meanwhile lets nobody in.
    """
    held = await execute(
        "UPDATE credential SET failures = failures WHERE id = {} AND secret_hash = {} RETURNING id",
        candidate.credential,
        candidate.stored.secret_hash if candidate.stored else "",
    )
    return bool(held)
