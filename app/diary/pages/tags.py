"""A view's tag: it stays the same as long as the view would. Reading it touches no appointment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import blake2s
from typing import Any, NamedTuple

from app.accounts.permissions import diary_access
from app.accounts.sessions import Alongside, LiveSession
from app.accounts.viewer import Viewer
from app.build import build_id
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.clock import local_day, now
from app.db import database, glance
from app.diary.pages.preferences import AS_IT_COMES, Preference, stored_preference
from app.diary.pages.shown import Shown, View

# What is first or over on an agenda depends on the time of day: it is looked at anew this often.
AGENDA_MINUTES = 5


class DayVersion(NamedTuple):
    """How often a practitioner's day has changed."""

    practitioner: int
    day: date
    version: int


@dataclass(frozen=True, slots=True)
class Versions:
    """How often things have changed: each practitioner's days, and what all days are drawn with; users' preferences."""

    days: tuple[DayVersion, ...]
    setup: int
    preferences: Mapping[int, Preference]

    def preference(self, user: int) -> Preference:
        """How that user likes the diary."""
        return self.preferences.get(user, AS_IT_COMES)


def versions_alongside(first: date, last: date) -> Alongside:
    """Has what concerns these days, and whoever looks at them, read with the session."""
    versions = database().joined("practitioner || ':' || day || ':' || version")
    return Alongside(
        f"""
        (SELECT version FROM diary_setup) AS setup,
        (SELECT {versions} FROM day_version WHERE day >= {{}} AND day <= {{}}) AS day_versions,
        preference.column_order, preference.hidden, preference.show_cancelled, preference.keys
        """,
        'LEFT JOIN diary_preference preference ON preference."user" = u.id',
        (first, last),
    )


def versions_in(row: Mapping[str, Any], user: int) -> Versions:
    """What was read of ``versions_alongside``."""
    likes = {} if row["column_order"] is None else {user: stored_preference(row)}
    return Versions(_days_in(row["day_versions"] or ""), row["setup"], likes)


@lru_cache(maxsize=1000)
def _days_in(written: str) -> tuple[DayVersion, ...]:
    each = (text.split(":") for text in written.split())
    return tuple(DayVersion(int(who), date.fromisoformat(day), int(version)) for who, day, version in each)


async def read_versions(views: Collection[Shown], users: Collection[int]) -> Versions:
    """What concerns these views of these users: one read, however many there are."""
    windows = {shown.days for shown in views}
    found = await glance(
        f"""
        SELECT day, practitioner, version, NULL AS column_order, NULL AS hidden, NULL AS show_cancelled,
               NULL AS keys
        FROM day_version WHERE {" OR ".join(["day >= {} AND day <= {}"] * len(windows))}
        UNION ALL
        SELECT NULL, "user", NULL, column_order, hidden, show_cancelled, keys
        FROM diary_preference WHERE "user" IN ({", ".join(["{}"] * len(users))})
        UNION ALL
        SELECT NULL, NULL, version, NULL, NULL, NULL, NULL FROM diary_setup
        """,
        *(edge for window in windows for edge in window),
        *users,
    )
    return Versions(
        tuple(DayVersion(row["practitioner"], row["day"], row["version"]) for row in found if row["day"]),
        next(row["version"] for row in found if row["practitioner"] is None),
        {row["practitioner"]: stored_preference(row) for row in found if row["column_order"] is not None},
    )


def make_tag(shown: Shown, session: LiveSession, clinic: ClinicSettings, versions: Versions) -> str:
    """The view's tag for these versions."""
    viewer, at = session.viewer, now()
    parts = (
        build_id(),
        _written(viewer),
        session.password_is_temporary,
        clinic.version,
        versions.setup,
        _written(versions.preference(viewer.user)),
        _written(shown),
        local_day(at, clinic.zone).toordinal(),
        int(at.timestamp() // (AGENDA_MINUTES * 60)) if shown.view is View.AGENDA else None,
        _written_days(versions.days, shown, viewer, clinic.colleague_access),
    )
    return blake2s(repr(parts).encode(), digest_size=12).hexdigest()


@lru_cache(maxsize=1000)
def _written_days(days: tuple[DayVersion, ...], shown: Shown, viewer: Viewer, colleague_access: str) -> str:
    """Those that are on the view, and that the viewer may see."""
    first, last = shown.days
    return repr(
        sorted(
            (practitioner, day.toordinal(), version)
            for practitioner, day, version in days
            if first <= day <= last
            and shown.practitioner in (None, practitioner)
            and diary_access(viewer, practitioner, colleague_access) is not ColleagueAccess.NONE
        )
    )


@lru_cache(maxsize=1000)
def _written(what: Viewer | Preference | Shown) -> str:
    """All its fields, also those that will be added. To write them out takes longer than all else of a tag."""
    return repr(what)
