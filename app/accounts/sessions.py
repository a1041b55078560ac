"""Sessions: who is logged in, for how long, and how that ends."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from math import ceil
from typing import Any

from app.accounts.browsers import this_browser
from app.accounts.session_times import idle_time, lifetime, locks
from app.accounts.tables import Session, SessionKind
from app.accounts.temporary import is_over, life_began
from app.accounts.tokens import new_token, token_hash
from app.accounts.viewer import Viewer
from app.clinic.clinic import CLINIC_COLUMNS, ClinicSettings, clinic_of
from app.clock import now
from app.db import glance, rows

# The last use is noted at most this often, and at most sixty times in the idle time: reading the diary hardly writes.
NOTES_USE_EVERY = timedelta(minutes=1)
FRESH_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class LockedSession:
    """A session on a shared tablet or a phone that nobody has used for a while: only its user's secret opens it."""

    viewer: Viewer
    shared: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A session that is neither ended, locked nor over, with its viewer."""

    viewer: Viewer
    shared: bool  # on a tablet that several people use
    authenticated_at: datetime
    last_used_at: datetime
    idle_time: timedelta
    ends_at: datetime  # or locks, unless it is used again before
    expires_at: datetime  # however much it is used
    administers_until: datetime
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

    @property
    def may_administer(self) -> bool:
        """Whether the administrators' pages have been used, or the secret given, so recently that they stay open."""
        return now() < self.administers_until

    @property
    def seconds_left(self) -> int:
        """How long it lasts, or stays unlocked, if nobody uses it any more."""
        return max(0, ceil((self.ends_at - now()).total_seconds()))


@dataclass(frozen=True, slots=True)
class Alongside:
    """What a page wants read in the same statement as its session, of whoever's it is: their row is ``u``."""

    columns: str
    joins: str
    args: tuple[Any, ...] = ()


NOTHING_MORE = Alongside("NULL", "")


async def start_session(
    user: int, kind: SessionKind, clinic: ClinicSettings, *, device: int | None, address: str
) -> str:
    """Log the user in, in the caller's transaction; the token for the cookie."""
    token, at = new_token(), now()
    shared = this_browser().shared and kind != SessionKind.PHONE
    await Session.insert(
        Session(
            token_hash=token_hash(token),
            user=user,
            kind=kind,
            shared=shared,
            device=device,
            address=address,
            created_at=at,
            authenticated_at=at,
            last_used_at=at,
            expires_at=at + lifetime(kind, clinic, shared=shared),
        )
    )
    return token


# Disabling a user ends the sessions; that the user is asked too shuts out one that began at the same moment.
_LOAD = """
SELECT {clinic}, s.id, s.kind, s.shared, s.authenticated_at, s.last_used_at, s.locked_at, s.administered_at,
       s.expires_at, u.id AS user_id, u.name AS user_name, u.administrator, u.front_desk, u.practitioner,
       c.temporary, c.shown, c.issued_at, c.message, m.accepted_at, d.confirmed_at, {columns}
FROM clinic
LEFT JOIN login_session s ON {which} AND s.ended_at IS NULL
LEFT JOIN staff_user u ON u.id = s."user"
    AND u.current AND (u.enabled_for_online OR u.administrator OR u.front_desk)
LEFT JOIN credential c ON c."user" = u.id AND c.kind = CASE s.kind WHEN 'phone' THEN 'pin' ELSE 'password' END
LEFT JOIN message m ON m.id = c.message
LEFT JOIN device d ON d.id = s.device
{joins}
WHERE clinic.id = 1
"""


async def load_session(token: str) -> tuple[ClinicSettings | None, LiveSession | LockedSession | None]:
    """The clinic's settings and the session of that cookie.

    None for a clinic that isn't set up yet, and for a session that doesn't exist, has ended or is over.
    """
    clinic, session, _nothing = await load_session_and(NOTHING_MORE, token)
    return clinic, session


async def load_session_and(
    more: Alongside, token: str
) -> tuple[ClinicSettings | None, LiveSession | LockedSession | None, Mapping[str, Any]]:
    """The same with the row that has what is wanted beside it: the one read with which every request begins.

    Where nobody has that session the row's columns are there all the same, and mean nothing.
    """
    sql = _load_where("s.token_hash = {}", more.columns, more.joins)
    found = await glance(sql, *more.args, token_hash(token))
    clinic = clinic_of(found)
    if clinic is None:
        return None, None, {}
    return clinic, _session_of(found[0], clinic, now()), found[0]


@lru_cache(maxsize=64)
def _load_where(which: str, columns: str = NOTHING_MORE.columns, joins: str = NOTHING_MORE.joins) -> str:
    return _LOAD.format(clinic=CLINIC_COLUMNS, which=which, columns=columns, joins=joins)


async def live_sessions(sessions: Collection[int]) -> tuple[ClinicSettings | None, dict[int, LiveSession]]:
    """The clinic's settings and, by id, those of the sessions that are neither ended, locked nor over."""
    which = f"s.id IN ({', '.join(['{}'] * len(sessions))})"
    found = await rows(_load_where(which), *sessions)
    clinic, at = clinic_of(found), now()
    if clinic is None:
        return None, {}
    read = (_session_of(row, clinic, at) for row in found)
    return clinic, {each.viewer.session: each for each in read if isinstance(each, LiveSession)}


def _session_of(
    row: dict[str, Any], clinic: ClinicSettings, at: datetime
) -> LiveSession | LockedSession | None:
    if row["user_id"] is None or at >= row["expires_at"]:
        return None
    kind, shared = row["kind"], bool(row["shared"])
    idle = idle_time(kind, clinic, shared=shared)
    viewer = Viewer(
        user=row["user_id"],
        name=row["user_name"],
        administrator=row["administrator"],
        front_desk=row["front_desk"],
        practitioner=row["practitioner"],
        session=row["id"],
        kind=kind,
        knows_names=kind != SessionKind.PHONE or row["confirmed_at"] is not None,
    )
    if row["locked_at"] or at >= row["last_used_at"] + idle:
        return LockedSession(viewer, shared, row["expires_at"]) if locks(kind, shared=shared) else None
    return _live(row, viewer, clinic, idle)


def _live(row: dict[str, Any], viewer: Viewer, clinic: ClinicSettings, idle: timedelta) -> LiveSession:
    began = life_began(message=row["message"], accepted_at=row["accepted_at"], issued_at=row["issued_at"])
    temporary = bool(row["temporary"]) and row["kind"] == SessionKind.DESKTOP
    return LiveSession(
        viewer=viewer,
        shared=bool(row["shared"]),
        authenticated_at=row["authenticated_at"],
        last_used_at=row["last_used_at"],
        idle_time=idle,
        ends_at=min(row["expires_at"], row["last_used_at"] + idle),
        expires_at=row["expires_at"],
        administers_until=max(row["authenticated_at"], row["administered_at"] or row["authenticated_at"])
        + timedelta(minutes=clinic.admin_minutes),
        password_is_temporary=temporary,
        password_is_over=temporary and is_over(began, clinic),
        secret_was_shown=bool(row["shown"]),
    )


async def note_use(session: LiveSession, *, administering: bool = False) -> LiveSession:
    """Push the session's idle end away, as a person's own request does; and that of the administrators' pages."""
    at = now()
    if at - session.last_used_at < min(NOTES_USE_EVERY, session.idle_time / 60):
        return session
    noted: dict[Any, Any] = {Session.last_used_at: at}
    if administering and session.may_administer:
        noted[Session.administered_at] = at
    await Session.update(noted).where(Session.id == session.viewer.session)
    return replace(session, last_used_at=at, ends_at=min(session.expires_at, at + session.idle_time))


async def end_session(session: int, reason: str) -> bool:
    """End one session; whether it hadn't ended before."""
    ended = (
        await Session.update({Session.ended_at: now(), Session.end_reason: reason})
        .where(Session.id == session, Session.ended_at.is_null())
        .returning(Session.id)
    )
    return bool(ended)


async def end_sessions_of(user: int, reason: str, *, kind: SessionKind | None = None, but: int = 0) -> int:
    """End all of a user's sessions, or those of one kind; all except session ``but``. How many there were."""
    ending = Session.update({Session.ended_at: now(), Session.end_reason: reason}).where(
        Session.user == user, Session.ended_at.is_null(), Session.id != but
    )
    ended = await (ending.where(Session.kind == kind) if kind else ending).returning(Session.id)
    return len(ended)
