"""Web Booking with a mouse and with a keyboard, from the set-up link on."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import Devices
from tests.support.server import Server

PASSWORD = "stapler orchid velvet"


@pytest.fixture
async def web_booking(live_server: Server, devices: Devices) -> Page:
    """A new clinic's administrator on the Patient Portal page."""
    link = re.search(r"http://\S+(/setup/\S+)", live_server.log)
    assert link is not None, live_server.log
    page = await devices.open("desktop", link[1])
    await page.get_by_label("Clinic name").fill("Riverside Physio")
    await page.get_by_label("Your name").fill("Sam Reyes")
    await page.get_by_label("E-mail").fill("sam@riverside.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Set up").click()
    await expect(page).to_have_url(re.compile("/admin/login"))
    await page.get_by_label("E-mail").fill("sam@riverside.example")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()
    await expect(page.get_by_role("heading", name="Web Booking")).to_be_visible()
    return page


async def test_online_and_back_without_leaving_the_page(web_booking: Page) -> None:
    page = web_booking
    await page.evaluate("window.stayed = true")
    rail = page.get_by_role("link", name="Web Booking")
    await expect(rail).to_contain_text("offline")
    await page.get_by_role("button", name="Put the portal online").click()
    await expect(page.get_by_role("heading", name="Patient Portal Status")).to_contain_text("online")
    await expect(rail).to_contain_text("online")
    await expect(page.locator("#next-steps strong")).to_have_text("Check the address people type")

    switch = page.get_by_role("link", name="Take offline…")
    await expect(switch).to_be_focused()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Take the portal offline?")
    await expect(dialog).to_contain_text("No practitioner is logged in now.")
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await switch.click()
    await dialog.get_by_role("button", name="Take offline").click()
    await expect(dialog).to_be_hidden()
    await expect(page.get_by_role("heading", name="Patient Portal Status")).to_contain_text("offline")
    await expect(rail).to_contain_text("offline")
    await expect(page.get_by_role("button", name="Put online")).to_be_focused()
    assert await page.evaluate("window.stayed") is True


async def test_an_address_is_typed_suggested_and_checked(web_booking: Page, live_server: Server) -> None:
    page = web_booking
    await page.get_by_role("link", name="Settings", exact=True).click()
    address = page.get_by_label("URL for Daybook Online")
    await address.fill("diary.riverside.example")
    await page.get_by_label("Clinic name").fill("Harbour Physio")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Did you mean https://diary.riverside.example?")).to_be_visible()
    await expect(address).to_have_value("diary.riverside.example")
    await expect(address).to_be_focused()

    await page.get_by_role("button", name="Use this address").click()
    await expect(address).to_have_value(live_server.url)
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved.")).to_be_visible()
    await expect(page.get_by_label("Clinic name")).to_have_value("Harbour Physio")

    await page.get_by_role("button", name="Check that it loads").click()
    await expect(page.get_by_text("The address loads, and it is this installation")).to_be_visible()
    await expect(page.get_by_role("button", name="Check again")).to_be_focused()
    await page.get_by_role("link", name="Patient Portal", exact=True).click()
    await expect(page.get_by_text("The address loads, and it is this installation")).to_be_visible()
