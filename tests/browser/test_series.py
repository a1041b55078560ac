"""A series over the diary: booked around somebody who is in its way, and cancelled from one on."""

from __future__ import annotations

from datetime import date, time, timedelta

from playwright.async_api import expect

from app.clock import wall_time
from app.db import rows
from app.diary.booking.booking import Booking, book
from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD, the_clinic


async def amelia_at_nine(riverside: Riverside, day: date) -> None:
    """She comes to Anna that day, too."""
    clinic = await the_clinic()
    (came,) = await rows(
        "SELECT a.type, s.patient FROM appointment a JOIN attendance s ON s.appointment = a.id"
    )
    starts_at = wall_time(day, time(9), clinic.zone)
    booking = Booking(riverside.anna.id, came["type"], starts_at, (came["patient"],))
    await book(booking, clinic, by=riverside.sam.viewer)


async def test_a_series_is_booked_around_a_conflict_and_cancelled_from_one_on(
    devices: Devices, riverside: Riverside
) -> None:
    page = await devices.open("desktop", "/login")
    diary = Diary(page)
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await diary.shows(f"/diary/day/{riverside.today}")
    days = [riverside.today + timedelta(weeks=weeks) for weeks in range(1, 5)]
    await amelia_at_nine(riverside, days[1])
    await page.goto(f"/diary/day/{days[0]}")
    await page.get_by_role("link", name="Book, Anna Marsh").focus()
    await page.keyboard.press("Enter")
    form = diary.opened()
    await form.get_by_label("Time", exact=True).fill("09:00")
    await form.get_by_text("New patient").click()
    await form.get_by_label("Name", exact=True).fill("Noah Fraser")
    await form.get_by_text("Repeat").click()
    await form.get_by_label("How many times").fill("4")
    await form.get_by_role("button", name="Book", exact=True).click()
    await diary.says("1 of 4 needs a decision.")
    await expect(form.locator(".review-sum")).to_be_focused()
    await expect(form.get_by_text("Amelia Hart from 09:00 to 09:30")).to_be_visible()
    await expect(form.get_by_role("listitem")).to_have_count(4)
    await form.get_by_role("radio", name="09:30").check()
    await form.get_by_role("button", name="Save these").click()
    await expect(form).to_be_hidden()
    await diary.says("Saved 4 times")
    await expect(diary.appointment("09:00 to 09:30, Noah Fraser")).to_have_accessible_name(
        "09:00 to 09:30, Noah Fraser, new patient, Follow-up, booked, repeats"
    )
    await page.goto(f"/diary/day/{days[1]}")
    await expect(diary.appointment("09:30 to 10:00, Noah Fraser")).to_be_visible()

    await page.goto(f"/diary/day/{days[2]}")
    await diary.appointment("Noah Fraser").click()
    await expect(form.get_by_text("3 of 4, every week on")).to_be_visible()
    await form.get_by_role("link", name="Cancel…").click()
    await form.get_by_label("This and the following, 2 in all").check()
    await form.get_by_role("button", name="Cancel the appointment").click()
    await diary.says("2 cancelled.")
    await expect(diary.appointment("Noah Fraser")).to_have_count(0)
    await page.goto(f"/diary/day/{days[3]}")
    await expect(diary.appointment("Noah Fraser")).to_have_count(0)
    await page.goto(f"/diary/day/{days[1]}")
    await expect(diary.appointment("Noah Fraser")).to_have_count(1)
