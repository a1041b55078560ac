"""What comes out of the printer: the day as a list on A4."""

from __future__ import annotations

import re
from datetime import timedelta

from playwright.async_api import expect

from tests.browser.conftest import Riverside, book_at
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD


async def test_a_long_agenda_is_printed_in_rows_and_nothing_else(
    devices: Devices, riverside: Riverside
) -> None:
    for turn in range(30):
        await book_at(riverside, 8, 30 * turn)
    page = await devices.open("desktop", f"/login?next=/diary/agenda/{riverside.today + timedelta(days=1)}")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows("/diary/agenda/.*")
    printed = await page.pdf(format="A4")
    assert re.findall(rb"/Count (\d+)", printed) == [b"2"]
    await page.emulate_media(media="print")
    await expect(page.locator(".agenda-item").filter(visible=True)).to_have_count(30)
    for on_screen in (page.get_by_role("navigation"), page.get_by_role("button"), page.locator("#book")):
        await expect(on_screen.filter(visible=True)).to_have_count(0)
