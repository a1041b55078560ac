"""The second step of a log-in: asked for after the right password, from whoever has one."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from app.accounts.candidates import Candidate, candidate_of
from app.accounts.factors import passkey_login
from app.accounts.factors import second_step as second_step_module
from app.accounts.factors.authenticators import TRIES
from app.accounts.factors.pending import TRIES as TRIES_OF_A_LOG_IN
from app.accounts.factors.second_step import TOLD_AT_MOST
from app.accounts.tables import CredentialKind, User
from app.clinic.settings import change_portal_status
from app.clinic.tables import Clinic, PortalStatus
from app.db import rows, write
from app.messages.letters import Changed
from app.provisioning.lost import stop_lost_phone
from app.settings import Settings
from tests.accounts.factors.steps import (
    WRONG_CODE,
    code_of,
    give_passkey,
    told,
    with_authenticator,
    with_passkey,
)
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import (
    Person,
    give_password,
    give_pin,
    log_in,
    log_in_by_pin,
    logged_in,
)

CALM = "That didn't work. Check what you typed, wait a moment and try again."
NewClient = Callable[..., Client]


@pytest.fixture
async def key(anna: Person, new_client: NewClient, frozen: FrozenClock) -> str:
    """What Anna's authenticator app makes its codes of; the one that confirmed it is used up."""
    key, _codes = await with_authenticator(new_client(), anna)
    frozen.tick(minutes=1)
    return key


async def second_step(client: Client, person: Person) -> Answer:
    """The page after the right password."""
    answer = await log_in(client, person.email)
    assert answer.location == "/login/factor"
    return await answer.follow()


async def test_only_after_it_is_anybody_logged_in(anna: Person, key: str, client: Client) -> None:
    step = await second_step(client, anna)
    assert "__Host-session" not in client.cookies
    assert (await client.page("/diary")).location.startswith("/login")
    answer = await step.submit("#second-step-form", code=code_of(key))
    assert answer.location == "/diary"
    assert (await (await answer.follow()).follow()).status == 200
    assert await rows("SELECT id FROM pending_log_in") == []
    [entry] = await rows("SELECT details FROM audit_entry WHERE action = 'login.succeeded'")
    assert json.loads(entry["details"]) == {"kind": "password", "second": "code"}


async def test_the_page_that_was_asked_for_comes_after_it(anna: Person, key: str, client: Client) -> None:
    answer = await log_in(client, anna.email, door="/login?next=/patients")
    step = await answer.follow()
    assert (await step.submit("#second-step-form", code=code_of(key))).location == "/patients"


async def test_a_wrong_code_gets_the_calm_answer_and_five_of_them_lead_back_to_the_door(
    anna: Person, key: str, client: Client, settings: Settings
) -> None:
    step = await second_step(client, anna)
    for _ in range(TRIES_OF_A_LOG_IN):
        answer = await step.submit("#second-step-form", code=WRONG_CODE)
        assert (answer.status, CALM in answer.text) == (422, True)
        assert WRONG_CODE not in answer["[role=alert]"].text
    answer = await step.submit("#second-step-form", code=code_of(key))
    assert answer.location == "/login"
    assert "__Host-session" not in client.cookies
    assert (await told(settings))[-1] == Changed.SECOND_STEP_FAILED
    found = await rows("SELECT subject_id FROM audit_entry WHERE action = 'login.second_step_failed'")
    assert found == [{"subject_id": str(anna.id)}] * TRIES_OF_A_LOG_IN


async def test_whoever_knows_the_password_can_not_fill_its_owners_mailbox(
    anna: Person, key: str, client: Client, settings: Settings, frozen: FrozenClock
) -> None:
    for _ in range(TOLD_AT_MOST + 1):
        step = await second_step(client, anna)
        for _ in range(TRIES_OF_A_LOG_IN):
            await step.submit("#second-step-form", code=WRONG_CODE)
    assert (await told(settings)).count(Changed.SECOND_STEP_FAILED) == TOLD_AT_MOST


async def test_a_code_opens_once(anna: Person, key: str, new_client: NewClient) -> None:
    code = code_of(key)
    assert (
        await (await second_step(new_client(), anna)).submit("#second-step-form", code=code)
    ).status == 303
    assert (
        await (await second_step(new_client(), anna)).submit("#second-step-form", code=code)
    ).status == 422


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (30, 303), (60, 422)])
async def test_the_phones_clock_may_be_half_a_minute_off(
    anna: Person, key: str, client: Client, frozen: FrozenClock, seconds: int, status: int
) -> None:
    frozen.tick(minutes=2)
    step = await second_step(client, anna)
    assert (await step.submit("#second-step-form", code=f" {code_of(key, seconds)} ")).status == status


async def test_ten_wrong_codes_a_day_are_all_in_however_many_log_ins(
    anna: Person, key: str, new_client: NewClient, frozen: FrozenClock
) -> None:
    for _ in range(TRIES // TRIES_OF_A_LOG_IN):
        step = await second_step(new_client(), anna)
        for _ in range(TRIES_OF_A_LOG_IN):
            await step.submit("#second-step-form", code=WRONG_CODE)
    step = await second_step(new_client(), anna)
    assert (await step.submit("#second-step-form", code=code_of(key))).status == 422
    frozen.tick(hours=24)
    step = await second_step(new_client(), anna)
    assert (await step.submit("#second-step-form", code=code_of(key))).status == 303


async def test_a_recovery_code_opens_once_and_its_owner_is_told(
    anna: Person, new_client: NewClient, settings: Settings
) -> None:
    _key, codes = await with_authenticator(new_client(), anna)
    typed = codes[3].lower().replace("-", " ")
    step = await second_step(new_client(), anna)
    assert (await step.submit("#second-step-form", code=typed)).status == 303
    step = await second_step(new_client(), anna)
    assert (await step.submit("#second-step-form", code=typed)).status == 422
    assert (await told(settings))[-1] == Changed.RECOVERY_CODE_USED
    [used] = await rows("SELECT count(*) AS n FROM recovery_code WHERE used_at IS NOT NULL")
    assert used["n"] == 1
    assert await rows("SELECT actor FROM audit_entry WHERE action = 'recovery_code.used'") == [
        {"actor": anna.id}
    ]


async def test_it_is_over_after_ten_minutes_or_once_the_password_is_another(
    anna: Person, key: str, client: Client, frozen: FrozenClock
) -> None:
    step = await second_step(client, anna)
    frozen.tick(minutes=10)
    answer = await step.submit("#second-step-form", code=code_of(key))
    assert answer.location == "/login"
    assert "Please log in again" in (await answer.follow()).text
    step = await second_step(client, anna)
    await give_password(anna, "another velvet orchid")
    assert (await step.submit("#second-step-form", code=code_of(key))).location == "/login"


async def test_it_is_of_the_browser_that_gave_the_password(
    anna: Person, key: str, client: Client, new_client: NewClient
) -> None:
    await second_step(client, anna)
    stranger = new_client()
    assert (await stranger.page("/login/factor")).location == "/login"
    assert (await stranger.submit("/login/factor", {"code": code_of(key)})).location == "/login"


async def test_a_known_device_is_asked_too_and_a_phone_with_its_pin_is_not(
    anna: Person, key: str, client: Client, new_client: NewClient, frozen: FrozenClock
) -> None:
    await (await second_step(client, anna)).submit("#second-step-form", code=code_of(key))
    await client.submit("/logout", {})
    frozen.tick(minutes=1)
    assert (
        await (await second_step(client, anna)).submit("#second-step-form", code=code_of(key))
    ).status == 303
    assert len(await rows("SELECT id FROM device WHERE label <> 'Firefox, Linux'")) == 1, (
        "it stays the same device"
    )
    assert (await log_in_by_pin(new_client(), anna.mobile)).location == "/m/today"


async def test_while_the_portal_is_offline_the_desk_gets_through_and_others_do_not(
    anna: Person, sam: Person, key: str, new_client: NewClient
) -> None:
    await give_password(sam)
    sams, _codes = await with_authenticator(new_client(), sam)
    annas = new_client()
    await second_step(annas, anna)
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    assert (await annas.page("/login/factor")).status == 503
    desk = new_client()
    step = await (await log_in(desk, sam.email, door="/admin/login")).follow()
    answer = await step.submit("#second-step-form", code=code_of(sams, 30))
    assert answer.location == "/diary"


async def test_a_passkey_is_a_second_step_too(
    anna: Person, device: SoftAuthenticator, client: Client, new_client: NewClient
) -> None:
    await with_passkey(new_client(), anna, device)
    step = await second_step(client, anna)
    assert "form[action=/login/factor/passkey]" in step
    forged = await client.submit("/login/factor/passkey", {"credential": "{}"})
    assert (forged.status, CALM in forged.text) == (422, True)
    assert (await give_passkey(client, device, "/login/factor/passkey")).location == "/diary"


async def test_somebody_elses_passkey_is_none(
    anna: Person, sam: Person, key: str, device: SoftAuthenticator, client: Client, new_client: NewClient
) -> None:
    await with_passkey(new_client(), sam, device)
    await second_step(client, anna)
    assert (await give_passkey(client, device, "/login/factor/passkey")).status == 422
    assert "__Host-session" not in client.cookies


async def test_a_passkey_alone_opens_the_diary_on_a_desktop_and_on_a_phone(
    anna: Person, device: SoftAuthenticator, new_client: NewClient
) -> None:
    await with_passkey(new_client(), anna, device)
    for door, home, kind in (("/login", "/diary", "desktop"), ("/m", "/m/today", "phone")):
        browser = new_client()
        assert f"form[action={door}/passkey]" in await browser.page(door)
        assert (await give_passkey(browser, device, f"{door}/passkey")).location == home
        [session] = await rows("SELECT kind FROM login_session ORDER BY id DESC LIMIT 1")
        assert session == {"kind": kind}
    found = await rows("SELECT details FROM audit_entry WHERE action = 'login.succeeded'")
    assert [json.loads(row["details"]) for row in found] == [{"kind": "passkey"}] * 2


async def test_it_opens_no_more_than_its_owner_has(
    anna: Person, sam: Person, device: SoftAuthenticator, new_client: NewClient
) -> None:
    """Sam, who has a PIN only; and Anna, from a phone, at a desktop, and once she is disabled."""
    await give_pin(sam)
    await with_passkey(new_client(), sam, device)
    assert (await give_passkey(new_client(), device)).status == 422, "no online login was made"
    phone = SoftAuthenticator(device.origin)
    await with_passkey(new_client(), anna, phone, phone=True)
    assert (await give_passkey(new_client(), phone)).status == 422, "a PIN is no way to a desktop"
    await User.update({User.enabled_for_online: False}).where(User.id == anna.id)
    answer = await give_passkey(new_client(), phone, "/m/passkey")
    assert (answer.status, CALM in answer.text) == (422, True)


async def test_a_desktops_passkey_opens_no_mobile_login_that_is_stopped(
    anna: Person, sam: Person, device: SoftAuthenticator, new_client: NewClient
) -> None:
    """It may be on the lost phone as well: passkeys travel from device to device."""
    await with_passkey(new_client(), anna, device)
    await stop_lost_phone(anna.id, by=sam.viewer)
    answer = await give_passkey(new_client(), device, "/m/passkey")
    assert (answer.status, CALM in answer.text) == (422, True)
    assert (await give_passkey(new_client(), device)).location == "/diary"


async def test_a_login_that_is_reissued_during_a_log_in_lets_nobody_in(
    anna: Person,
    key: str,
    device: SoftAuthenticator,
    new_client: NewClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await with_passkey(new_client(), anna, device)

    async def reissued(user: int, kind: CredentialKind) -> Candidate:
        """Read, and replaced before it is used."""
        read = await candidate_of(user, kind)
        await give_password(anna, "another velvet orchid")
        return read

    for module in (passkey_login, second_step_module):
        monkeypatch.setattr(module, "candidate_of", reissued)
    by_code, by_passkey = new_client(), new_client()
    step = await second_step(by_code, anna)
    assert (await step.submit("#second-step-form", code=code_of(key))).location == "/login"
    await give_password(anna)
    assert (await give_passkey(by_passkey, device)).status == 422
    for browser in (by_code, by_passkey):
        assert "__Host-session" not in browser.cookies


async def test_forged_passkeys_do_not_fill_the_record(
    anna: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passkey_login, "NETWORK_LIMIT", 2)
    for _ in range(4):
        assert (await client.submit("/login/passkey", {"credential": "{}"})).status == 422
    [noted] = await rows("SELECT count(*) AS n FROM audit_entry WHERE action = 'login.failed'")
    assert noted["n"] == 2


async def test_without_the_portals_address_no_passkey_is_offered(
    anna: Person, device: SoftAuthenticator, new_client: NewClient
) -> None:
    await with_passkey(await logged_in(new_client(), anna), anna, device)
    elsewhere = new_client()
    await Clinic.update({Clinic.portal_url: "https://diary.example"}).where(Clinic.id == 1)
    assert "[data-passkey]" not in await elsewhere.page("/login")
    assert (await log_in(elsewhere, anna.email)).location == "/diary", "what doesn't work isn't asked for"


async def test_a_locked_tablet_opens_by_a_passkey_of_its_user(
    anna: Person,
    sam: Person,
    device: SoftAuthenticator,
    client: Client,
    new_client: NewClient,
    frozen: FrozenClock,
) -> None:
    others = SoftAuthenticator(device.origin)
    await with_passkey(new_client(), sam, others)
    await with_passkey(new_client(), anna, device)
    await give_passkey(client, device)
    await (await client.page("/account")).submit("#shared-tablet", shared="true")
    frozen.tick(minutes=5)
    lock = await (await client.page("/patients")).follow()
    assert "form[action=/lock/passkey?next=/patients]" in lock
    assert (await give_passkey(client, others, "/lock/passkey")).status == 422
    assert (await give_passkey(client, device, "/lock/passkey?next=/patients")).location == "/patients"
    assert (await client.page("/patients")).status == 200
    assert (await give_passkey(client, device, "/lock/passkey")).location == "/", "it isn't locked any more"
