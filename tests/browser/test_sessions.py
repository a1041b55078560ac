"""Sessions as people meet them: a form that was sent too late, a shared tablet that locks, and Back after a log-out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from playwright.async_api import Page, expect

from app.clock import now
from app.db import execute, rows
from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN

PLAIN = {"java_script_enabled": False}


async def at_the_diary(devices: Devices, riverside: Riverside, kind: str = "desktop", **options: Any) -> Page:
    """Anna, logged in with her password."""
    page = await devices.open(kind, "/login", **options)
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    return page


async def leave_idle(minutes: int) -> None:
    """As if nobody had used their session for so long."""
    await execute(
        "UPDATE login_session SET last_used_at = {} RETURNING id", now() - timedelta(minutes=minutes)
    )


async def test_a_form_outlives_its_session_and_is_sent_after_logging_in_over_it(
    devices: Devices, riverside: Riverside
) -> None:
    page = await at_the_diary(devices, riverside)
    diary = Diary(page)
    await page.mouse.click(*await diary.place("Anna Marsh", "11:00"))
    form = page.get_by_role("dialog", name="Book an appointment")
    await form.get_by_label("Patient", exact=True).first.press_sequentially("hart")
    await form.get_by_role("radio", name="Amelia Hart").check()
    await form.get_by_label("Notes").press_sequentially("Bring the scan again.")

    # The page covers itself as its session ends. There is no way around it.
    await leave_idle(60)
    over = page.get_by_role("dialog", name="Please log in again")
    await expect(over).to_contain_text("What you typed is still there.")
    await page.keyboard.press("Escape")
    await over.get_by_label("E-mail").fill(riverside.anna.email)
    await over.get_by_label("Password", exact=True).fill("a wrong one")
    await over.get_by_role("button", name="Log in", exact=True).click()
    await expect(over).to_contain_text("That didn't work.")
    await over.get_by_label("Password", exact=True).fill(PASSWORD)
    await over.get_by_role("button", name="Log in", exact=True).click()
    await expect(over).to_have_count(0)

    await expect(form.get_by_label("Notes")).to_have_value("Bring the scan again.")
    await form.get_by_role("button", name="Book", exact=True).click()
    await expect(page.get_by_role("link", name="11:00 to 11:30, Amelia Hart")).to_be_visible()
    assert len(await rows("SELECT id FROM appointment")) == 2


async def test_a_write_after_the_session_gets_the_log_in_over_the_untouched_form(
    devices: Devices, riverside: Riverside
) -> None:
    page = await at_the_diary(devices, riverside)
    await page.goto("/patients/new")
    await page.get_by_label("Name", exact=True).fill("Zara Khan")
    await leave_idle(60)
    await LogIn(page).press("Add patient")
    over = page.get_by_role("dialog", name="Please log in again")
    await LogIn(page).says("What you typed is still there.")
    # Whoever logs in instead doesn't get to see it.
    await over.get_by_label("E-mail").fill(riverside.ben.email)
    await over.get_by_label("Password", exact=True).fill(PASSWORD)
    await over.get_by_role("button", name="Log in", exact=True).click()
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    assert len(await rows("SELECT id FROM patient")) == 1


async def test_a_shared_tablet_locks_without_a_trace_and_back_shows_nothing_after_logging_out(
    devices: Devices, riverside: Riverside
) -> None:
    page = await at_the_diary(devices, riverside, "tablet")
    await page.goto("/account")
    await page.get_by_label("Several people use this tablet").check()
    await page.locator("#shared-tablet").get_by_role("button", name="Save").click()
    await LogIn(page).says("This tablet locks when nobody uses it.")
    await page.clock.install()
    await page.goto("/patients")
    await page.get_by_role("link", name="Amelia Hart").click()
    await expect(LogIn(page).heading()).to_contain_text("Amelia Hart")

    await leave_idle(5)
    await page.clock.fast_forward("05:00")
    await LogIn(page).shows("/lock")
    assert "Amelia" not in await page.content()
    await page.get_by_label("PIN", exact=True).fill(PIN)
    await LogIn(page).press("Unlock")
    await expect(LogIn(page).heading()).to_contain_text("Amelia Hart")

    await page.get_by_role("button", name="Log out").click()
    await LogIn(page).shows("/login")
    await page.go_back()
    await LogIn(page).shows("/login")
    assert "Amelia" not in await page.content()
