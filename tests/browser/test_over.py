"""The log-in over a page whose session is over: a second step is taken there too, and a passkey does as at the door."""

from __future__ import annotations

from playwright.async_api import Locator, Page, expect

from app.accounts.factors.authenticators import (
    begin_authenticator,
    begun_authenticator,
    confirm_authenticator,
)
from app.db import rows
from tests.accounts.factors.steps import WRONG_CODE, code_of
from tests.browser.conftest import Riverside, vouch_for_phones
from tests.browser.pages import LogIn, Screen
from tests.browser.test_passkeys import with_authenticator
from tests.browser.test_sessions import at_the_diary, leave_idle
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN, Person, the_clinic


async def give_app(person: Person) -> str:
    """An authenticator app; its key."""
    await begin_authenticator(person.viewer)
    begun = await begun_authenticator(person.viewer, await the_clinic())
    assert begun
    assert await confirm_authenticator(person.viewer, code_of(begun.secret, -30))
    return begun.secret


async def add_passkey(page: Page) -> None:
    await page.goto("/account/passkeys")
    await Screen(page).press("Add a passkey")
    await Screen(page).says("The passkey is added")


async def too_late(page: Page) -> Locator:
    """The dialog over the form of a new patient, which was sent when its session was over."""
    await page.goto("/patients/new")
    await page.get_by_label("Name", exact=True).fill("Zara Khan")
    await leave_idle(60)
    await Screen(page).press("Add patient")
    return page.get_by_role("dialog", name="Please log in again")


async def give_password(over: Locator, person: Person) -> None:
    await over.get_by_label("E-mail").fill(person.email)
    await over.get_by_label("Password", exact=True).fill(PASSWORD)
    await press(over, "Log in")


async def press(over: Locator, name: str) -> None:
    await over.get_by_role("button", name=name, exact=True).click()


async def send_what_was_typed(page: Page, over: Locator) -> None:
    """The dialog is gone, and the form beneath is as it was."""
    await expect(over).to_have_count(0)
    await Screen(page).press("Add patient")
    await expect(Screen(page).heading()).to_have_text("Zara Khan")
    assert len(await rows("SELECT id FROM patient")) == 2


async def test_a_code_is_asked_for_after_the_password(devices: Devices, riverside: Riverside) -> None:
    page = await at_the_diary(devices, riverside)
    key = await give_app(riverside.anna)
    over = await too_late(page)
    await give_password(over, riverside.anna)
    await over.get_by_label("Code").fill(WRONG_CODE)
    await press(over, "Log in")
    await expect(over).to_contain_text("That didn't work.")
    await over.get_by_label("Code").fill(code_of(key))
    await press(over, "Log in")
    await send_what_was_typed(page, over)


async def test_a_passkey_is_the_second_step_or_enough_alone(devices: Devices, riverside: Riverside) -> None:
    page = await at_the_diary(devices, riverside)
    await with_authenticator(page)
    await add_passkey(page)

    over = await too_late(page)
    await give_password(over, riverside.anna)
    await press(over, "Use a passkey")
    await expect(over).to_have_count(0)

    over = await too_late(page)
    await press(over, "Log in with a passkey")
    await send_what_was_typed(page, over)


async def test_a_passkey_that_is_refused_leaves_the_other_ways(
    devices: Devices, riverside: Riverside
) -> None:
    page = await at_the_diary(devices, riverside)
    await with_authenticator(page)
    await add_passkey(page)
    over = await too_late(page)
    await rows("DELETE FROM passkey RETURNING id")
    await press(over, "Log in with a passkey")
    await expect(over.get_by_role("alert").filter(visible=True)).to_be_visible()
    await expect(over.get_by_role("button", name="Log in with a passkey")).to_be_visible()
    await give_password(over, riverside.anna)
    await send_what_was_typed(page, over)


async def test_a_phone_that_lay_idle_opens_by_its_finger(devices: Devices, riverside: Riverside) -> None:
    await vouch_for_phones()
    phone = await devices.open("phone", "/m")
    await with_authenticator(phone)
    await LogIn(phone).with_pin(riverside.anna.mobile, PIN)
    await LogIn(phone).shows("/m/today")
    await add_passkey(phone)
    await phone.clock.install()
    await phone.goto("/account")
    await phone.get_by_label("Current PIN").fill(PIN)
    await leave_idle(15)
    await phone.clock.fast_forward("15:00")
    over = phone.get_by_role("dialog", name="Locked")
    await press(over, "Use a passkey")
    await expect(over).to_have_count(0)
    await expect(phone.get_by_label("Current PIN")).to_have_value(PIN)
