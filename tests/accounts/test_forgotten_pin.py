"""A forgotten PIN: a link by e-mail with a code by text, a desktop, or else the administrators."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from app.accounts.phones.codes import A_NUMBER_AN_HOUR
from app.db import rows
from app.messages.crypto import unseal
from app.settings import Settings
from tests.accounts.test_failed_logins import without_what_was_typed
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import (
    MOBILE,
    PASSWORD,
    PIN,
    Person,
    a_practitioner,
    give_pin,
    log_in_by_pin,
    logged_in,
)

NEW = "483067"
NOT_THE_CODE = "That isn't the code, or its time is over. Try again, or have another one sent."


async def ask(client: Client, mobile: str) -> Answer:
    return await (await client.page("/m/forgotten")).submit(mobile=mobile)


async def contexts(settings: Settings, purpose: str) -> list[dict[str, Any]]:
    """What the messages of that purpose say, oldest first."""
    found = await rows("SELECT * FROM message WHERE purpose = {} ORDER BY id", purpose)
    return [
        unseal(row["payload"], row["payload_key"], row["reference"], row["channel"], settings.message_keys)
        for row in found
    ]


async def code_texted(settings: Settings) -> str:
    return str((await contexts(settings, "phone_code"))[-1]["code"])


@pytest.fixture
async def link(anna: Person, client: Client, settings: Settings) -> str:
    """Anna's, just asked for."""
    await ask(client, "07911 123456")
    [context] = await contexts(settings, "forgotten_pin")
    return str(context["path"])


async def with_code(client: Client, link: str) -> Answer:
    """The page on which the code is typed that has just been texted."""
    return await (await (await client.page(link)).submit("#pin-code")).follow()


async def test_the_way_from_the_phone_s_door_to_a_new_pin_and_back(
    link: str, anna: Person, client: Client, new_client: Callable[..., Client], settings: Settings
) -> None:
    assert (await client.page("/m"))["a[href=/m/forgotten]"].text == "Forgot your PIN?"
    phone = await logged_in(new_client(), anna, phone=True)
    page = await with_code(client, link)
    chosen = await page.submit("#pin-by-link", code=await code_texted(settings), new=NEW)
    assert (chosen.status, chosen.location) == (303, "/m")
    assert "Your new PIN is stored. Log in with it." in (await chosen.follow()).text
    assert (await phone.page("/m/today")).location.startswith("/m")
    for pin, codes in (
        (PIN, 1),
        (NEW, 2),
    ):  # a phone that isn't bound gets one where number and PIN are right
        await log_in_by_pin(phone, pin=pin)
        assert len(await contexts(settings, "phone_code")) == codes
    assert (await client.page(link)).status == 404
    [told] = await contexts(settings, "credential_changed")
    assert told["changed"] == "pin_chosen"
    assert await rows("SELECT actor FROM audit_entry WHERE action = 'pin.chosen_by_link'") == [
        {"actor": anna.id}
    ]


async def test_opening_the_link_sends_no_text_and_tells_no_other_site(link: str, client: Client) -> None:
    page = await client.page(link)
    assert (page.headers["referrer-policy"], "#pin-by-link" in page) == ("no-referrer", False)
    assert await rows("SELECT id FROM message WHERE channel = 'text'") == []


async def test_the_link_without_the_code_and_the_code_in_another_browser_are_worth_nothing(
    link: str, client: Client, new_client: Callable[..., Client], settings: Settings
) -> None:
    page = await with_code(client, link)
    code = await code_texted(settings)
    wrong = "000000" if code != "000000" else "000001"
    answer = await page.submit("#pin-by-link", code=wrong, new=NEW)
    assert (answer.status, answer["#field-code-error"].text) == (422, NOT_THE_CODE)
    stranger = await new_client().submit(link, {"code": code, "new": NEW})
    assert stranger.status == 422
    weak = await page.submit("#pin-by-link", code=code, new="123456")
    assert "#field-new-error" in weak, "and doesn't use the code up"
    assert (await page.submit("#pin-by-link", code=code, new=NEW)).status == 303


async def test_a_code_is_for_its_own_link(
    link: str, client: Client, settings: Settings, new_client: Callable[..., Client]
) -> None:
    ben = await a_practitioner("Ben Osei", mobile="+447911123457")
    await give_pin(ben)
    await ask(client, ben.mobile)
    bens = str((await contexts(settings, "forgotten_pin"))[-1]["path"])
    await with_code(client, bens)
    answer = await client.submit(link, {"code": await code_texted(settings), "new": NEW})
    assert (answer.status, answer["#field-code-error"].text) == (422, NOT_THE_CODE)


async def test_no_more_texts_leave_than_a_number_bears_and_the_page_says_the_same(
    link: str, client: Client
) -> None:
    page = await client.page(link)
    for _ in range(A_NUMBER_AN_HOUR + 1):
        page = await (await page.submit("#pin-code")).follow()
        assert "A code is on its way to your phone." in page.text
    assert len(await rows("SELECT id FROM message WHERE purpose = 'phone_code'")) == A_NUMBER_AN_HOUR


async def test_without_an_e_mail_address_the_administrators_are_told_and_the_answer_is_the_same(
    anna: Person, sam: Person, new_client: Callable[..., Client], settings: Settings
) -> None:
    mona = await a_practitioner("Mona Reed", email="", mobile="+447911123459")
    await give_pin(mona)
    typed = [MOBILE, mona.mobile, "07911 999999", "hello"]
    answers = await asyncio.gather(*(ask(new_client(), number) for number in typed))
    assert len({(answer.status, without_what_was_typed(answer)) for answer in answers}) == 1
    [letter] = await contexts(settings, "pin_to_reissue")
    assert letter == {"name": "Sam Reyes", "whose": "Mona Reed", "path": f"/admin/users/{mona.id}"}
    assert len(await contexts(settings, "forgotten_pin")) == 1


async def test_on_one_s_own_desktop_the_password_stands_for_it(
    anna: Person, client: Client, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await logged_in(client, anna)
    phone = await logged_in(new_client(), anna, phone=True)
    account = await client.page("/account")
    page = await client.page(account["a[href=/account/new-pin]"].get("href"))
    assert "[name=password]" not in page, "it has just been given"
    frozen.tick(minutes=10)
    asked = await page.submit("#desktop-pin", new=NEW)
    assert asked["#field-password-error"].text == "Please type your own password to confirm this."
    wrong = await asked.submit("#desktop-pin", new=NEW, password="a guess")
    assert wrong["#field-password-error"].text == "This isn't your password."
    assert (await wrong.submit("#desktop-pin", new=NEW, password=PASSWORD)).location == "/account"
    assert (await phone.page("/m/today")).location.startswith("/m")
    assert (await log_in_by_pin(phone, pin=PIN)).status == 422
    assert (await log_in_by_pin(phone, pin=NEW)).location == "/m/today", "it is still bound"
    assert await rows("SELECT actor FROM audit_entry WHERE action = 'pin.chosen_by_password'") == [
        {"actor": anna.id}
    ]


async def test_a_phone_and_whoever_has_no_pin_find_no_such_page(
    anna: Person, sam: Person, new_client: Callable[..., Client]
) -> None:
    for browser in (await logged_in(new_client(), anna, phone=True), await logged_in(new_client(), sam)):
        assert (await browser.page("/account/new-pin")).status == 404
