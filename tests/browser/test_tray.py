"""The whole way without an account anywhere: what would be sent lands in the message tray."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.async_api import expect

from tests.browser.journey import found, give_both_logins, set_up, setup_link
from tests.browser.pages import Diary, LogIn, Tray, UserRecord, WebBooking
from tests.support.browser import Devices
from tests.support.server import Server

NOBODY = {"SMTP_URL": "", "VONAGE_APPLICATION_ID": "", "VONAGE_PRIVATE_KEY": ""}


@pytest.fixture
def live_server(serve: Callable[..., Server]) -> Server:
    """A newcomer's: neither a mail server nor Vonage."""
    return serve(**NOBODY)


async def test_a_newcomer_walks_the_whole_way_through_the_tray(live_server: Server, devices: Devices) -> None:
    desk = await set_up(devices, setup_link(live_server))
    await WebBooking(desk).put_online()
    record = UserRecord(desk)
    await record.open_new("Clara Lund")
    await record.press("Create")
    await record.says("The user is created.")

    # Another day the user that exists gets her logins.
    await record.find("Clara Lund")
    wizard = await record.create()
    await give_both_logins(wizard, "clara.lund@riverside.example", "07911 123413")

    # The mail's own button leads to the log-in, the password stands above it.
    desktop = await devices.open("desktop", "/tray")
    mail = Tray(desktop).mail("clara.lund@riverside.example")
    password = await mail.locator(".secret").inner_text()
    await mail.get_by_role("link", name="Log in").click()
    await LogIn(desktop).shows("/login")
    await LogIn(desktop).with_password("clara.lund@riverside.example", password)
    await Diary(desktop).shows(r"/diary/day/\d{4}-\d\d-\d\d")

    # So does the link in the text.
    phone = await devices.open("phone", "/tray")
    text = Tray(phone).text("+44 7911 123413")
    pin = found(r"\b(\d{6})\b", await text.inner_text())
    await text.get_by_role("link").click()
    await LogIn(phone).shows("/m")
    await LogIn(phone).with_pin("07911 123413", pin)
    await LogIn(phone).shows("/m/today")

    await expect(wizard.delivery("Mobile")).to_contain_text("logged in")
    await wizard.press("Done")
    await wizard.says("Online access is set up.")
