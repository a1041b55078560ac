"""A login on paper, where nothing can be sent: seen once by the administrator, and changed by its owner at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from app import db
from app.accounts.tables import Credential, User
from app.messages.holds import hold
from app.messages.tables import Channel, Message, MessageState
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD, Person, give_password, log_in, log_in_by_pin

KINDS = ["password", "pin"]


def url(person: Person, kind: str, action: str = "") -> str:
    return f"/admin/users/{person.id}/logins/{kind}{f'/{action}' if action else ''}"


async def show(page: Answer, person: Person, kind: str, **typed: str) -> Answer:
    return await page.submit(f"form[action={url(person, kind, 'show')}]", **typed)


@pytest.fixture
async def undelivered(wizard: Wizard, clara: Person) -> Person:
    """Clara, whose password and PIN were both refused."""
    await wizard.create()
    failed = {Message.state: MessageState.FAILED, Message.error_code: "550"}
    await Message.update(failed).where(Message.id > 0)
    return clara


@pytest.mark.parametrize(
    ("kind", "address", "user_name"),
    [
        ("password", "http://localhost:443", EMAIL),
        ("pin", "http://localhost:443/m", "+44 7911 123456"),
    ],
)
async def test_a_slip_says_where_who_and_with_what_and_its_code_leads_there(
    undelivered: Person, admin: Client, kind: str, address: str, user_name: str
) -> None:
    page = await admin.page(url(undelivered, kind))

    slip = await show(page, undelivered, kind)

    assert slip.status == 200
    assert slip.headers["cache-control"] == "no-store"
    assert [fact.text for fact in slip.all(".slip dd")][:2] == [address, user_name]
    assert len(slip[".slip-secret"].text) == (23 if kind == "password" else 6)
    assert "svg.qr" in slip
    [stored] = await db.rows("SELECT temporary, shown, message FROM credential WHERE kind = {}", kind)
    assert stored == {"temporary": True, "shown": True, "message": None}


async def test_a_shown_password_opens_only_the_choice_of_ones_own(
    undelivered: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    slip = await show(await admin.page(url(undelivered, "password")), undelivered, "password")
    given = slip[".slip-secret"].text
    clara = new_client()
    assert (await log_in(clara, EMAIL, given)).status == 303

    for path in ("/diary", "/patients", "/m/today"):
        turned_away = await clara.page(path)
        assert turned_away.location == "/account", path
    account = await turned_away.follow()
    assert "Your administrator has seen this one. Choose one of your own to carry on." in account.text
    again = await account.submit("#own-password", new=given)
    assert (again.status, "This is the one that you were given." in again.text) == (422, True)

    assert (await account.submit("#own-password", new="velvet harbour anchor 9")).status == 303
    assert (await clara.page("/diary")).location.startswith("/diary/")


async def test_a_shown_pin_opens_only_the_choice_of_ones_own(
    undelivered: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    slip = await show(await admin.page(url(undelivered, "pin")), undelivered, "pin")
    phone, given = new_client(), slip[".slip-secret"].text
    assert (await log_in_by_pin(phone, MOBILE, given)).status == 303

    account = await (await phone.page("/m/today")).follow()
    for typed, fault in (
        (given, "This is the one that you were given."),
        ("123456", "among the first that would be guessed"),
        ("1234", "Use 6 digits."),
    ):
        answer = await account.submit("#own-pin", new=typed)
        assert (answer.status, fault in answer.text) == (422, True)

    assert (await account.submit("#own-pin", new="750362")).status == 303
    assert (await phone.page("/m/today")).status == 200
    other = new_client()
    assert (await log_in_by_pin(other, MOBILE, given)).location == "/m/code"
    assert (await log_in_by_pin(phone, MOBILE, "750362")).location == "/m/today"
    account = await phone.page("/account")
    assert (await account.submit("#own-pin", current="111111", new="927461")).status == 422
    assert (await account.submit("#own-pin", current="750362", new="927461")).status == 303


async def test_a_shown_pin_is_no_way_to_the_password(
    undelivered: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    slip = await show(await admin.page(url(undelivered, "pin")), undelivered, "pin")
    phone = new_client()
    await log_in_by_pin(phone, MOBILE, slip[".slip-secret"].text)
    before = await db.rows("SELECT secret_hash FROM credential WHERE kind = 'password'")
    answer = await phone.submit("/account/password", {"new": "velvet harbour anchor 9"})
    assert answer.status == 404
    assert await db.rows("SELECT secret_hash FROM credential WHERE kind = 'password'") == before


async def test_it_is_shown_once(undelivered: Person, admin: Client) -> None:
    page = await admin.page(url(undelivered, "password"))
    slips = await asyncio.gather(*(show(page, undelivered, "password") for _ in range(5)))
    assert sorted(slip.status for slip in slips) == [200, 409, 409, 409, 409]
    [shown] = [slip for slip in slips if slip.status == 200]

    again = await show(page, undelivered, "password")

    assert "It was shown once, or sent anew, since this page was opened." in again.text
    secret = shown[".slip-secret"].text
    for path in (url(undelivered, "password"), f"/admin/users/{undelivered.id}"):
        seen = await admin.page(path)
        assert secret not in seen.response.text
    assert "Shown on screen today 08:41, to be handed over." in seen.text
    # One that got lost is followed by another, and is dead.
    another = await show(again, undelivered, "password")
    assert another[".slip-secret"].text != secret


async def test_the_owner_is_told_by_the_other_channel(
    undelivered: Person, admin: Client, deliver: Deliver
) -> None:
    secrets = []
    for kind in KINDS:
        slip = await show(await admin.page(url(undelivered, kind)), undelivered, kind)
        secrets.append(slip[".slip-secret"].text)

    text, mail = await deliver()

    assert (text.recipient, mail.recipient) == (MOBILE, EMAIL)
    assert text.text == (
        "Riverside Physio: Sam Reyes has a new password for you. The old one no longer works."
        " Not expected? Tell your clinic at once."
    )
    assert "Sam Reyes made a new PIN for you at Riverside Physio and saw it" in mail.text
    assert not any(secret in text.text + mail.text for secret in secrets)


async def test_who_has_one_channel_only_is_told_by_that(
    undelivered: Person, admin: Client, deliver: Deliver
) -> None:
    await User.update({User.mobile: ""}).where(User.id == undelivered.id)
    await show(await admin.page(url(undelivered, "password")), undelivered, "password")
    [mail] = await deliver()
    assert (mail.recipient, "made a new password for you" in mail.text) == (EMAIL, True)


async def test_only_an_administrator_who_has_just_shown_who_they_are_sees_it(
    undelivered: Person, sam: Person, admin: Client, frozen: FrozenClock
) -> None:
    await give_password(sam)
    frozen.tick(minutes=11)
    page = await admin.page(url(undelivered, "pin"))
    for typed, fault in (
        ("", "Please type your own password to confirm this."),
        ("no", "This isn't your password."),
    ):
        answer = await show(page, undelivered, "pin", password=typed)
        assert (answer.status, answer["#show-password-error"].text) == (422, fault)
        assert ".slip-secret" not in answer
    assert (await show(page, undelivered, "pin", password=PASSWORD)).status == 200


async def test_a_login_whose_messages_arrive_is_not_shown(
    wizard: Wizard, clara: Person, deliver: Deliver
) -> None:
    await wizard.create(mobile=False)
    await deliver()
    page = await wizard.admin.page(url(clara, "password"))
    form = f"form[action={url(clara, 'password', 'show')}]"
    assert form in page, "an e-mail that was accepted may still not arrive"
    await Credential.update({Credential.temporary: False}).where(Credential.user == clara.id)
    assert form not in await wizard.admin.page(url(clara, "password"))
    answer = await page.submit(form)
    assert (answer.status, "It can be sent, so nobody else needs to see it." in answer.text) == (409, True)

    async with db.write():
        await hold(Channel.EMAIL, "login-535", 1)
    assert (await show(page, clara, "password")).status == 200


async def test_a_message_that_had_not_left_never_will_and_all_is_on_record(
    wizard: Wizard, clara: Person, sam: Person
) -> None:
    await wizard.create(mobile=False)
    slip = await show(await wizard.admin.page(url(clara, "password")), clara, "password")
    [message, _notice] = await db.rows("SELECT state, payload FROM message ORDER BY id")
    assert (message["state"], message["payload"]) == (MessageState.SUPERSEDED, None)
    entries = await db.rows("SELECT action, actor, subject_id, details FROM audit_entry ORDER BY id")
    assert {
        "action": "online_login.shown",
        "actor": sam.id,
        "subject_id": str(clara.id),
        "details": "",
    } in entries
    assert slip[".slip-secret"].text not in json.dumps(entries)
