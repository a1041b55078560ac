"""What an open page hears: its tag at once, at every change that concerns it, and the end of its session."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from app.accounts.sessions import end_session, load_session, start_session
from app.accounts.tables import SessionKind, User
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db.engine import Engine
from app.db.watcher import Changes
from app.diary.booking.booking import Booking, book
from app.diary.pages.live import Feed
from app.diary.pages.shown import Shown, View
from app.diary.pages.tags import make_tag, read_versions
from tests.diary.conftest import MONDAY, Clinicians, Staff
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.statements import counted_statements

At = Callable[..., datetime]
SOON = 5  # seconds that a test waits for what should come at once


@dataclass(frozen=True, slots=True)
class Listening:
    """An open page's ear."""

    tags: AsyncGenerator[str]
    session: int

    async def hears(self) -> str | None:
        """The next tag; None when there will be no more."""
        async with asyncio.timeout(SOON):
            return await anext(self.tags, None)


@pytest.fixture
async def feed(database: Engine) -> AsyncIterator[Feed]:
    async with Changes(database) as changes:
        yield Feed(changes)


@pytest.fixture
async def listen(feed: Feed, clinic: ClinicSettings) -> AsyncIterator[Callable[..., object]]:
    """``await listen(staff.anna, MONDAY)``: a page that has heard its first tag."""
    async with AsyncExitStack() as stack:

        async def begun(viewer: Viewer, day: date = MONDAY) -> Listening:
            token = await start_session(
                viewer.user, SessionKind.DESKTOP, clinic, device=None, address="203.0.113.7"
            )
            _, session = await load_session(token)
            assert session
            shown = Shown(View.DAY, day)
            tags = await stack.enter_async_context(aclosing(feed.tags(shown, session.viewer.session)))
            heard = Listening(tags, session.viewer.session)
            versions = await read_versions([shown], [viewer.user])
            assert await heard.hears() == make_tag(shown, session, clinic, versions)
            return heard

        yield begun


Listen = Callable[..., "asyncio.Future[Listening]"]


async def test_a_booking_is_heard_where_its_day_is_open_and_nowhere_else(
    listen: Listen, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    today, tomorrow = await listen(staff.anna), await listen(staff.anna, MONDAY + timedelta(days=1))
    await book(Booking(staff.anna.user, kit.massage, at(11), (kit.zara,)), clinic, by=staff.dana)
    assert await today.hears()
    silent = asyncio.ensure_future(tomorrow.hears())
    await book(Booking(staff.anna.user, kit.massage, at(13), (kit.zara,)), clinic, by=staff.dana)
    assert await today.hears()
    assert not silent.done()
    later = Booking(staff.anna.user, kit.massage, at(11) + timedelta(days=1), (kit.zara,))
    await book(later, clinic, by=staff.dana)
    assert await silent


async def test_a_change_is_read_once_however_many_pages_are_open(
    listen: Listen, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At, database: Engine
) -> None:
    pages = [await listen(staff.anna) for _ in range(5)]
    waiting = [asyncio.ensure_future(page.hears()) for page in pages]
    await asyncio.sleep(0)
    with counted_statements(database) as statements:
        await User.update({User.name: "Anna March"}).where(User.id == staff.anna.user)
        assert len(set(await asyncio.gather(*waiting))) == 5  # each session has its own tag
    assert len([one for one in statements if "login_session" in one]) == 1
    assert len([one for one in statements if "day_version" in one]) == 1


async def test_a_session_that_is_ended_hears_no_more(listen: Listen, staff: Staff) -> None:
    anna = await listen(staff.anna)
    await end_session(anna.session, "test")
    assert await anna.hears() is None


async def test_a_session_that_is_over_hears_no_more(
    listen: Listen, staff: Staff, frozen: FrozenClock
) -> None:
    anna = await listen(staff.anna)
    frozen.tick(hours=1)
    await User.update({User.search: "anything"}).where(User.id == staff.ben.user)
    assert await anna.hears() is None


async def test_the_portal_offline_silences_practitioners_and_not_the_desk(
    listen: Listen, staff: Staff, kit: Clinicians, clinic: ClinicSettings, at: At
) -> None:
    anna, dana = await listen(staff.anna), await listen(staff.dana)
    await change_portal_status(PortalStatus.OFFLINE, by=None)
    assert await anna.hears() is None
    await book(Booking(staff.anna.user, kit.massage, at(11), (kit.zara,)), clinic, by=staff.dana)
    assert await dana.hears()


async def test_somebody_who_is_disabled_hears_no_more(listen: Listen, staff: Staff) -> None:
    anna = await listen(staff.anna)
    await User.update({User.enabled_for_online: False}).where(User.id == staff.anna.user)
    assert await anna.hears() is None


async def test_a_page_whose_session_has_ended_hears_that_it_is_over(
    clinic: ClinicSettings, client: Client
) -> None:
    answer = await client.get("/events", params={"view": "day", "day": f"{MONDAY}"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (
        200,
        "text/event-stream",
    )
    assert answer.text.startswith("event: over\n")
