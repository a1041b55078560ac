"""The Online User Wizard and the records around it: bad input, a second tab, a double click, a replayed form."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from app.db import rows
from tests.browser.conftest import Riverside
from tests.browser.pages import LogIn, UserRecord, Wizard
from tests.support.browser import Devices
from tests.support.people import PASSWORD
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

CLARA, CLARAS_MOBILE = "clara.lund@riverside.example", "07911 123413"


@pytest.fixture
async def desk(devices: Devices, riverside: Riverside) -> Page:
    """Sam's desktop, at the users."""
    page = await devices.open("desktop", "/admin/login?next=/admin/users")
    await LogIn(page).with_password(riverside.sam.email, PASSWORD)
    await LogIn(page).shows("/admin/users")
    return page


@pytest.fixture
async def wizard(desk: Page) -> Wizard:
    """The wizard for Clara Lund, a new practitioner, at its first step."""
    record = UserRecord(desk)
    await record.open_new("Clara Lund")
    return await record.create()


async def test_every_fault_of_a_record_is_told_at_once_and_nothing_typed_is_lost(
    desk: Page, riverside: Riverside
) -> None:
    record, field = UserRecord(desk), desk.get_by_label
    await record.open_new("Clara Lund " * 20)
    await field("E-mail").fill("clara")
    await field("Mobile number").fill("07911")
    await record.press("Create")
    for name in ("Name", "E-mail", "Mobile number"):
        await expect(field(name, exact=True)).to_have_attribute("aria-invalid", "true")
    await expect(field("Name", exact=True)).to_be_focused()
    await expect(field("E-mail")).to_have_value("clara")
    await expect(field("Mobile number")).to_have_value("07911")

    await field("Name", exact=True).fill("Clara Lund")
    await field("E-mail").fill(riverside.ben.email)
    await field("Mobile number").fill(CLARAS_MOBILE)
    await record.press("Create")
    await record.says("Another current user has this e-mail address.")
    await expect(field("Mobile number")).to_have_value(CLARAS_MOBILE)


async def test_a_wrong_or_used_address_keeps_the_wizard_at_its_step(
    wizard: Wizard, riverside: Riverside
) -> None:
    await wizard.choose()
    await wizard.says("Tick at least one of the two logins.")
    await wizard.choose("Online", "Mobile")
    await wizard.give_email(riverside.ben.email)
    await wizard.says("Another current user has this e-mail address.")
    await expect(wizard.page.get_by_label("E-mail")).to_have_value(riverside.ben.email)
    await wizard.give_email(CLARA)
    await wizard.give_mobile("0161 496 0001")
    await expect(wizard.page.get_by_label("Mobile number")).to_have_attribute("aria-invalid", "true")
    await expect(wizard.page.get_by_label("Mobile number")).to_have_value("0161 496 0001")
    await wizard.give_mobile(CLARAS_MOBILE)
    await wizard.stands_at("check")


async def test_reload_and_back_find_the_wizard_as_it_was_left(wizard: Wizard) -> None:
    page = wizard.page
    await wizard.choose("Online", "Mobile")
    await wizard.give_email(CLARA)
    await wizard.stands_at("mobile")
    await page.reload()
    await wizard.stands_at("mobile")
    await page.go_back()
    await wizard.stands_at("email")
    await expect(page.get_by_label("E-mail")).to_have_value(CLARA)
    await page.get_by_role("link", name="Logins").click()
    await wizard.stands_at("logins")
    await expect(wizard.box("Mobile")).to_be_checked()
    await wizard.box("Mobile").uncheck()
    await wizard.press("Next")
    await wizard.give_email(CLARA)
    await wizard.create_logins()
    await expect(wizard.delivery("Mobile")).to_have_count(0)


async def test_a_second_tab_is_told_that_the_wizard_went_on(
    wizard: Wizard, smtp_server: SmtpServer, vonage: Vonage
) -> None:
    second = Wizard(await wizard.page.context.new_page())
    await second.page.goto(wizard.page.url)
    await wizard.choose("Online", "Mobile")
    await wizard.give_email(CLARA)
    await wizard.stands_at("mobile")

    await second.choose("Online")
    await second.says("This wizard was continued in another tab or by somebody else.")
    await expect(second.box("Online")).to_be_checked()
    await second.choose("Online", "Mobile")
    await second.give_email(CLARA)
    await second.give_mobile(CLARAS_MOBILE)
    await second.create_logins()

    await wizard.page.get_by_label("Mobile number").fill("07911 123499")
    await wizard.press("Next")
    await wizard.stands_at("delivery")
    await wizard.says("The logins have been created already.")
    assert [text.to for text in await vonage.received()] == ["447911123413"]


async def test_a_double_click_and_a_replayed_form_create_nothing_twice(
    wizard: Wizard, smtp_server: SmtpServer, vonage: Vonage
) -> None:
    page = wizard.page
    await wizard.choose("Online", "Mobile")
    await wizard.give_email(CLARA)
    await wizard.give_mobile(CLARAS_MOBILE)
    await wizard.stands_at("check")
    replayed = await page.locator("#wizard form").evaluate(
        "form => ({url: form.action, body: new URLSearchParams(new FormData(form)).toString()})"
    )
    await page.get_by_role("button", name="Create logins").dblclick()
    await wizard.stands_at("delivery")
    answer = await page.request.post(
        replayed["url"],
        data=replayed["body"],
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.url.endswith("/wizard/delivery")
    await expect(wizard.delivery("Mobile")).to_contain_text("accepted by the carrier")
    await smtp_server.received()
    sent = await rows("SELECT purpose FROM message WHERE purpose <> 'new_device' ORDER BY id")
    assert [row["purpose"] for row in sent] == ["online_login", "mobile_login"]


async def test_a_user_who_has_both_logins_is_offered_no_wizard(desk: Page, riverside: Riverside) -> None:
    record = UserRecord(desk)
    await record.find("Anna Marsh")
    await expect(desk.get_by_role("button", name="Create")).to_have_count(0)
    await expect(desk.get_by_role("link", name="Reissue…")).to_have_count(2)
    await expect(desk.get_by_label("Mobile number")).not_to_be_editable()
    await desk.get_by_role("link", name="Reissue…").first.click()
    await record.press("Reissue password")
    await expect(record.heading()).to_have_text(re.compile("Anna Marsh"))
