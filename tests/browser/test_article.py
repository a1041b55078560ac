"""The article, sentence by sentence, on real parts: a mail server, Vonage's endpoint, a desktop and a phone."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.journey import SAM, mail_with_password, password_in, pin_in, setup_link
from tests.browser.pages import Account, Diary, LogIn, SetUp, UserRecord, WebBooking
from tests.support.browser import Devices
from tests.support.server import Server
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


@pytest.mark.smoke
async def test_a_clinic_gets_its_practitioner_online_as_the_article_says(
    live_server: Server, devices: Devices, smtp_server: SmtpServer, vonage: Vonage
) -> None:
    # On a fresh machine the set-up link leads to the clinic and its administrator, who then logs in.
    desk = await devices.open("desktop", setup_link(live_server))
    await SetUp(desk).fill(clinic="Riverside Physio", administrator="Sam Reyes", **SAM)
    await LogIn(desk).with_password(**SAM)

    # "click on Admin and then go to Web Booking" … "click on the grey play button"
    web_booking = WebBooking(desk)
    await web_booking.open()
    await expect(web_booking.status()).to_contain_text("offline")
    await web_booking.put_online()

    # "click on the Settings tab" … "type in the web address" … "checking that it loads"
    await web_booking.open_settings()
    await desk.get_by_label("URL for Daybook Online").fill(live_server.url)
    await web_booking.press("Save")
    await web_booking.says("The settings are saved.")
    await web_booking.press("Check that it loads")
    await web_booking.says("The address loads, and it is this installation")

    # "Go to Admin > Users and create a New User" … "tick the 'Enabled for Online' checkbox" … "Create"
    record = UserRecord(desk)
    await record.open_new("Clara Lund")
    wizard = await record.create()

    # "click the checkboxes for Create Online Login and Create Mobile Login"
    for login in ("Online", "Mobile"):
        await expect(wizard.box(login)).not_to_be_checked()
    await wizard.choose("Online", "Mobile")
    await wizard.give_email("clara.lund@riverside.example")
    await wizard.give_mobile("07911 123413")
    await wizard.says("+44 7911 123413")
    await wizard.create_logins()

    # "an email … that will contain a randomly generated password" … "a text message … that will contain a PIN"
    await expect(wizard.delivery("Online")).to_contain_text("accepted by the mail server")
    await expect(wizard.delivery("Mobile")).to_contain_text("accepted by the carrier")
    mail = await mail_with_password(smtp_server)
    [text] = await vonage.received()
    assert (mail.recipients, mail.encrypted) == (("clara.lund@riverside.example",), True)
    assert (mail.login, text.to) == ("daybook", "447911123413")

    # "type your email and password into the Log In form" … "You will be taken to your online Diary"
    desktop = await devices.open("desktop", "/")
    await LogIn(desktop).shows("/login")
    await LogIn(desktop).with_password("clara.lund@riverside.example", password_in(mail))
    await Diary(desktop).shows(r"/diary/day/\d{4}-\d\d-\d\d")
    await expect(desktop.get_by_role("heading", name="Clara Lund")).to_be_visible()

    # "the ability to change your password to something that is easier to remember"
    await desktop.get_by_role("link", name="Change password").click()
    await Account(desktop).choose_password("lantern gravel piano")
    await Account(desktop).says("Your password is changed.")

    # "Login using your mobile phone number and the PIN that was sent to your phone via SMS."
    phone = await devices.open("phone", "/")
    await LogIn(phone).shows("/m")
    await LogIn(phone).with_pin("07911 123413", pin_in(text))
    await LogIn(phone).shows("/m/today")
    await expect(Diary(phone).heading()).to_contain_text("Today")

    # "The wizard will now complete and you can click on Done."
    await expect(wizard.delivery("Online")).to_contain_text("logged in")
    await expect(wizard.delivery("Mobile")).to_contain_text(re.compile("logged in .*iPhone"))
    await wizard.press("Done")
    await wizard.says("Online access is set up.")

    # The password of one's own is the one that counts from now on.
    tablet = await devices.open("tablet", "/login")
    await LogIn(tablet).with_password("clara.lund@riverside.example", "lantern gravel piano")
    await Diary(tablet).shows(r"/diary/day/\d{4}-\d\d-\d\d")
    another = await devices.open("desktop", "/login")
    await LogIn(another).with_password("clara.lund@riverside.example", password_in(mail))
    await LogIn(another).says("That didn't work.")
