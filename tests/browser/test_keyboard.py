"""By keyboard alone; and what the fields tell phones' keyboards and password managers."""

from __future__ import annotations

from playwright.async_api import Locator, expect

from tests.browser.conftest import Riverside
from tests.browser.pages import LogIn, Wizard
from tests.support.browser import Devices
from tests.support.people import PASSWORD

FOCUS_IS_SEEN = """() => {
  const seen = (element) => {
    const {outlineStyle, outlineWidth} = getComputedStyle(element);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  const focused = document.activeElement;
  const box = focused.getBoundingClientRect();
  const around = focused.closest(".choice-card");
  return box.width > 0 && (seen(focused) || (around !== null && seen(around)));
}"""


async def test_somebody_without_a_mouse_logs_in_and_gives_logins(
    devices: Devices, riverside: Riverside
) -> None:
    page = await devices.open("desktop", "/admin/login?next=/admin/users/new")
    field, key = page.get_by_label, page.keyboard
    await tab_to(field("E-mail"))
    await key.type(riverside.sam.email)
    await key.press("Tab")
    await key.type(PASSWORD)
    await key.press("Enter")
    await LogIn(page).shows("/admin/users/new")

    await tab_to(field("Name", exact=True))
    await key.type("Clara Lund")
    await tab_to(field("Enabled for Online"))
    await key.press("Space")
    await tab_to(page.get_by_role("button", name="Create"))
    await key.press("Enter")

    wizard = Wizard(page)
    await wizard.stands_at("logins")
    for login in ("Online", "Mobile"):
        await tab_to(wizard.box(login))
        await key.press("Space")
    await tab_to(page.get_by_role("button", name="Next"))
    await key.press("Enter")
    await wizard.stands_at("email")
    await tab_to(field("E-mail"))
    await key.type("clara.lund@riverside.example")
    await key.press("Enter")
    await wizard.stands_at("mobile")
    await tab_to(field("Mobile number"))
    await key.type("07911 123413")
    await key.press("Enter")
    await wizard.stands_at("check")
    await tab_to(page.get_by_role("button", name="Create logins"))
    await key.press("Enter")
    await wizard.stands_at("delivery")


async def test_the_first_tab_offers_to_skip_what_every_page_has(
    devices: Devices, riverside: Riverside
) -> None:
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await LogIn(page).shows(f"/diary/day/{riverside.today}")
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    await expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("main")).to_be_focused()


async def test_fields_bring_up_the_right_keyboard_and_password_managers_know_them(
    devices: Devices, riverside: Riverside
) -> None:
    desktop, phone = await devices.open("desktop", "/login"), await devices.open("phone", "/m")
    expected = {
        desktop.get_by_label("E-mail"): {"type": "email", "autocomplete": "username"},
        desktop.get_by_label("Password", exact=True): {
            "type": "password",
            "autocomplete": "current-password",
        },
        phone.get_by_label("Mobile number"): {"type": "tel", "inputmode": "tel", "autocomplete": "username"},
        phone.get_by_label("PIN", exact=True): {"inputmode": "numeric", "autocomplete": "current-password"},
    }
    for field, attributes in expected.items():
        for name, value in attributes.items():
            await expect(field).to_have_attribute(name, value)


async def tab_to(wanted: Locator) -> None:
    """Press Tab until the focus is there; wherever it rests on the way, one must see it."""
    await expect(wanted).to_be_visible()
    for _ in range(40):
        if await wanted.evaluate("element => element === document.activeElement"):
            return
        await wanted.page.keyboard.press("Tab")
        seen = await wanted.page.evaluate(FOCUS_IS_SEEN)
        assert seen, await wanted.page.evaluate("document.activeElement.outerHTML")
    raise AssertionError(f"Tab never comes to {wanted}")
