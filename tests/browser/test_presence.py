"""The page's own clock: it covers itself when its session's time is over, asks before, and tells of typing."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import Page

from app.clock import now
from app.db import rows
from tests.browser.conftest import Riverside
from tests.browser.pages import LogIn
from tests.browser.test_sessions import at_the_diary, leave_idle
from tests.support.browser import Devices

ASKED = "**/presence"


async def at_a_form(devices: Devices, riverside: Riverside) -> tuple[Page, list[str]]:
    """A page whose clock the test moves, with an hour left, and how often it has asked for its time since."""
    page = await at_the_diary(devices, riverside)
    await page.clock.install()
    await page.goto("/patients/new")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.method) if "/presence" in request.url else None)
    return page, asked


async def test_a_page_leaves_for_the_log_in_once_its_time_is_over(
    devices: Devices, riverside: Riverside
) -> None:
    page, asked = await at_a_form(devices, riverside)
    await leave_idle(60)
    await page.clock.fast_forward("59:00")
    assert asked == []
    await page.clock.fast_forward("01:00")
    await LogIn(page).shows("/login")
    assert page.url.endswith("?next=/patients/new")


async def test_a_page_whose_session_is_used_in_another_tab_waits_as_long_as_that_lasts(
    devices: Devices, riverside: Riverside
) -> None:
    page, asked = await at_a_form(devices, riverside)
    await leave_idle(20)
    async with page.expect_response(ASKED):
        await page.clock.fast_forward("01:00:00")
    await page.clock.fast_forward("39:00")
    assert asked == ["GET"]
    await leave_idle(60)
    await page.clock.fast_forward("01:00")
    await LogIn(page).shows("/login")


async def test_typing_keeps_the_session_and_is_told_once_in_a_while(
    devices: Devices, riverside: Riverside
) -> None:
    page, asked = await at_a_form(devices, riverside)
    await leave_idle(30)
    name = page.get_by_label("Name", exact=True)
    await name.press_sequentially("Zara")
    assert asked == []
    await page.clock.fast_forward("00:30")
    async with page.expect_response(ASKED):
        await name.press_sequentially(" Khan")
    assert asked == ["POST"]
    [session] = await rows("SELECT last_used_at FROM login_session")
    assert session["last_used_at"] > now() - timedelta(minutes=1)
