"""*Send me a new one*: after the right secret whose days are over, and for its owner alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.accounts.tables import User
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import rows, write
from app.messages.holds import hold
from app.messages.tables import Channel
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import (
    Person,
    an_administrator,
    give_password,
    give_pin,
    log_in,
    log_in_by_pin,
    logged_in,
)

OLD, OLD_PIN = "grove-lemon-473pq", "204957"


@pytest.fixture
async def expired(clara: Person, frozen: FrozenClock) -> Person:
    """Clara, whose temporary password and PIN are eight days old."""
    await give_password(clara, OLD, temporary=True)
    await give_pin(clara, OLD_PIN, temporary=True)
    frozen.tick(days=8)
    return clara


async def told(client: Client, kind: str = "password") -> Answer:
    """What the door says to the right secret."""
    return await (
        log_in(client, EMAIL, OLD) if kind == "password" else log_in_by_pin(client, MOBILE, OLD_PIN)
    )


@pytest.mark.parametrize(("kind", "recipient"), [("password", EMAIL), ("pin", MOBILE)])
async def test_it_brings_another_one_to_where_the_login_s_secrets_go(
    expired: Person,
    client: Client,
    new_client: Callable[..., Client],
    frozen: FrozenClock,
    deliver: Deliver,
    kind: str,
    recipient: str,
) -> None:
    page = await told(client, kind)
    assert (page.status, page["button"].text) == (422, "Send me a new one")
    answer = await page.submit("#login-form")
    assert (answer.status, "It is on its way to your" in answer.text) == (200, True)
    sent = {post.recipient: post for post in await deliver()}
    assert sent.keys() == {EMAIL, MOBILE}, "the other channel tells of it"
    new = sent[recipient].secret
    door = log_in if kind == "password" else log_in_by_pin
    frozen.tick(minutes=1)
    assert (await door(new_client(), recipient, new)).location in ("/diary", "/m/today")
    old = OLD if kind == "password" else OLD_PIN
    assert (await door(new_client(), recipient, old)).location in ("", "/m/code")


async def test_the_page_holds_neither_the_old_secret_nor_whose_it_was(
    expired: Person, client: Client
) -> None:
    page = await told(client)
    assert OLD not in page.response.text
    assert EMAIL not in page["#login-form"]["[name=proof]"].get("value")
    assert page["#login-form"].get("action") == "/login/expired"


async def test_htmx_gets_it_in_the_form_s_place(expired: Person, client: Client) -> None:
    page = await client.page("/login")
    answer = await page.submit(email=EMAIL, password=OLD, partial=True)
    assert (answer.status, "html" in answer, "[name=proof]" in answer) == (422, False, True)


async def test_pressed_again_and_again_it_sends_one(expired: Person, client: Client) -> None:
    page = await told(client)
    answers = await asyncio.gather(*(page.submit("#login-form") for _ in range(5)))
    assert {answer.status for answer in answers} == {200}
    assert len(await rows("SELECT id FROM message WHERE channel = 'email'")) == 1
    assert len(await rows("SELECT id FROM audit_entry WHERE action = 'online_login.renewed'")) == 1


async def test_the_proof_is_over_after_ten_minutes_and_once_the_secret_is_another(
    expired: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    slow, overtaken = await told(new_client()), await told(new_client(), "pin")
    await give_pin(expired, "750362")
    frozen.tick(minutes=10, seconds=1)
    for page in (slow, overtaken):
        answer = await page.submit("#login-form")
        assert (answer.status, answer.location) == (303, "/")
    forged = await slow.submit("#login-form", proof="AAAA")
    assert "Log in once more" in (await (await forged.follow()).follow()).text
    assert await rows("SELECT id FROM message") == []


async def test_whoever_may_no_longer_log_in_gets_none(expired: Person, client: Client) -> None:
    page = await told(client)
    await User.update({User.enabled_for_online: False}).where(User.id == expired.id)
    assert (await page.submit("#login-form")).status == 303
    assert await rows("SELECT id FROM message") == []


async def test_sessions_and_devices_of_the_old_one_end(
    expired: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    open_still = await logged_in(new_client(), expired)
    await (await told(client)).submit("#login-form")
    assert (await open_still.page("/diary")).location.startswith("/login")
    assert await rows("SELECT ended_at FROM device WHERE ended_at IS NULL") == []


async def test_while_the_portal_is_offline_or_the_channel_held_it_says_what_will_happen(
    expired: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    by_mail, by_text = await told(client), await told(new_client(), "pin")
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    answer = await by_mail.submit("#login-form")
    assert "It will be sent as soon as the online diary is open again." in answer.text
    async with write():
        await change_portal_status(PortalStatus.ONLINE, by=None)
        [waiting] = await rows("SELECT id FROM message WHERE channel = 'email'")
        await hold(Channel.TEXT, "401", waiting["id"])
    assert "It can't be sent just now" in (await by_text.submit("#login-form")).text


async def test_an_administrator_s_does_not_wait_for_the_portal(
    clinic: object, client: Client, frozen: FrozenClock, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    sam = await an_administrator()
    await give_password(sam, OLD, temporary=True)
    frozen.tick(days=8)
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    page = await log_in(client, sam.email, OLD, door="/admin/login")
    assert "It is on its way to your e-mail address." in (await page.submit("#login-form")).text
    [mail] = await deliver()
    frozen.tick(minutes=1)
    assert (await log_in(new_client(), sam.email, mail.secret, door="/admin/login")).status == 303
