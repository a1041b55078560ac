"""Production as the Procfile runs it: release, web and worker, and cookies that only secure origins keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from app.keys import new_keys
from tests.browser.journey import (
    give_both_logins,
    mail_with_password,
    password_in,
    pin_in,
    set_up,
    setup_link,
    ticket_in,
)
from tests.browser.pages import Diary, LogIn, UserRecord, WebBooking
from tests.support.browser import Devices
from tests.support.server import Server, ended
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

ADDRESS = "https://diary.riverside.example"


@pytest.fixture
def production(serve: Callable[..., Server]) -> Callable[..., Server]:
    """Runs a command as production does; Chromium takes localhost for a secure origin."""
    environment = {
        **new_keys(),
        "ENVIRONMENT": "",
        "ALLOWED_HOSTS": "localhost",
        "TRUSTED_PROXIES": "none",
        "WORKER_INSIDE": "no",
    }
    return lambda command: serve(command, **environment)


@pytest.fixture
def live_server(production: Callable[..., Server]) -> Iterator[Server]:
    """The three processes of the Procfile."""
    assert ended(production("migrate").process, 60) == 0
    worker = production("worker")
    yield production("serve")
    assert worker.process.is_alive(), worker.log


@pytest.mark.smoke
async def test_production_brings_a_practitioner_online(
    production: Callable[..., Server],
    live_server: Server,
    devices: Devices,
    smtp_server: SmtpServer,
    vonage: Vonage,
) -> None:
    command = production("setup-link")
    assert ended(command.process, 60) == 0
    desk = await set_up(devices, urlsplit(setup_link(command)).path)
    cookies = await desk.context.cookies()
    assert {cookie["name"] for cookie in cookies} >= {"__Host-session", "__Host-csrf"}
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in cookies)

    web_booking = WebBooking(desk)
    await web_booking.put_online()
    await web_booking.open_settings()
    await desk.get_by_label("URL for Daybook Online").fill(ADDRESS)
    await web_booking.press("Save")
    await web_booking.says("The settings are saved.")

    await UserRecord(desk).open_new("Clara Lund")
    wizard = await UserRecord(desk).create()
    await give_both_logins(wizard, "clara.lund@riverside.example", "07911 123413")
    mail, [text] = await mail_with_password(smtp_server), await vonage.received()
    assert ADDRESS in mail.text
    assert ADDRESS.removeprefix("https://") in text.text

    desktop = await devices.open("desktop", "/")
    await LogIn(desktop).with_password("clara.lund@riverside.example", password_in(mail))
    await Diary(desktop).shows(r"/diary/day/\d{4}-\d\d-\d\d")
    phone = await devices.open("phone", f"/m#{ticket_in(text)}")
    await expect(phone.locator("[data-ticket]")).to_have_value(ticket_in(text))
    assert "#" not in phone.url, "the address has forgotten it"
    await LogIn(phone).with_pin("07911 123413", pin_in(text))
    await LogIn(phone).shows("/m/today")
    await expect(wizard.delivery("Mobile")).to_contain_text("logged in")
