"""The same way without JavaScript: every link has its address, every form its button."""

from __future__ import annotations

from datetime import timedelta

from playwright.async_api import expect

from tests.browser.conftest import Riverside
from tests.browser.journey import (
    give_both_logins,
    mail_with_password,
    password_in,
    pin_in,
    set_up,
    setup_link,
)
from tests.browser.pages import Account, Diary, LogIn, UserRecord, WebBooking
from tests.support.browser import Devices
from tests.support.people import PASSWORD
from tests.support.server import Server
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

PLAIN = {"java_script_enabled": False}


async def test_the_whole_way_works_without_scripts(
    live_server: Server, devices: Devices, smtp_server: SmtpServer, vonage: Vonage
) -> None:
    desk = await set_up(devices, setup_link(live_server), **PLAIN)
    await WebBooking(desk).put_online()
    await UserRecord(desk).open_new("Clara Lund")
    wizard = await UserRecord(desk).create()
    await give_both_logins(wizard, "clara.lund@riverside.example", "07911 123413")
    mail, [text] = await mail_with_password(smtp_server), await vonage.received()

    desktop = await devices.open("desktop", "/", **PLAIN)
    await LogIn(desktop).with_password("clara.lund@riverside.example", password_in(mail))
    await desktop.get_by_role("link", name="Change password").click()
    await Account(desktop).choose_password("lantern gravel piano")
    await Account(desktop).says("Your password is changed.")

    phone = await devices.open("phone", "/", **PLAIN)
    await LogIn(phone).with_pin("07911 123413", pin_in(text))
    await LogIn(phone).shows("/m/today")

    await desk.get_by_role("link", name="Look again").click()
    await expect(wizard.delivery("Mobile")).to_contain_text("logged in")
    await wizard.press("Done")
    await wizard.says("Online access is set up.")


async def test_the_diary_and_the_portal_work_without_scripts(devices: Devices, riverside: Riverside) -> None:
    page = await devices.open("desktop", "/login", **PLAIN)
    diary, today = Diary(page), riverside.today
    await LogIn(page).with_password("nobody@riverside.example", "a wrong one")
    await LogIn(page).says("That didn't work.")
    await LogIn(page).with_password(riverside.sam.email, PASSWORD)
    await diary.shows(f"/diary/day/{today}")
    await diary.turn_to("Next day")
    await diary.shows(f"/diary/day/{today + timedelta(days=1)}")
    await diary.go_to(today)
    await diary.appointment("Amelia Hart").click()
    await expect(diary.heading()).to_contain_text("Amelia Hart")
    await diary.says("Bring the scan.")
    await page.get_by_role("link", name="Back to the diary").click()
    await diary.shows(f"/diary/day/{today}")

    web_booking = WebBooking(page)
    await web_booking.open()
    await page.get_by_role("link", name="Take offline…").click()
    await web_booking.press("Take offline")
    await expect(web_booking.status()).to_contain_text("offline")
    await page.get_by_role("navigation", name="Main").get_by_role("button", name="Log out").click()
    await LogIn(page).shows("/admin/login")
