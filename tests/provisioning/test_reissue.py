"""Reissuing a secret, and correcting where it goes: the old one is dead at once, and everybody concerned is told."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from app.accounts.devices import FAILURES_UNTIL_UNKNOWN
from app.accounts.tables import Credential, User
from app.db import rows
from app.messages.tables import MessageState
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.client import Answer, Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import (
    PASSWORD,
    PIN,
    Person,
    a_practitioner,
    give_password,
    give_pin,
    log_in,
    log_in_by_pin,
    logged_in,
)

OTHERS = {"email": "clara@new.example", "mobile": "+447911777777"}


@pytest.fixture
async def in_use(clara: Person) -> Person:
    """Clara, who has chosen her own password and uses her phone."""
    await give_password(clara)
    await give_pin(clara)
    await Credential.update({Credential.first_used_at: MORNING}).where(Credential.user == clara.id)
    return clara


def url(person: Person, kind: str, action: str = "") -> str:
    return f"/admin/users/{person.id}/logins/{kind}{f'/{action}' if action else ''}"


async def send(admin: Client, person: Person, kind: str, action: str = "reissue", **typed: str) -> Answer:
    """Open the login's page and send one of its forms."""
    page = await admin.page(url(person, kind))
    return await page.submit(f"form[action={url(person, kind, action)}]", **typed)


async def test_a_new_password_opens_and_the_old_one_does_not(
    in_use: Person, admin: Client, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    answer = await send(admin, in_use, "password")
    assert answer.location == f"/admin/users/{in_use.id}"
    assert "A new one is on its way; the old one no longer works." in (await answer.follow()).text
    [mail] = await deliver()
    assert mail.recipient == EMAIL
    assert (await log_in(new_client(), EMAIL, mail.secret)).status == 303
    assert (await log_in(new_client(), EMAIL, PASSWORD)).status == 422


async def test_a_new_pin_likewise_and_the_owner_hears_of_it_by_e_mail(
    in_use: Person, admin: Client, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    await send(admin, in_use, "pin")
    text, mail = await deliver()
    assert (text.recipient, mail.recipient) == (MOBILE, EMAIL)
    assert "You were given a new PIN" in mail.text
    assert text.secret not in mail.text
    old, new = await asyncio.gather(
        log_in_by_pin(new_client(), MOBILE, PIN), log_in_by_pin(new_client(), MOBILE, text.secret)
    )
    assert (old.location, new.location) == ("/m/code", "/m/today")


@pytest.mark.parametrize("kind", ["password", "pin"])
async def test_it_ends_that_login_s_sessions_and_devices_and_no_others(
    in_use: Person, admin: Client, new_client: Callable[..., Client], kind: str
) -> None:
    desktop = await logged_in(new_client(), in_use)
    phone = await logged_in(new_client(), in_use, phone=True)
    await send(admin, in_use, kind)
    still_in = {
        "password": (await desktop.page("/diary")).location.startswith("/diary/"),
        "pin": (await phone.page("/m/today")).status == 200,
    }
    assert still_in == {"password": kind == "pin", "pin": kind == "password"}
    ended = await rows('SELECT kind FROM device WHERE "user" = {} AND ended_at IS NOT NULL', in_use.id)
    assert ended == [{"kind": {"password": "desktop", "pin": "phone"}[kind]}]


async def test_a_message_that_has_not_left_yet_never_will(
    wizard: Wizard, clara: Person, deliver: Deliver
) -> None:
    await wizard.create(online=False)
    await send(wizard.admin, clara, "pin")
    states = [
        row["state"] for row in await rows("SELECT state FROM message WHERE channel = 'text' ORDER BY id")
    ]
    assert states == [MessageState.SUPERSEDED, MessageState.QUEUED]
    texts = [post for post in await deliver() if post.recipient == MOBILE]
    assert len(texts) == 1


@pytest.mark.parametrize("kind", ["password", "pin"])
async def test_a_button_that_is_pressed_twice_sends_one_message(
    in_use: Person, admin: Client, kind: str
) -> None:
    page = await admin.page(url(in_use, kind))
    form = f"form[action={url(in_use, kind, 'reissue')}]"
    answers = await asyncio.gather(*(page.submit(form) for _ in range(10)))
    assert {answer.status for answer in answers} == {303}
    assert len(await rows("SELECT id FROM message WHERE purpose LIKE '%reissued'")) == 1


@pytest.mark.parametrize(("kind", "field"), [("password", "email"), ("pin", "mobile")])
async def test_a_corrected_address_becomes_the_user_name_and_gets_the_new_secret(
    wizard: Wizard, clara: Person, deliver: Deliver, new_client: Callable[..., Client], kind: str, field: str
) -> None:
    await wizard.create()
    await deliver()
    answer = await send(wizard.admin, clara, kind, "address", **{field: OTHERS[field]})
    assert "The address is corrected, and a new one is on its way to it." in (await answer.follow()).text
    [stored] = await rows("SELECT email, mobile, search FROM staff_user WHERE id = {}", clara.id)
    assert stored[field] == OTHERS[field]
    assert OTHERS[field] in stored["search"]
    [new] = [post for post in await deliver() if post.recipient == OTHERS[field]]
    door = log_in if kind == "password" else log_in_by_pin
    assert (await door(new_client(), OTHERS[field], new.secret)).status == 303


async def test_whoever_used_the_old_address_is_told_there(
    in_use: Person, admin: Client, deliver: Deliver
) -> None:
    await send(admin, in_use, "password", "address", email=OTHERS["email"])
    mails = {post.recipient: post.text for post in await deliver()}
    assert mails.keys() == {EMAIL, OTHERS["email"]}
    assert "Your password for Riverside Physio was changed." in mails[EMAIL]


async def test_a_wrong_address_that_nobody_used_is_told_nothing(
    wizard: Wizard, clara: Person, deliver: Deliver
) -> None:
    await wizard.create(mobile=False)
    await deliver()
    await send(wizard.admin, clara, "password", "address", email=OTHERS["email"])
    assert [post.recipient for post in await deliver()] == [EMAIL, OTHERS["email"]]


@pytest.mark.parametrize(("kind", "field"), [("password", "email"), ("pin", "mobile")])
async def test_an_address_of_somebody_else_is_told_and_changes_nothing(
    in_use: Person, admin: Client, kind: str, field: str
) -> None:
    ben = await a_practitioner("Ben Osei", mobile="+447911777777")
    before = await rows("SELECT secret_hash FROM credential ORDER BY id")
    answer = await send(admin, in_use, kind, "address", **{field: getattr(ben, field)})
    assert answer.status == 409
    assert "Another current user has this" in answer[f"#field-{field}-error"].text
    assert await rows("SELECT secret_hash FROM credential ORDER BY id") == before
    assert await rows("SELECT id FROM message") == []


@pytest.mark.parametrize(
    ("kind", "field", "typed"), [("password", "email", "clara@"), ("pin", "mobile", "12")]
)
async def test_an_address_that_is_none_is_told_beside_its_field(
    in_use: Person, admin: Client, kind: str, field: str, typed: str
) -> None:
    answer = await send(admin, in_use, kind, "address", **{field: typed})
    assert (answer.status, answer[f"[name={field}]"].get("value")) == (422, typed)
    assert f"#field-{field}-error" in answer


async def test_a_correction_that_crosses_another_is_told(in_use: Person, admin: Client) -> None:
    page = await admin.page(url(in_use, "password"))
    await send(admin, in_use, "password")
    answer = await page.submit(f"form[action={url(in_use, 'password', 'address')}]", email=OTHERS["email"])
    assert answer.status == 409
    assert "Somebody else has just sent a new one. Check where it went, then try again." in answer.text
    assert await rows("SELECT email FROM staff_user WHERE id = {}", in_use.id) == [{"email": EMAIL}]


async def test_a_login_in_use_is_taken_only_by_an_administrator_who_has_just_shown_who_they_are(
    in_use: Person, sam: Person, admin: Client, frozen: FrozenClock
) -> None:
    await give_password(sam, "harbour velvet anchor")
    page = await admin.page(url(in_use, "password"))
    assert "[name=password]" not in page, "the session is fresh"
    frozen.tick(minutes=11)
    for typed, fault in (
        ("", "Please type your own password to confirm this."),
        ("wrong", "This isn't your password."),
    ):
        answer = await send(admin, in_use, "password", password=typed)
        assert (answer.status, answer["#reissue-password-error"].text) == (422, fault)
        assert "#address-password-error" not in answer
    assert await rows("SELECT id FROM message") == []
    assert (await send(admin, in_use, "password", password="harbour velvet anchor")).status == 303
    assert (await send(admin, in_use, "pin")).status == 303, "and is believed for a while"


async def test_the_same_holds_for_correcting_its_address(
    in_use: Person, sam: Person, admin: Client, frozen: FrozenClock
) -> None:
    await give_password(sam, "harbour velvet anchor")
    frozen.tick(minutes=11)
    answer = await send(admin, in_use, "pin", "address", mobile=OTHERS["mobile"], password="wrong")
    assert (answer.status, answer["#address-password-error"].text) == (422, "This isn't your password.")
    assert answer["[name=mobile]"].get("value") == OTHERS["mobile"]


async def test_whoever_guesses_at_an_administrator_s_desktop_is_logged_out(
    in_use: Person, sam: Person, admin: Client, frozen: FrozenClock
) -> None:
    await give_password(sam, "harbour velvet anchor")
    frozen.tick(minutes=11)
    for _ in range(FAILURES_UNTIL_UNKNOWN):
        await send(admin, in_use, "password", password="guess")
    page = await admin.page(url(in_use, "password"))
    answer = await page.submit(f"form[action={url(in_use, 'password', 'reissue')}]", password="guess")
    assert (answer.status, "you are logged out" in answer.text) == (403, True)
    assert (await admin.page("/admin/users")).location.startswith("/login")


async def test_a_disabled_user_s_secret_is_not_reissued(in_use: Person, admin: Client) -> None:
    await User.update({User.enabled_for_online: False}).where(User.id == in_use.id)
    answer = await send(admin, in_use, "password")
    assert (answer.status, "Tick Enabled for Online on the user's record first." in answer.text) == (
        409,
        True,
    )
    assert await rows("SELECT id FROM message") == []


async def test_a_login_that_does_not_exist_has_no_page(clara: Person, admin: Client) -> None:
    for kind in ("password", "pin", "fingerprint"):
        for answer in (
            await admin.page(url(clara, kind)),
            await admin.submit(url(clara, kind, "reissue"), {}),
        ):
            assert (answer.status, "There is no such login." in answer.text) == (404, True)


async def test_the_way_back_leads_to_no_other_site(in_use: Person, admin: Client) -> None:
    answer = await admin.submit(url(in_use, "password", "reissue?from=//evil.example"), {})
    assert answer.location == f"/admin/users/{in_use.id}"


async def test_all_of_it_is_on_record_by_ids_and_nothing_more(
    wizard: Wizard, clara: Person, sam: Person, deliver: Deliver
) -> None:
    await wizard.create()
    secrets = [post.secret for post in await deliver()]
    await send(wizard.admin, clara, "pin", "address", mobile=OTHERS["mobile"])
    await send(wizard.admin, clara, "password")
    entries = await rows("SELECT action, actor, subject, subject_id, details FROM audit_entry ORDER BY id")
    by_sam = [entry for entry in entries if entry["actor"] == sam.id]
    assert [entry["action"] for entry in by_sam] == [
        "online_login.created",
        "mobile_login.created",
        "mobile_login.address_changed",
        "mobile_login.reissued",
        "online_login.reissued",
    ]
    assert {(entry["subject"], entry["subject_id"]) for entry in by_sam} == {("user", str(clara.id))}
    written = json.dumps(entries)
    assert not any(word in written for word in ("Clara", "Lund", "riverside", "7911", *secrets))
