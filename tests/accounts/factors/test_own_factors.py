"""One's own second step and passkeys, under Account: added, shown once, named, removed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from app.accounts.credentials import withdraw_login
from app.accounts.tables import CredentialKind
from app.db import Engine, rows, write
from app.messages.letters import Changed
from app.settings import Keyring, Settings, use
from tests.accounts.factors.steps import (
    WRONG_CODE,
    code_of,
    options,
    set_up_authenticator,
    told,
    with_authenticator,
    with_passkey,
)
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import PASSWORD, PIN, Person, log_in, logged_in
from tests.test_canary import Overheard, files_with, tables_with

NewClient = Callable[..., Client]


async def test_an_authenticator_counts_once_its_code_was_typed(
    anna: Person, client: Client, settings: Settings, new_client: NewClient
) -> None:
    await logged_in(client, anna)
    page = await (await (await client.page("/account/authenticator")).submit("#authenticator-begin")).follow()
    assert "svg.qr" in page
    key = page["#authenticator-key"].text.replace(" ", "")
    answer = await page.submit("#authenticator-code", code=WRONG_CODE)
    assert (answer.status, "This isn't the code" in answer["#field-code-error"].text) == (422, True)
    assert (await log_in(new_client(), anna.email)).location == "/diary"

    codes = await answer.submit("#authenticator-code", code=code_of(key))
    shown = [code.text for code in codes.all(".recovery-codes code")]
    assert (len(shown), {len(code) for code in shown}) == (10, {19})
    assert (await log_in(new_client(), anna.email)).location == "/login/factor"
    assert await told(settings) == [Changed.AUTHENTICATOR_ADDED, Changed.RECOVERY_CODES]
    found = await rows("SELECT action FROM audit_entry WHERE actor = {} AND subject = 'user'", anna.id)
    assert [row["action"] for row in found] == ["authenticator.added", "recovery_codes.made"]


async def test_key_and_codes_are_shown_once_and_here_only(
    anna: Person, client: Client, new_client: NewClient, frozen: FrozenClock
) -> None:
    other = await logged_in(new_client(), anna)
    await logged_in(client, anna)
    page = await (await (await client.page("/account/authenticator")).submit("#authenticator-begin")).follow()
    assert "#authenticator-key" not in await other.page("/account/authenticator")
    await page.submit("#authenticator-code", code=code_of(page["#authenticator-key"].text.replace(" ", "")))
    assert "#authenticator-key" not in await client.page("/account/authenticator")
    assert ".recovery-codes" not in await client.page("/account/recovery-codes")
    await (await client.page("/account/authenticator")).submit("#authenticator-begin")
    frozen.tick(minutes=31)
    assert "#authenticator-key" not in await client.page("/account/authenticator")


async def test_key_and_codes_are_where_they_are_shown_and_nowhere_else(
    anna: Person,
    client: Client,
    new_client: NewClient,
    database: Engine,
    frozen: FrozenClock,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    overheard, door = Overheard(), new_client()
    for browser in (client, door):
        browser.event_hooks["response"].append(overheard.note)
    key, codes = await with_authenticator(client, anna)
    frozen.tick(minutes=1)
    step = await (await log_in(door, anna.email)).follow()
    for typed in (WRONG_CODE, codes[0]):
        step = await step.submit("#second-step-form", code=typed)
    for path in ("/account", "/account/authenticator", "/account/recovery-codes"):
        await client.page(path)

    in_fours = " ".join(re.findall("....", key))
    shown_as = {in_fours: "/account/authenticator", **dict.fromkeys(codes, "/account/authenticator/code")}
    logged = "".join(capsys.readouterr()) + "".join(r.getMessage() for r in caplog.records)
    assert "/login/factor" in logged, "nothing was listened to"
    for secret in (*shown_as, key, *(code.replace("-", "") for code in codes)):
        assert await tables_with(database, secret) == set()
        assert overheard.paths_with(secret) <= {shown_as.get(secret, "")}
        assert secret not in logged
    assert [len(overheard.paths_with(secret)) for secret in (in_fours, codes[0])] == [1, 1], "nobody saw them"
    assert files_with(database, [key, *shown_as]) == set()


async def test_a_newer_pepper_seals_it_at_the_next_log_in(
    anna: Person, client: Client, new_client: NewClient, settings: Settings, frozen: FrozenClock
) -> None:
    key, _codes = await with_authenticator(client, anna)
    frozen.tick(minutes=1)
    use(replace(settings, peppers=Keyring({"2": b"n" * 32, **settings.peppers.keys})))
    step = await (await log_in(new_client(), anna.email)).follow()
    assert (await step.submit("#second-step-form", code=code_of(key))).status == 303
    assert await rows("SELECT pepper FROM authenticator") == [{"pepper": "2"}]
    frozen.tick(minutes=1)
    use(replace(settings, peppers=Keyring({"2": b"n" * 32})))
    step = await (await log_in(new_client(), anna.email)).follow()
    assert (await step.submit("#second-step-form", code=code_of(key))).status == 303


async def test_another_app_takes_the_place_of_the_first(
    anna: Person, client: Client, new_client: NewClient, frozen: FrozenClock
) -> None:
    first, codes = await with_authenticator(client, anna)
    page = await (await (await client.page("/account/authenticator")).submit("#authenticator-begin")).follow()
    second = page["#authenticator-key"].text.replace(" ", "")
    answer = await page.submit("#authenticator-code", code=code_of(second))
    assert answer.location == "/account#second-step", "the recovery codes stay good"
    frozen.tick(minutes=1)
    step = await (await log_in(new_client(), anna.email)).follow()
    assert (await step.submit("#second-step-form", code=code_of(first))).status == 422
    assert (await step.submit("#second-step-form", code=code_of(second))).status == 303
    assert len(codes) == 10


async def test_new_recovery_codes_end_the_old_ones(
    anna: Person, client: Client, new_client: NewClient
) -> None:
    _key, old = await with_authenticator(client, anna)
    page = await (await client.page("/account/recovery-codes")).submit("#new-codes")
    new = [code.text for code in page.all(".recovery-codes code")]
    step = await (await log_in(new_client(), anna.email)).follow()
    assert (await step.submit("#second-step-form", code=old[0])).status == 422
    assert (await step.submit("#second-step-form", code=new[0])).status == 303
    assert "9 left" in (await client.page("/account")).text


async def test_every_change_takes_the_password_again(
    anna: Person, client: Client, frozen: FrozenClock, device: SoftAuthenticator
) -> None:
    await with_passkey(client, anna, device)
    await set_up_authenticator(client)
    frozen.tick(minutes=11)
    for path, form in (
        ("/account/authenticator", "#authenticator-begin"),
        ("/account/authenticator", "#authenticator-removal"),
        ("/account/recovery-codes", "#new-codes"),
        ("/account/passkeys/1", "#passkey-removal"),
    ):
        page = await client.page(path)
        assert (await page.submit(form, password="")).status == 422
        answer = await page.submit(form, password="wrong")
        assert "This isn't your password." in answer.text
    asked = await client.post("/account/passkeys/options", data={"_csrf_token": await client.token()})
    assert (asked.status_code, asked.json()) == (
        422,
        {"message": "Please type your own password to confirm this."},
    )
    assert (await client.submit("/account/passkeys", {"credential": "{}"})).status == 422
    removed = await (await client.page("/account/authenticator")).submit(
        "#authenticator-removal", password=PASSWORD
    )
    assert removed.status == 303
    assert await rows("SELECT id FROM authenticator") == []


async def test_a_passkey_is_named_and_removed(
    anna: Person, client: Client, new_client: NewClient, settings: Settings, device: SoftAuthenticator
) -> None:
    await with_passkey(client, anna, device)
    page = await client.page("/account/passkeys")
    assert "Added" in page.text
    page = await client.page("/account/passkeys/1")
    assert (await page.submit("#passkey-name", name="")).status == 422
    await page.submit("#passkey-name", name="The blue laptop")
    assert "The blue laptop" in (await client.page("/account/passkeys")).text
    await (await client.page("/account/passkeys/1")).submit("#passkey-removal")
    assert await rows("SELECT id FROM passkey") == []
    assert await told(settings) == [Changed.PASSKEY_ADDED, Changed.PASSKEY_REMOVED]
    assert (await log_in(new_client(), anna.email)).location == "/diary"


async def test_nobody_reaches_somebody_elses(
    anna: Person, sam: Person, client: Client, new_client: NewClient, device: SoftAuthenticator
) -> None:
    await with_passkey(new_client(), anna, device)
    await logged_in(client, sam)
    assert (await client.page("/account/passkeys/1")).status == 404
    assert (await client.submit("/account/passkeys/1", {"name": "Mine"})).status == 404
    await client.submit("/account/passkeys/1/removal", {})
    assert await rows("SELECT name FROM passkey") == [{"name": "Browser"}]


async def test_a_phone_reaches_its_own_passkeys_only(
    anna: Person, client: Client, new_client: NewClient, device: SoftAuthenticator, frozen: FrozenClock
) -> None:
    """Number and PIN are no way to what guards the password."""
    await with_passkey(new_client(), anna, device)
    phone = await with_passkey(client, anna, SoftAuthenticator(device.origin), phone=True)
    assert (await phone.page("/account/passkeys/1")).status == 404
    assert (await phone.page("/account/authenticator")).status == 404
    assert (await phone.submit("/account/authenticator", {})).status == 404
    frozen.tick(minutes=11)
    await phone.get("/m/today")
    page = await phone.page("/account/passkeys/2")
    assert (await page.submit("#passkey-removal", password=PASSWORD)).status == 422
    assert (await page.submit("#passkey-removal", password=PIN)).status == 303


async def test_a_new_pin_ends_the_passkeys_of_phones_and_a_new_password_none(
    anna: Person, new_client: NewClient, device: SoftAuthenticator
) -> None:
    """The phone may be lost, or the number somebody else's; but a password reset keeps the factor."""
    await with_passkey(new_client(), anna, device)
    await with_passkey(new_client(), anna, SoftAuthenticator(device.origin), phone=True)
    async with write():
        await withdraw_login(anna.id, CredentialKind.PASSWORD, "reissued")
    assert len(await rows("SELECT id FROM passkey")) == 2
    async with write():
        await withdraw_login(anna.id, CredentialKind.PIN, "reissued")
    assert await rows("SELECT kind FROM passkey") == [{"kind": "desktop"}]


async def test_a_new_phone_is_asked_whether_it_wants_one(
    anna: Person, client: Client, device: SoftAuthenticator
) -> None:
    await client.submit("/m", {"mobile": anna.mobile, "pin": PIN})
    today = await client.page("/m/today")
    asked = today["aside[data-with-passkeys=here]"]
    assert "Face ID or fingerprint next time?" in asked.all("h2")[0].text
    assert asked.has("hidden"), "only a script knows whether the phone can"
    made = device.create(await options(client, "/account/passkeys/options"))
    answer = await client.submit("/account/passkeys", {"credential": made})
    assert answer.location == "/m/today"
    assert "aside" not in await answer.follow()
    await client.submit("/logout", {})
    await client.submit("/m", {"mobile": anna.mobile, "pin": PIN})
    assert "aside" not in await client.page("/m/today"), "a phone is asked once"
    assert json.loads(await options(client))["userVerification"] == "required"


@pytest.mark.parametrize("path", ["/login", "/m", "/admin/login"])
async def test_without_a_script_no_passkey_is_offered(anna: Person, client: Client, path: str) -> None:
    page = await client.page(path)
    assert page["form[data-passkey]"].has("hidden")
