"""Open diaries hear of changes, wherever they are made. What they hear is their view's tag; they fetch the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass

from app.accounts.sessions import LiveSession, live_sessions
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db.watcher import Changes
from app.diary.pages.shown import Shown
from app.diary.pages.tags import Versions, make_tag, read_versions

HEARTBEAT_SECONDS = 15


@dataclass(frozen=True, slots=True, eq=False)
class _Watch:
    """One open page: what it shows, and by which session."""

    shown: Shown
    session: int


@dataclass(frozen=True, slots=True)
class _News:
    """What was read of everything that the watches depend on, after change number ``counter``."""

    counter: int
    watches: frozenset[_Watch]
    clinic: ClinicSettings | None
    sessions: Mapping[int, LiveSession]
    versions: Versions


class Feed:
    """The open diaries of one process. However many there are, a change is read once for all of them."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._watches: set[_Watch] = set()
        self._reading = asyncio.Lock()
        self._news: _News | None = None

    async def tags(self, shown: Shown, session: int) -> AsyncGenerator[str]:
        """The view's tag now, and again when it has changed or after HEARTBEAT_SECONDS.

        It ends as soon as the session has ended or the portal is offline for its user.
        """
        watch = _Watch(shown, session)
        self._watches.add(watch)
        clock, told, told_at = asyncio.get_running_loop().time, "", 0.0
        try:
            while True:
                news = await self._news_for(watch)
                if (tag := _tag(watch, news)) is None:
                    return
                if tag != told or clock() - told_at >= HEARTBEAT_SECONDS:
                    yield tag
                    told, told_at = tag, clock()
                left = (news.sessions[session].ends_at - now()).total_seconds()
                heartbeat = told_at + HEARTBEAT_SECONDS - clock()
                await self._changes.wait(news.counter, max(min(heartbeat, left), 0))
        finally:
            self._watches.remove(watch)

    async def _news_for(self, watch: _Watch) -> _News:
        async with self._reading:
            news = self._news
            if news is None or news.counter < self._changes.counter or watch not in news.watches:
                self._news = news = await self._read()
            return news

    async def _read(self) -> _News:
        # Counted before it is read: what changes meanwhile is read again.
        counter, watches = self._changes.counter, frozenset(self._watches)
        clinic, sessions = await live_sessions({watch.session for watch in watches})
        users = {session.viewer.user for session in sessions.values()} or {0}
        versions = await read_versions([watch.shown for watch in watches], users)
        return _News(counter, watches, clinic, sessions, versions)


def _tag(watch: _Watch, news: _News) -> str | None:
    """The tag of what it shows; None when it may be shown no longer."""
    session = news.sessions.get(watch.session)
    if news.clinic is None or session is None or now() >= session.ends_at or session.must_choose_own:
        return None
    if not news.clinic.portal_online and not session.viewer.keeps_desk:
        return None
    return make_tag(watch.shown, session, news.clinic, news.versions)
