"""A code by text on a phone whose browser can read our message (WebOTP): it is filled in, and the form is sent."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.browser.conftest import Riverside
from tests.browser.pages import LogIn
from tests.support.browser import Devices
from tests.support.people import PIN
from tests.support.vonage import Vonage

# In place of the phone's own part: the browser is asked, and answers when a message comes.
READS_TEXTS = """
window.OTPCredential ??= class {};
window.asked = [];
if (navigator.credentials) navigator.credentials.get = ({ otp, signal }) => new Promise((answered, refused) => {
  window.asked.push({ transport: otp.transport, signal });
  window.texted = (code) => answered({ code });
  signal.addEventListener("abort", () => refused(signal.reason));
});
"""


async def at_the_code(devices: Devices, riverside: Riverside) -> Page:
    """A second phone of Anna's, which takes a code as well."""
    first = await devices.open("phone", "/m")
    await LogIn(first).with_pin(riverside.anna.mobile, PIN)
    await LogIn(first).shows("/m/today")
    context = await devices.context("phone")
    await context.add_init_script(READS_TEXTS)
    phone = await context.new_page()
    await phone.goto("/m")
    await LogIn(phone).with_pin(riverside.anna.mobile, PIN)
    await LogIn(phone).shows("/m/code")
    return phone


async def texted(vonage: Vonage) -> str:
    """The code that was texted last."""
    [*_, text] = await vonage.received(timeout=30)
    found = re.search(r"code is (\d{6})", text.text)
    assert found
    return found[1]


async def test_what_was_texted_is_filled_in_and_sent(
    devices: Devices, riverside: Riverside, vonage: Vonage
) -> None:
    phone = await at_the_code(devices, riverside)
    assert await phone.evaluate("asked.map(({ transport }) => transport)") == [["sms"]]
    async with phone.expect_request(lambda request: request.method == "POST") as sent:
        await phone.evaluate("code => texted(code)", code := await texted(vonage))
    assert f"code={code}" in ((await sent.value).post_data or "")
    await LogIn(phone).shows("/m/today")


async def test_what_is_typed_meanwhile_comes_first_and_a_wrong_code_is_asked_for_anew(
    devices: Devices, riverside: Riverside, vonage: Vonage
) -> None:
    phone = await at_the_code(devices, riverside)
    field = phone.get_by_label("Code")
    await field.fill("000000")
    await LogIn(phone).press("Log in")
    await LogIn(phone).says("That code doesn't work.")
    await expect(field).to_have_value("000000")
    assert await phone.evaluate("asked.map(({ signal }) => signal.aborted)") == [True, False]
    await phone.evaluate("code => texted(code)", await texted(vonage))
    await LogIn(phone).shows("/m/today")
