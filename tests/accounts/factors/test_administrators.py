"""Administrators and the second step: asked for their own, and the way back in for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.factors.removal import remove_factors_of
from app.clinic.tables import AdminFactor, Clinic
from app.db import rows
from app.messages.letters import Changed
from app.settings import Settings
from tests.accounts.factors.steps import code_of, set_up_authenticator, told, with_authenticator, with_passkey
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import PASSWORD, Person, give_password, log_in, logged_in

NewClient = Callable[..., Client]
SETTINGS = "/admin/web-booking/settings"


@pytest.fixture
async def required(sam: Person) -> None:
    """The clinic asks a second step of its administrators."""
    await give_password(sam)
    await Clinic.update({Clinic.admin_factor: AdminFactor.REQUIRED}).where(Clinic.id == 1)


@pytest.mark.usefixtures("required")
async def test_where_it_is_required_no_admin_page_opens_without_one(
    sam: Person, anna: Person, client: Client, new_client: NewClient
) -> None:
    await logged_in(client, sam)
    for path in ("/admin/users", SETTINGS, "/admin/audit"):
        assert (await client.page(path)).location == "/account#second-step"
    assert "Administrators need a second step here." in (await client.page("/account")).text
    assert (await (await client.page("/diary")).follow()).status == 200, "the diary isn't an admin page"
    await set_up_authenticator(client)
    assert (await client.page("/admin/users")).status == 200
    assert (await (await logged_in(new_client(), anna)).page("/account")).status == 200


async def test_the_setting_is_one_of_the_clinics(sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    page = await client.page(SETTINGS)
    assert page["[name=admin_factor] [selected]"].get("value") == "offered"
    assert (await page.submit("#settings-form", admin_factor="required")).status == 303
    assert await rows("SELECT admin_factor FROM clinic") == [{"admin_factor": "required"}]
    assert (await client.page(SETTINGS)).location == "/account#second-step"


async def test_it_is_offered_from_the_second_log_in_on(
    sam: Person, anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await give_password(sam)
    for times in range(3):
        await log_in(client, sam.email)
        diary = await (await client.page("/diary")).follow()
        assert ("#offer-title" in diary) is (times > 0)
        await client.submit("/logout", {})
        frozen.tick(minutes=2)
    await log_in(client, sam.email)
    diary = await (await client.page("/diary")).follow()
    assert "[href=/account#second-step]" in diary
    put_off = await diary.submit("form[action=/account/offer/removal]")
    assert "#offer-title" not in await (await put_off.follow()).follow()
    await client.submit("/logout", {})
    for _ in range(2):
        await log_in(client, anna.email)
        assert "#offer-title" not in await (await client.page("/diary")).follow()
        frozen.tick(minutes=2)


async def test_an_administrator_removes_what_somebody_has_lost(
    sam: Person,
    anna: Person,
    client: Client,
    new_client: NewClient,
    device: SoftAuthenticator,
    settings: Settings,
    frozen: FrozenClock,
) -> None:
    annas = await with_passkey(new_client(), anna, device)
    await set_up_authenticator(annas)
    await give_password(sam)
    await logged_in(client, sam)
    record = await client.page(f"/admin/users/{anna.id}")
    assert "1 passkey, an authenticator app" in record.text
    frozen.tick(minutes=11)
    page = await client.page(f"/admin/users/{anna.id}/factors")
    assert (await page.submit("#user-factors", password="wrong")).status == 422
    assert (await page.submit("#user-factors", password=PASSWORD)).location == f"/admin/users/{anna.id}"
    for table in ("passkey", "authenticator", "recovery_code"):
        assert await rows(f"SELECT id FROM {table}") == []
    assert (await log_in(new_client(), anna.email)).location == "/diary"
    assert (await told(settings))[-1] == Changed.FACTORS_REMOVED
    [entry] = await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'factors.removed'")
    assert entry == {"actor": sam.id, "subject_id": str(anna.id)}


async def test_nobody_removes_their_own_this_way(sam: Person, client: Client) -> None:
    await with_authenticator(client, sam)
    answer = await client.submit(f"/admin/users/{sam.id}/factors", {})
    assert (answer.status, "Remove your own under Account." in answer.text) == (409, True)
    assert len(await rows("SELECT id FROM authenticator")) == 1


async def test_the_machine_itself_removes_them_too(
    sam: Person, client: Client, new_client: NewClient, settings: Settings
) -> None:
    await give_password(sam)
    await with_authenticator(client, sam)
    await remove_factors_of(" Sam@Riverside.example ")
    assert (await log_in(new_client(), sam.email)).location == "/diary"
    assert (await told(settings))[-1] == Changed.FACTORS_REMOVED
    assert await rows("SELECT actor FROM audit_entry WHERE action = 'factors.removed'") == [{"actor": None}]


async def test_a_log_in_under_way_ends_with_them(sam: Person, client: Client, new_client: NewClient) -> None:
    await give_password(sam)
    key, _codes = await with_authenticator(client, sam)
    browser = new_client()
    step = await (await log_in(browser, sam.email)).follow()
    await remove_factors_of(sam.email)
    assert (await step.submit("#second-step-form", code=code_of(key, 30))).location == "/login"


async def test_another_host_of_the_portal_is_chosen_knowingly_where_passkeys_belong_to_this_one(
    sam: Person, anna: Person, client: Client, new_client: NewClient, device: SoftAuthenticator
) -> None:
    await with_passkey(new_client(), anna, device)
    await logged_in(client, sam)
    page = await client.page(SETTINGS)
    assert "1 passkey belongs to this address" in page.text
    answer = await page.submit("#settings-form", portal_url="https://diary.example")
    assert (answer.status, "no longer works" in answer["#field-passkeys_may_stop-error"].text) == (422, True)
    saved = await answer.submit("#settings-form", passkeys_may_stop="true")
    assert saved.status == 303
    assert await rows("SELECT portal_url FROM clinic") == [{"portal_url": "https://diary.example"}]
    assert "belongs to this address" not in (await client.page(SETTINGS)).text
    assert "another address’s" in (await (await logged_in(new_client(), anna)).page("/account/passkeys")).text
