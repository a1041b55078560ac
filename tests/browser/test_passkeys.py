"""Passkeys in a real browser with a virtual authenticator: used on a desktop, and offered on a new phone."""

from __future__ import annotations

from playwright.async_api import Page, expect

from app.db import rows
from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn, Screen
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN, give_pin


async def with_authenticator(page: Page) -> None:
    """Give the device one of its own, whose owner is always there and always recognised."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    await cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


async def log_out(page: Page) -> None:
    await page.get_by_role("button", name="Log out", exact=True).click()


async def test_a_passkey_is_added_on_a_desktop_and_opens_it_alone_or_after_the_password(
    devices: Devices, riverside: Riverside
) -> None:
    desktop = await devices.open("desktop", "/login?next=/account")
    await with_authenticator(desktop)
    await LogIn(desktop).with_password(riverside.anna.email, PASSWORD)
    await desktop.get_by_role("link", name="Set up… Passkeys").click()
    await Screen(desktop).press("Add a passkey")
    await Screen(desktop).says("The passkey is added")
    await expect(desktop.get_by_role("link", name="Change… Chrome, Linux")).to_be_visible()

    # What the device has already it makes no second time.
    await Screen(desktop).press("Add a passkey")
    await Screen(desktop).says("This device has a passkey for you already.")

    await log_out(desktop)
    await LogIn(desktop).shows("/login")
    await Screen(desktop).press("Log in with a passkey")
    await Diary(desktop).shows(f"/diary/day/{riverside.today}")

    await log_out(desktop)
    await LogIn(desktop).with_password(riverside.anna.email, PASSWORD)
    await LogIn(desktop).shows("/login/factor")
    await Screen(desktop).press("Use a passkey")
    await Diary(desktop).shows(f"/diary/day/{riverside.today}")
    assert (await rows("SELECT rp_id, kind, flagged_at FROM passkey")) == [
        {"rp_id": "localhost", "kind": "desktop", "flagged_at": None}
    ]


async def test_a_new_phone_is_asked_for_face_or_finger_and_then_opens_by_it(
    devices: Devices, riverside: Riverside
) -> None:
    await give_pin(riverside.anna, temporary=True)
    phone = await devices.open("phone", "/m")
    await with_authenticator(phone)
    await LogIn(phone).with_pin(riverside.anna.mobile, PIN)
    await LogIn(phone).shows("/m/today")
    await Screen(phone).says("Face ID or fingerprint next time?")
    await Screen(phone).press("Use it next time")
    await Screen(phone).says("The passkey is added")
    await expect(phone.get_by_text("Face ID or fingerprint next time?")).not_to_be_attached()

    await phone.get_by_role("button", name="Log out", exact=True).click()
    await LogIn(phone).shows("/m")
    await Screen(phone).press("Face ID or fingerprint")
    await LogIn(phone).shows("/m/today")
