"""A day that doesn't go as planned: running late, then off sick, over the diary and on its own page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from app.clock import now
from app.db import rows
from app.diary.tables import Appointment
from tests.browser.conftest import Riverside, book_at
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD

LONDON = ZoneInfo("Europe/London")
PLANS = "Running late or off sick, Anna Marsh"


async def amelia_comes_now() -> datetime:
    """She is due at this moment, whatever the time of day."""
    starts_at = now().replace(second=0, microsecond=0) - timedelta(minutes=now().minute % 5)
    await Appointment.update(
        {Appointment.starts_at: starts_at, Appointment.ends_at: starts_at + timedelta(minutes=30)}
    ).where(Appointment.id == 1)
    return starts_at


async def starts() -> datetime:
    (row,) = await rows("SELECT starts_at FROM appointment WHERE id = 1")
    moment: datetime = row["starts_at"]
    return moment


async def open_plans(page: Page) -> None:
    await page.get_by_role("link", name=PLANS).click()
    await Diary(page).opened().wait_for()


async def test_running_late_and_then_off_sick(devices: Devices, riverside: Riverside) -> None:
    due = await amelia_comes_now()
    for hour in (10, 11, 12):
        await book_at(riverside, hour)
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.sam.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    dialog = Diary(page).opened()

    await open_plans(page)
    await dialog.get_by_role("link", name="Running late").click()
    await dialog.get_by_label("Minutes late").select_option("40")
    later = (due + timedelta(minutes=40)).astimezone(LONDON)
    await expect(dialog.get_by_role("listitem")).to_contain_text(f"{later:%H:%M} Amelia Hart")
    assert await starts() == due
    await dialog.get_by_role("button", name="Move it").click()
    await Diary(page).says("1 moved. Nobody is told automatically.")
    assert await starts() == due + timedelta(minutes=40)
    await page.get_by_role("button", name="Undo").click()
    await Diary(page).says("Undone.")
    assert await starts() == due

    tomorrow = riverside.today + timedelta(days=1)
    await page.goto(f"/diary/day/{tomorrow}")
    await open_plans(page)
    await dialog.get_by_role("link", name="Off sick").click()
    await expect(Diary(page).heading()).to_have_text("Anna Marsh is off sick")
    panel, badges = page.locator(".settle-panel"), page.locator(".settle .badge")
    await panel.get_by_role("button", name=re.compile(r", 08:00$")).click()
    await expect(badges).to_have_text([re.compile("^Moved to .* 08:00$")])
    await expect(page.locator("#settle-3 h2")).to_be_focused()
    await panel.get_by_role("button", name="Ben Osei").click()
    await Diary(page).says("2 of 3 settled")
    await panel.get_by_role("button", name="Cancel the appointment").click()
    await Diary(page).says("All settled")
    await page.reload()
    await expect(badges).to_have_text([re.compile("^Moved"), re.compile("^With Ben Osei"), "Cancelled"])
    found = await rows("SELECT status, practitioner FROM appointment WHERE id > 1 ORDER BY id")
    assert [(row["status"], row["practitioner"]) for row in found] == [
        ("booked", riverside.anna.id),
        ("booked", riverside.ben.id),
        ("cancelled", riverside.anna.id),
    ]
