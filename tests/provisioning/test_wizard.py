"""The Online User Wizard, step by step: nothing exists before its fourth step, and everything after it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.tables import User
from app.db import rows
from app.portal.status import close_portal
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.client import Answer, Client
from tests.support.people import Person, give_password, log_in, log_in_by_pin, logged_in, the_clinic


def heading(page: Answer) -> str:
    return page["#wizard h2"].text


async def nothing_exists() -> bool:
    return not await rows("SELECT id FROM credential") and not await rows("SELECT id FROM message")


async def test_it_begins_with_both_boxes_unticked(wizard: Wizard) -> None:
    page = await wizard.open()
    assert page.response.url.path == wizard.url("logins")
    boxes = {box.get("name"): box.has("checked") for box in page.all("input[type=checkbox]")}
    assert boxes == {"online_login": False, "mobile_login": False}
    assert "Create Online Login" in page.text
    assert "Create Mobile Login" in page.text
    assert await rows("SELECT id FROM online_user_wizard") == [], "looking begins nothing"


async def test_the_whole_way(wizard: Wizard) -> None:
    page = await wizard.open()
    page = await (await page.submit(online_login="true", mobile_login="true")).follow()
    assert heading(page) == "Online login: the e-mail address"
    assert page["[name=email]"].get("value") == EMAIL
    page = await (await page.submit()).follow()
    assert heading(page) == "Mobile login: the mobile number"
    page = await (await page.submit()).follow()
    assert heading(page) == "Is this right?"
    assert f"{EMAIL} gets an e-mail with a password" in page.text
    assert "+44 7911 123456 gets a text message with a PIN" in page.text
    assert await nothing_exists()
    page = await (await page.submit()).follow()
    assert heading(page) == "Clara Lund’s logins are created"
    page = await (await page.submit("form[action=" + wizard.url("done") + "]")).follow()
    assert "Online access is set up." in page.text
    assert page.response.url.path == f"/admin/users/{wizard.user}"


async def test_the_secrets_in_the_messages_open_the_doors(
    wizard: Wizard, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    await wizard.create()
    mail, text = await deliver()
    assert (mail.recipient, text.recipient) == (EMAIL, MOBILE)
    assert (len(mail.secret), len(text.secret), text.secret.isdecimal()) == (23, 6, True)
    assert (await log_in(new_client(), EMAIL, mail.secret)).location == "/diary"
    assert (await log_in_by_pin(new_client(), MOBILE, text.secret)).location == "/m/today"


@pytest.mark.parametrize(
    ("online", "mobile", "steps", "logins"),
    [
        (True, False, ["Logins", "E-mail", "Check", "Delivery"], {"password"}),
        (False, True, ["Logins", "Mobile", "Check", "Delivery"], {"pin"}),
    ],
)
async def test_a_login_that_is_not_wanted_is_left_out(
    wizard: Wizard, online: bool, mobile: bool, steps: list[str], logins: set[str]
) -> None:
    page = await wizard.create(online=online, mobile=mobile)
    assert [step.text.lstrip("1234 ") for step in page.all(".stepper li")] == steps
    assert {row["kind"] for row in await rows("SELECT kind FROM credential")} == logins


async def test_without_a_box_ticked_it_goes_no_further(wizard: Wizard) -> None:
    answer = await (await wizard.open()).submit()
    assert (answer.status, "Tick at least one of the two logins." in answer.text) == (422, True)
    assert await rows("SELECT id FROM online_user_wizard") == []


@pytest.mark.parametrize(
    ("step", "field", "typed", "fault"),
    [
        ("email", "email", "clara.lund@", "This isn't an e-mail address. It looks like name@example.com."),
        ("email", "email", "", "Please fill this in."),
        (
            "mobile",
            "mobile",
            "07911 12345",
            "There is no such number. Check the digits, and the country code if it is abroad.",
        ),
        ("mobile", "mobile", "0161 496 0001", "This isn't a mobile number, so it can't receive texts."),
        ("mobile", "mobile", "", "Please fill this in."),
    ],
)
async def test_a_bad_address_is_told_beside_its_field_and_kept(
    wizard: Wizard, step: str, field: str, typed: str, fault: str
) -> None:
    page = await (await wizard.open()).submit(
        **{"online_login" if step == "email" else "mobile_login": "true"}
    )
    answer = await (await page.follow()).submit(**{field: typed})
    assert (answer.status, answer[f"#field-{field}-error"].text) == (422, fault)
    assert answer[f"[name={field}]"].get("value") == typed


@pytest.mark.parametrize(("step", "field"), [("email", "email"), ("mobile", "mobile")])
async def test_an_address_of_another_user_is_told_at_its_step(
    wizard: Wizard, sam: Person, step: str, field: str
) -> None:
    await User.update({User.mobile: "+447911777777"}).where(User.id == sam.id)
    page = await (await wizard.open()).submit(
        **{"online_login" if step == "email" else "mobile_login": "true"}
    )
    typed = {"email": sam.email.upper(), "mobile": "07911 777777"}[field]
    answer = await (await page.follow()).submit(**{field: typed})
    assert answer.status == 409
    assert "Another current user has this" in answer[f"#field-{field}-error"].text


async def test_the_address_that_was_confirmed_becomes_the_user_s(wizard: Wizard, deliver: Deliver) -> None:
    page = await (await (await wizard.open()).submit(online_login="true")).follow()
    page = await (await page.submit(email="Clara@New.example")).follow()
    [before] = await rows("SELECT email FROM staff_user WHERE id = {}", wizard.user)
    assert before["email"] == EMAIL, "not before Create logins"
    await page.submit()
    [after] = await rows("SELECT email, search FROM staff_user WHERE id = {}", wizard.user)
    assert after["email"] == "clara@new.example"
    assert "clara@new.example" in after["search"]
    [mail] = await deliver()
    assert mail.recipient == "clara@new.example"


async def test_a_step_that_was_not_reached_leads_back_to_where_it_stands(wizard: Wizard) -> None:
    for step in ("email", "mobile", "check", "delivery"):
        assert (await wizard.open(step)).response.url.path == wizard.url("logins")
    await (await wizard.open()).submit(mobile_login="true")
    for step in ("email", "check", "delivery", ""):
        assert (await wizard.open(step)).response.url.path == wizard.url("mobile")


async def test_going_back_keeps_what_was_entered(wizard: Wizard) -> None:
    page = await wizard.to_check()
    page = await wizard.open("email")
    assert page["[name=email]"].get("value") == EMAIL
    page = await wizard.open("logins")
    assert page["[name=online_login]"].has("checked")
    page = await (await page.submit(online_login=None)).follow()
    assert page.response.url.path == wizard.url("mobile")


async def test_it_is_found_again_after_a_reload_and_in_another_browser(
    wizard: Wizard, sam: Person, new_client: Callable[..., Client]
) -> None:
    await wizard.to_check()
    assert (await wizard.open()).response.url.path == wizard.url("check")
    other = Wizard(await logged_in(new_client(), sam), wizard.user)
    assert (await other.open()).response.url.path == wizard.url("check")


async def test_once_the_logins_exist_there_is_no_way_back_behind_them(wizard: Wizard) -> None:
    await wizard.create()
    for step in ("logins", "email", "mobile", "check", ""):
        assert (await wizard.open(step)).response.url.path == wizard.url("delivery")


async def test_an_existing_login_is_not_created_again(wizard: Wizard, clara: Person) -> None:
    await give_password(clara)
    page = await wizard.open()
    assert page["[name=online_login]"].has("disabled")
    assert "Exists already" in page.text
    forced = await wizard.admin.submit(wizard.url("logins"), {"online_login": "true"})
    assert (forced.status, "This login exists already." in forced.text) == (409, True)
    await wizard.create(online=False)
    assert len(await rows("SELECT id FROM credential")) == 2


async def test_whoever_is_not_enabled_gets_no_logins_and_the_reason_is_told(wizard: Wizard) -> None:
    await User.update({User.enabled_for_online: False}).where(User.id == wizard.user)
    for answer in (
        await wizard.admin.page(wizard.url("logins")),
        await wizard.admin.submit(wizard.url("logins"), {"online_login": "true"}),
    ):
        assert answer.status == 409
        assert "Tick Enabled for Online on the user's record first." in answer.text


async def test_whoever_has_left_gets_no_logins(wizard: Wizard) -> None:
    await User.update({User.current: False}).where(User.id == wizard.user)
    answer = await wizard.admin.page(wizard.url("logins"))
    assert (answer.status, "This person no longer works here." in answer.text) == (409, True)


async def test_offline_the_messages_wait_and_the_page_says_so(wizard: Wizard) -> None:
    await close_portal(by=None)
    page = await wizard.to_check()
    assert "The portal is offline: the messages wait and are sent when it is online." in page.text
    page = await (await page.submit()).follow()
    assert page.text.count("It will be sent when the portal is online.") == 2
    assert {row["state"] for row in await rows("SELECT state FROM message")} == {"queued"}


async def test_done_may_be_pressed_twice(wizard: Wizard) -> None:
    page = await wizard.create()
    answers = [await page.submit("form[action=" + wizard.url("done") + "]") for _ in range(2)]
    assert [(answer.status, answer.location) for answer in answers] == [
        (303, f"/admin/users/{wizard.user}")
    ] * 2


async def test_done_before_the_logins_exist_is_refused(wizard: Wizard) -> None:
    await wizard.to_check()
    answer = await wizard.admin.submit(wizard.url("done"), {})
    assert (answer.status, "The logins aren't created yet." in answer.text) == (409, True)


async def test_after_done_the_record_shows_the_logins_and_a_new_wizard_the_one_that_is_missing(
    wizard: Wizard,
) -> None:
    page = await wizard.create(mobile=False)
    record = await (await page.submit("form[action=" + wizard.url("done") + "]")).follow()
    assert "not used yet" in record.text
    page = await wizard.open()
    assert page["[name=online_login]"].has("disabled")
    assert not page["[name=mobile_login]"].has("disabled")


async def test_the_password_and_pin_s_days_are_said(wizard: Wizard) -> None:
    page = await wizard.create()
    days = (await the_clinic()).temporary_secret_days
    assert f"The password and PIN wait {days} days for the first log-in." in page.text
