"""The portal offline: practitioners are turned away wherever they are, and carry on later."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn, WebBooking
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN

CLOSED = "Online access is not available at the moment."


@pytest.fixture
async def desk(devices: Devices, riverside: Riverside) -> Page:
    """Sam at Web Booking."""
    page = await devices.open("desktop", "/admin/login?next=/admin/web-booking")
    await LogIn(page).with_password(riverside.sam.email, PASSWORD)
    await WebBooking(page).shows("/admin/web-booking")
    return page


@pytest.fixture
async def desktop(devices: Devices, riverside: Riverside) -> Page:
    """Anna's desktop, the diary open."""
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    return page


@pytest.fixture
async def phone(devices: Devices, riverside: Riverside) -> Page:
    """Anna's phone, today's agenda open."""
    page = await devices.open("phone", "/m")
    await LogIn(page).with_pin(riverside.anna.mobile, PIN)
    await LogIn(page).shows("/m/today")
    return page


async def test_practitioners_are_refused_while_the_portal_is_offline_and_carry_on_later(
    desk: Page, desktop: Page, phone: Page, devices: Devices, riverside: Riverside
) -> None:
    await WebBooking(desk).take_offline("1 practitioner is logged in now.")

    # Open diaries are led to the closed door by themselves; strangers find it.
    await Diary(desktop).says(CLOSED)
    await Diary(phone).says(CLOSED)
    stranger = await devices.open("tablet", "/login")
    await LogIn(stranger).says(CLOSED)
    await LogIn(stranger).says("+44 161 496 0000")
    assert (await stranger.reload()).status == 503

    # The administrator gets in all the same, by the door that the page names.
    await stranger.get_by_role("link", name="Administrators and front desk log in here").click()
    await LogIn(stranger).with_password(riverside.sam.email, PASSWORD)
    await Diary(stranger).shows(f"/diary/day/{riverside.today}")

    await WebBooking(desk).put_online()
    await desktop.goto("/")
    await Diary(desktop).shows(f"/diary/day/{riverside.today}")
    await phone.goto("/")
    await Diary(phone).shows("/m/today")


async def test_going_offline_can_log_everybody_out(desk: Page, desktop: Page, phone: Page) -> None:
    await WebBooking(desk).take_offline("1 practitioner is logged in now.", log_everybody_out=True)
    await WebBooking(desk).put_online()
    await desktop.goto("/")
    await LogIn(desktop).shows("/login")
    await phone.goto("/")
    await LogIn(phone).shows("/m")
    await expect(WebBooking(desk).status()).to_contain_text("online")
