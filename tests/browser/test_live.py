"""Open diaries follow what happens elsewhere, and whoever uses them isn't disturbed by it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta

import pytest
from playwright.async_api import Browser, Page, expect

from app.accounts.practitioner_sessions import log_practitioners_out
from app.accounts.viewer import Viewer
from app.clinic.clinic import load_clinic
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.clock import now
from app.db import rows, write
from app.diary.booking.booking import Booking, book
from app.diary.patients.patients import NewPatient, add_patient
from app.diary.tables import Appointment
from tests.browser.conftest import Riverside, vouch_for_phones
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN
from tests.support.server import Server

pytestmark = pytest.mark.smoke


@pytest.fixture
async def elsewhere(serve: Callable[..., Server], browser: Browser) -> AsyncIterator[Devices]:
    """Devices on a second process, which shares nothing with the first but the database."""
    async with Devices(browser, serve("serve").url) as devices:
        yield devices


async def opened(devices: Devices, riverside: Riverside) -> Page:
    """Anna's diary, open at today."""
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    return page


async def book_zara(riverside: Riverside, *, hours: int = 3) -> None:
    """In this process, which is a third one: after Amelia, who comes at nine."""
    clinic = await load_clinic()
    assert clinic is not None
    (amelias, *_) = await rows("SELECT type, starts_at FROM appointment ORDER BY starts_at")
    zara = await add_patient(NewPatient(f"Zara Khan {hours}"))
    by = Viewer(riverside.anna.id, "Anna Marsh", False, False, True, 0, "desktop")
    starts_at = amelias["starts_at"] + timedelta(hours=hours)
    await book(Booking(riverside.anna.id, amelias["type"], starts_at, (zara,)), clinic, by=by)


async def test_a_change_is_on_every_open_diary_whichever_process_serves_it(
    devices: Devices, elsewhere: Devices, riverside: Riverside
) -> None:
    pages = [await opened(devices, riverside), await opened(elsewhere, riverside)]
    phone = await elsewhere.open("phone", "/")
    await LogIn(phone).with_pin(riverside.anna.mobile, PIN)
    await Diary(phone).shows("/m/today")
    await vouch_for_phones()
    for page in [*pages, phone]:
        await page.evaluate("window.stayed = true")
    await book_zara(riverside)
    for page in pages:
        await expect(Diary(page).appointment("Zara Khan 3")).to_be_visible()
    await Diary(phone).unfold()
    await expect(phone.get_by_role("link", name="Zara Khan 3").first).to_be_visible()
    for page in [*pages, phone]:
        assert await page.evaluate("window.stayed"), "the page was loaded anew"
    assert elsewhere.complaints == []


async def test_focus_scroll_and_what_is_open_survive(devices: Devices, riverside: Riverside) -> None:
    page = await opened(devices, riverside)
    diary = Diary(page)
    await page.set_viewport_size({"width": 1000, "height": 420})
    await page.locator("#diary").evaluate("grid => grid.scrollTo(0, 90)")
    await page.get_by_label("Go to a date").click()
    await page.get_by_label("Date", exact=True).focus()
    await book_zara(riverside)
    await expect(diary.appointment("Zara Khan 3")).to_have_count(1)
    await expect(page.get_by_label("Date", exact=True)).to_be_focused()
    assert await page.locator("#diary").evaluate("grid => grid.scrollTop") == 90
    await page.keyboard.press("Escape")

    await diary.appointment("Amelia Hart").click()
    await expect(diary.opened()).to_be_visible()
    await book_zara(riverside, hours=4)
    await expect(page.locator("#diary").get_by_text("Zara Khan 4")).to_have_count(1)
    await expect(diary.opened()).to_contain_text("Bring the scan.")
    await page.keyboard.press("Escape")
    await expect(diary.appointment("Amelia Hart")).to_be_focused()


async def test_a_page_follows_the_day_that_was_turned_to(devices: Devices, riverside: Riverside) -> None:
    page = await opened(devices, riverside)
    await Diary(page).turn_to("Next day")
    await Diary(page).shows(f"/diary/day/{riverside.today + timedelta(days=1)}")
    await book_zara(riverside, hours=24)
    await expect(Diary(page).appointment("Zara Khan 24")).to_be_visible()
    await page.get_by_role("navigation", name="View").get_by_role("link", name="Week").click()
    await Diary(page).shows(f"/diary/week/{riverside.today + timedelta(days=1)}")
    await book_zara(riverside, hours=27)
    await expect(page.get_by_role("link", name="Zara Khan 27")).to_have_count(1)


async def test_a_hold_goes_by_itself(devices: Devices, riverside: Riverside) -> None:
    until = {Appointment.held_until: now() + timedelta(seconds=5)}
    async with write():
        await Appointment.update(until, force=True)
    page = await opened(devices, riverside)
    await page.evaluate("window.stayed = true")
    await expect(Diary(page).appointment("Amelia Hart")).to_have_count(0)
    assert await page.evaluate("window.stayed"), "the page was loaded anew"


async def test_the_diary_leaves_the_screen_when_its_session_is_ended(
    devices: Devices, riverside: Riverside
) -> None:
    page = await opened(devices, riverside)
    async with write():
        await log_practitioners_out("test")
    await Diary(page).shows("/login")


async def test_the_diary_leaves_the_screen_when_the_portal_goes_offline(
    devices: Devices, riverside: Riverside
) -> None:
    page = await opened(devices, riverside)
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    await Diary(page).says("Online access is not available at the moment.")
