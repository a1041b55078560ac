"""Sessions: who is logged in, for how long, and how that ends."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app.accounts.tables import Session, SessionKind
from app.accounts.temporary import is_over, life_began
from app.accounts.tokens import new_token, token_hash
from app.accounts.viewer import Viewer
from app.clinic.clinic import CLINIC_COLUMNS, ClinicSettings, clinic_of
from app.clock import now
from app.db import execute, glance, rows

# The last use is noted at most this often, so that reading the diary doesn't write.
NOTES_USE_EVERY = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that is neither ended nor over, with its viewer."""

    viewer: Viewer
    authenticated_at: datetime
    last_used_at: datetime
    ends_at: datetime  # unless it is used again before
    password_is_temporary: bool
    password_is_over: bool  # it was temporary
    secret_was_shown: bool  # an administrator has seen the secret that began it

    @property
    def must_choose_own(self) -> bool:
        """All that the session opens is the choice of a secret of one's own."""
        return self.password_is_over or self.secret_was_shown

    @property
    def is_fresh(self) -> bool:
        """Whether the secret was given so recently that a delicate change needs no re-authentication."""
        return now() - self.authenticated_at < FRESH_FOR


async def start_session(
    user: int, kind: SessionKind, clinic: ClinicSettings, *, device: int | None, address: str
) -> str:
    """Log the user in, in the caller's transaction; the token for the cookie."""
    token, at = new_token(), now()
    await Session.insert(
        Session(
            token_hash=token_hash(token),
            user=user,
            kind=kind,
            device=device,
            address=address,
            created_at=at,
            authenticated_at=at,
            last_used_at=at,
            expires_at=at + lifetime(kind, clinic),
        )
    )
    return token


def lifetime(kind: str, clinic: ClinicSettings) -> timedelta:
    """How long a session lasts at most."""
    on_phone = kind == SessionKind.PHONE
    return timedelta(hours=clinic.phone_absolute_hours if on_phone else clinic.desktop_absolute_hours)


def idle_time(kind: str, clinic: ClinicSettings) -> timedelta:
    """How long a session lasts without being used."""
    on_phone = kind == SessionKind.PHONE
    return timedelta(minutes=clinic.phone_idle_minutes if on_phone else clinic.desktop_idle_minutes)


# Disabling a user ends the sessions; that the user is asked too shuts out one that began at the same moment.
_LOAD = """
SELECT {clinic}, s.id, s.kind, s.authenticated_at, s.last_used_at, s.expires_at, u.id AS user_id,
       u.name AS user_name, u.administrator, u.front_desk, u.practitioner, c.temporary, c.shown, c.issued_at,
       c.message, m.accepted_at
FROM clinic
LEFT JOIN login_session s ON {which} AND s.ended_at IS NULL
LEFT JOIN staff_user u ON u.id = s."user"
    AND u.current AND (u.enabled_for_online OR u.administrator OR u.front_desk)
LEFT JOIN credential c ON c."user" = u.id AND c.kind = CASE s.kind WHEN 'phone' THEN 'pin' ELSE 'password' END
LEFT JOIN message m ON m.id = c.message
WHERE clinic.id = 1
"""
_LOAD_BY_TOKEN = _LOAD.format(clinic=CLINIC_COLUMNS, which="s.token_hash = {}")


async def load_session(token: str) -> tuple[ClinicSettings | None, LiveSession | None]:
    """The clinic's settings and the session of that cookie, in the one read with which every request begins.

    None for a clinic that isn't set up yet, and for a session that doesn't exist, has ended or is over.
    """
    found = await glance(_LOAD_BY_TOKEN, token_hash(token))
    clinic = clinic_of(found)
    return clinic, _live(found[0], clinic, now()) if clinic else None


async def live_sessions(sessions: Collection[int]) -> tuple[ClinicSettings | None, dict[int, LiveSession]]:
    """The clinic's settings and, by id, those of the sessions that are neither ended nor over."""
    which = f"s.id IN ({', '.join(['{}'] * len(sessions))})"
    found = await rows(_LOAD.format(clinic=CLINIC_COLUMNS, which=which), *sessions)
    clinic, at = clinic_of(found), now()
    if clinic is None:
        return None, {}
    live = (_live(row, clinic, at) for row in found)
    return clinic, {session.viewer.session: session for session in live if session}


def _live(row: dict[str, Any], clinic: ClinicSettings, at: datetime) -> LiveSession | None:
    if row["user_id"] is None:
        return None
    ends_at = min(row["expires_at"], row["last_used_at"] + idle_time(row["kind"], clinic))
    if at >= ends_at:
        return None
    began = life_began(message=row["message"], accepted_at=row["accepted_at"], issued_at=row["issued_at"])
    temporary = bool(row["temporary"]) and row["kind"] == SessionKind.DESKTOP
    viewer = Viewer(
        user=row["user_id"],
        name=row["user_name"],
        administrator=row["administrator"],
        front_desk=row["front_desk"],
        practitioner=row["practitioner"],
        session=row["id"],
        kind=row["kind"],
    )
    return LiveSession(
        viewer=viewer,
        authenticated_at=row["authenticated_at"],
        last_used_at=row["last_used_at"],
        ends_at=ends_at,
        password_is_temporary=temporary,
        password_is_over=temporary and is_over(began, clinic),
        secret_was_shown=bool(row["shown"]),
    )


async def note_use(session: LiveSession) -> None:
    """Push the session's idle end away, as a person's own request does."""
    at = now()
    if at - session.last_used_at >= NOTES_USE_EVERY:
        await Session.update({Session.last_used_at: at}).where(Session.id == session.viewer.session)


async def note_authentication(session: int) -> None:
    """The secret has been given again: the session is fresh."""
    await Session.update({Session.authenticated_at: now()}).where(Session.id == session)


async def end_session(session: int, reason: str) -> None:
    """End one session."""
    await Session.update({Session.ended_at: now(), Session.end_reason: reason}).where(
        Session.id == session, Session.ended_at.is_null()
    )


async def end_sessions_of(user: int, reason: str, *, kind: SessionKind | None = None, but: int = 0) -> None:
    """End all of a user's sessions, or those of one kind; all except session ``but``."""
    ending = Session.update({Session.ended_at: now(), Session.end_reason: reason}).where(
        Session.user == user, Session.ended_at.is_null(), Session.id != but
    )
    await (ending.where(Session.kind == kind) if kind else ending)


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
        WHERE s.ended_at IS NULL AND s.expires_at > {} AND NOT u.administrator AND NOT u.front_desk
          AND (s.kind = 'phone' AND s.last_used_at > {} OR s.kind <> 'phone' AND s.last_used_at > {})
        """,
        at,
        at - idle_time(SessionKind.PHONE, clinic),
        at - idle_time(SessionKind.DESKTOP, clinic),
    )
    return int(found[0]["people"])
