"""Booking, moving and cancelling over the diary: with a mouse, with the keyboard alone, and with a finger."""

from __future__ import annotations

import re
from datetime import time, timedelta

from playwright.async_api import Locator, Page, expect

from app.clock import wall_time
from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD, the_clinic

HOUR = 60


async def tomorrow(devices: Devices, riverside: Riverside, kind: str) -> Page:
    """Anna's diary, open at a day on which nobody comes yet."""
    page = await devices.open(kind, "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    await page.goto(f"/diary/day/{riverside.today + timedelta(days=1)}")
    return page


async def place(page: Page, minute: int) -> tuple[float, float]:
    """Where that minute of the day, which the diary shows from eight to six, stands on the screen."""
    column = page.locator(".diary-day").first
    await column.scroll_into_view_if_needed()
    box = await column.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * (minute - 8 * HOUR + 5) / (10 * HOUR)


def block(page: Page, name: str) -> Locator:
    return page.locator(".diary-blocks").get_by_role("link", name=name)


async def book_by_keys(page: Page, key: str, name: str) -> None:
    """Put the link of empty time elsewhere with that key, follow it and book a new patient."""
    await page.get_by_role("link", name="Book, Anna Marsh").focus()
    await page.keyboard.press(key)
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog")
    await form.get_by_text("New patient").focus()
    await page.keyboard.press("Enter")
    await form.get_by_label("Name", exact=True).focus()
    await page.keyboard.type(name)
    await page.keyboard.press("Enter")


async def test_a_click_on_empty_time_books_and_undo_takes_it_out_again(
    devices: Devices, riverside: Riverside
) -> None:
    page = await tomorrow(devices, riverside, "desktop")
    await page.evaluate("window.stayed = true")
    await page.mouse.click(*await place(page, 10 * HOUR + 15))
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("Time", exact=True)).to_have_value("10:15")
    await form.get_by_label("Patient", exact=True).first.press_sequentially("hart 1980")
    await form.get_by_role("radio", name="Amelia Hart").check()
    await form.get_by_role("button", name="Book", exact=True).click()
    await expect(form).to_be_hidden()
    await expect(block(page, "10:15 to 10:45, Amelia Hart")).to_be_visible()

    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("Undone.")).to_be_visible()
    await expect(block(page, "Amelia Hart")).to_have_count(0)
    assert await page.evaluate("window.stayed"), "the diary was loaded anew"


async def test_the_keyboard_alone_books_meets_a_conflict_moves_and_cancels(
    devices: Devices, riverside: Riverside
) -> None:
    page = await tomorrow(devices, riverside, "desktop")
    await book_by_keys(page, "PageDown", "Noah Fraser")
    await expect(block(page, "10:00 to 10:30, Noah Fraser")).to_be_visible()
    await expect(page.get_by_role("link", name="Book, Anna Marsh")).to_be_focused()
    await book_by_keys(page, "ArrowDown", "Isla Byrne")
    form = page.get_by_role("dialog")
    await expect(form.get_by_text("There is already an appointment at that time.")).to_be_visible()
    await form.get_by_role("button", name="10:30").focus()
    await page.keyboard.press("Enter")
    await expect(block(page, "10:30 to 11:00, Isla Byrne")).to_be_visible()

    await block(page, "Isla Byrne").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("link", name="Change").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_label("Minutes").fill("45")
    await page.keyboard.press("Enter")
    await expect(block(page, "10:30 to 11:15, Isla Byrne")).to_be_visible()

    await block(page, "Isla Byrne").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("link", name="Change").focus()
    await page.keyboard.press("Enter")
    clock = page.get_by_role("dialog").get_by_label("Time", exact=True)
    await expect(clock).to_have_value("10:30")
    await clock.focus()
    await page.keyboard.press("ArrowUp")  # the hour, however the browser writes times
    await expect(clock).to_have_value("11:30")
    await page.keyboard.press("Enter")
    await expect(block(page, "11:30 to 12:15, Isla Byrne")).to_be_visible()
    await page.get_by_role("button", name="Undo").focus()
    await page.keyboard.press("Enter")
    await expect(block(page, "10:30 to 11:15, Isla Byrne")).to_be_visible()

    await block(page, "Isla Byrne").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("link", name="Cancel").focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_label("Reason").fill("Snow")
    await page.keyboard.press("Enter")
    # Tomorrow at half past ten is late or not, by what time it is now.
    await expect(page.get_by_text(re.compile("Now: (late )?cancelled"))).to_be_visible()


async def test_a_tap_on_empty_time_books_on_a_tablet(devices: Devices, riverside: Riverside) -> None:
    page = await tomorrow(devices, riverside, "tablet")
    await page.touchscreen.tap(*await place(page, 11 * HOUR))
    form = page.get_by_role("dialog")
    await expect(form.get_by_label("Time", exact=True)).to_have_value("11:00")
    await form.get_by_text("New patient").tap()
    await form.get_by_label("Name", exact=True).fill("Noah Fraser")
    await form.get_by_role("button", name="Book", exact=True).tap()
    await expect(block(page, "11:00 to 11:30, Noah Fraser")).to_be_visible()


async def test_who_should_be_here_by_now_is_overdue_until_they_are(
    devices: Devices, riverside: Riverside
) -> None:
    page = await tomorrow(devices, riverside, "desktop")
    hour = wall_time(riverside.today, time(9, 20), (await the_clinic()).zone)
    await page.clock.set_fixed_time(hour)
    await page.goto(f"/diary/day/{riverside.today}")
    await expect(block(page, "Follow-up, booked, overdue")).to_be_visible()
    await block(page, "Amelia Hart").click()
    await page.get_by_role("dialog").get_by_role("button", name="Arrived", exact=True).click()
    await expect(block(page, "Follow-up, arrived")).to_be_visible()
    await expect(page.locator(".is-overdue")).to_have_count(0)


async def test_statuses_are_one_press_away_each(devices: Devices, riverside: Riverside) -> None:
    page = await tomorrow(devices, riverside, "desktop")
    await page.goto(f"/diary/day/{riverside.today}")
    for press, word in (("Arrived", "arrived"), ("Start", "in session"), ("Complete", "completed")):
        await block(page, "Amelia Hart").click()
        await page.get_by_role("dialog").get_by_role("button", name=press, exact=True).click()
        await expect(page.get_by_role("dialog")).to_be_hidden()
        changed = block(page, f"Amelia Hart, new patient, Follow-up, {word}")
        await expect(changed).to_be_visible()
        await expect(changed).to_be_focused()
