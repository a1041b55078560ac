"""A user's two logins as an administrator sees them: the credential's state and how its message fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.accounts.hashing import HashedSecret
from app.accounts.new_devices import NewDevice, unconfirmed_phones
from app.accounts.tables import CredentialKind
from app.db import rows
from app.messages.delivery import Delivery
from app.messages.outbox import delivery_of


@dataclass(frozen=True, slots=True)
class Login:
    """An online or mobile login: ``state`` is stopped, waiting, temporary or in_use; see ``login_state``.

    ``mark`` stands for its secret. ``shown``: an administrator has seen that, and it hasn't been changed yet.
    ``new_phones`` are those that show no names yet.
    """

    kind: CredentialKind
    state: str
    address: str
    delivery: Delivery | None
    mark: str
    issued_at: datetime
    shown: bool
    logged_in_at: datetime | None
    logged_in_with: str
    stopped_at: datetime | None = None
    stopped_because: str = ""
    new_phones: tuple[NewDevice, ...] = ()


def login_state(*, temporary: bool, used: bool, stopped: bool) -> str:
    """How a credential stands: stopped; sent and not used yet, used but still the one we made, or the person's own."""
    if stopped:
        return "stopped"
    if temporary and not used:
        return "waiting"
    return "temporary" if temporary else "in_use"


async def logins_of(user: int) -> dict[CredentialKind, Login]:
    """The user's logins by kind, each with its last message and the last log-in since it was issued."""
    found = await rows(
        """
        SELECT c.kind, c.temporary, c.first_used_at, c.message, c.secret_hash, c.pepper, c.issued_at, c.shown,
               c.stopped_at, c.stopped_because,
               u.email, u.mobile, d.label, d.last_used_at
        FROM credential c
        JOIN staff_user u ON u.id = c."user"
        LEFT JOIN device d ON d.id = (
            SELECT latest.id FROM device latest
            WHERE latest."user" = c."user" AND latest.ended_at IS NULL AND latest.last_used_at >= c.issued_at
              AND latest.kind = CASE c.kind WHEN 'pin' THEN 'phone' ELSE 'desktop' END
            ORDER BY latest.last_used_at DESC, latest.id DESC LIMIT 1)
        WHERE c."user" = {}
        """,
        user,
    )
    return {
        CredentialKind(row["kind"]): Login(
            kind=CredentialKind(row["kind"]),
            state=login_state(
                temporary=bool(row["temporary"]),
                used=row["first_used_at"] is not None,
                stopped=row["stopped_at"] is not None,
            ),
            address=row["email"] if row["kind"] == CredentialKind.PASSWORD else row["mobile"],
            delivery=await delivery_of(row["message"]) if row["message"] else None,
            mark=HashedSecret(row["secret_hash"], row["pepper"]).mark,
            issued_at=row["issued_at"],
            shown=bool(row["shown"]),
            logged_in_at=row["last_used_at"],
            logged_in_with=row["label"] or "",
            stopped_at=row["stopped_at"],
            stopped_because=row["stopped_because"],
            new_phones=tuple(await unconfirmed_phones(user)) if row["kind"] == CredentialKind.PIN else (),
        )
        for row in found
    }


async def some_practitioner_has_a_login() -> bool:
    """Whether any current practitioner has been given an online or mobile login."""
    found = await rows(
        """
        SELECT c.id FROM credential c JOIN staff_user u ON u.id = c."user"
        WHERE u.practitioner AND u.current AND u.enabled_for_online LIMIT 1
        """
    )
    return bool(found)
