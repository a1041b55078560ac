"""*Lost phone*: the mobile login is stopped at once, and nothing is texted until the number is confirmed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.tables import Credential
from app.db import rows
from app.messages.compose import Purpose
from tests.provisioning.conftest import MOBILE
from tests.support.client import Answer, Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.outbox import waiting
from tests.support.people import PIN, Person, give_password, give_pin, log_in_by_pin, logged_in


@pytest.fixture
async def in_use(clara: Person) -> Person:
    """Clara, who uses her phone."""
    await give_pin(clara, used=True)
    await Credential.update({Credential.first_used_at: MORNING}).where(Credential.user == clara.id)
    return clara


def url(person: Person, action: str = "") -> str:
    return f"/admin/users/{person.id}/logins/pin{f'/{action}' if action else ''}"


async def lost(admin: Client, person: Person, **typed: str) -> Answer:
    return await (await admin.page(url(person))).submit(f"form[action={url(person, 'lost')}]", **typed)


async def test_a_lost_phone_is_out_at_once_and_no_text_leaves(
    in_use: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    phone = await logged_in(new_client(), in_use, phone=True)
    page = await (await lost(admin, in_use)).follow()
    assert "The phone is lost, so this login is stopped." in page.text
    assert (await phone.page("/m/today")).location.startswith("/m")
    for browser in (phone, new_client()):
        assert (await log_in_by_pin(browser, MOBILE, PIN)).location == "/m/code"
    assert await rows("SELECT id FROM message WHERE channel = 'text'") == []
    [mail] = await waiting(Purpose.CREDENTIAL_CHANGED)
    assert mail["changed"] == "phone_lost"
    assert "stopped" in (await admin.page("/admin/users?q=clara")).text
    assert "Stopped today 08:41: the phone is lost." in (await admin.page(f"/admin/users/{in_use.id}")).text
    [entry] = await rows("SELECT subject_id FROM audit_entry WHERE action = 'mobile_login.lost'")
    assert entry == {"subject_id": str(in_use.id)}


async def test_once_the_number_is_confirmed_a_new_pin_is_sent_and_binds_the_next_phone(
    in_use: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    page = await (await lost(admin, in_use)).follow()
    await page.submit(f"form[action={url(in_use, 'reissue')}]")
    [text] = await waiting(Purpose.MOBILE_LOGIN_REISSUED)
    assert text["recipient"] == MOBILE
    assert (await log_in_by_pin(new_client(), MOBILE, text["pin"])).location == "/m/today"
    assert "Stopped" not in (await admin.page(f"/admin/users/{in_use.id}"))["#logins"].text


async def test_a_number_that_is_another_one_now_is_corrected_instead(in_use: Person, admin: Client) -> None:
    page = await (await lost(admin, in_use)).follow()
    await page.submit(f"form[action={url(in_use, 'address')}]", mobile="07911 777777")
    [text] = await waiting(Purpose.MOBILE_LOGIN_REISSUED)
    assert text["recipient"] == "+447911777777"


async def test_it_takes_an_administrator_who_has_just_shown_who_they_are(
    in_use: Person, sam: Person, admin: Client, frozen: FrozenClock
) -> None:
    await give_password(sam, "harbour velvet anchor")
    frozen.tick(minutes=11)
    assert (await lost(admin, in_use, password="wrong")).status == 422
    assert await rows("SELECT stopped_at FROM credential WHERE kind = 'pin'") == [{"stopped_at": None}]


async def test_a_lost_phone_s_number_gets_no_code_for_a_forgotten_pin(
    in_use: Person, admin: Client, client: Client, new_client: Callable[..., Client]
) -> None:
    await lost(admin, in_use)
    page = await new_client().page("/m/forgotten")
    await page.submit(mobile=MOBILE)
    [mail] = await waiting(Purpose.FORGOTTEN_PIN)
    answer = await (await new_client().page(mail["path"])).submit()
    assert "/code" not in answer.location
    assert await rows("SELECT id FROM message WHERE channel = 'text'") == []


async def test_a_password_can_not_be_lost_with_a_phone(clara: Person, admin: Client) -> None:
    await give_password(clara)
    assert (await admin.submit(f"/admin/users/{clara.id}/logins/password/lost", {})).status == 404
