"""Stretches of the way that several journeys share."""

from __future__ import annotations

import re
from typing import Any

from playwright.async_api import Page

from tests.browser.pages import LogIn, SetUp, Wizard
from tests.support.browser import Devices
from tests.support.mail import Mail
from tests.support.server import Server
from tests.support.smtp import SmtpServer
from tests.support.vonage import Text

SAM = {"email": "sam@riverside.example", "password": "stapler orchid velvet"}


def setup_link(server: Server) -> str:
    """The link that the empty installation printed."""
    return found(r"(http\S+/setup/\S+)", server.log)


async def set_up(devices: Devices, link: str, kind: str = "desktop", **options: Any) -> Page:
    """From the set-up link to the desk of Sam Reyes, administrator of Riverside Physio, at Web Booking."""
    desk = await devices.open(kind, link, **options)
    await SetUp(desk).fill(clinic="Riverside Physio", administrator="Sam Reyes", **SAM)
    await LogIn(desk).with_password(**SAM)
    await LogIn(desk).shows("/admin/web-booking")
    return desk


async def give_both_logins(wizard: Wizard, email: str, mobile: str) -> None:
    """Through the wizard, from the two checkboxes to the delivery."""
    await wizard.choose("Online", "Mobile")
    await wizard.give_email(email)
    await wizard.give_mobile(mobile)
    await wizard.create_logins()


async def mail_with_password(server: SmtpServer) -> Mail:
    """The newest one, whatever else has been mailed: of new devices, and of the portal's address."""
    count = 1
    while True:
        mails = await server.received(count)
        if found := [mail for mail in mails if "Password:" in mail.text]:
            return found[-1]
        count = len(mails) + 1


def password_in(mail: Mail) -> str:
    """The password, as the mail's reader copies it."""
    return found(r"Password: (\S+)", mail.text)


def pin_in(text: Text) -> str:
    """The PIN, as the text's reader types it."""
    return found(r"\b(\d{6})\b", text.text)


def ticket_in(text: Text) -> str:
    """What stands behind the # of the text's link."""
    return found(r"/m#(\S+)", text.text)


def found(pattern: str, text: str) -> str:
    """What the pattern's group finds in a text that must have it."""
    match = re.search(pattern, text)
    assert match, f"no {pattern} in {text!r}"
    return match[1]
