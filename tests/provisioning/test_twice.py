"""The same wizard in two tabs, by two people, or clicked twice: nothing is lost, and nothing created twice."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from app.accounts.tables import User
from app.db import rows
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.client import Client
from tests.support.people import Person, a_practitioner, an_administrator, log_in, logged_in

ELSEWHERE = (
    "This wizard was continued in another tab or by somebody else. Check what it says now, then go on."
)


async def test_a_second_tab_is_told_that_the_first_went_on_and_keeps_what_was_typed(wizard: Wizard) -> None:
    await (await wizard.open()).submit(online_login="true", mobile_login="true")
    first, second = await wizard.open("email"), await wizard.open("email")
    await first.submit(email="first@riverside.example")
    answer = await second.submit(email="second@riverside.example")
    assert (answer.status, ELSEWHERE in answer.text) == (409, True)
    assert answer["[name=email]"].get("value") == "second@riverside.example"
    again = await answer.submit()
    assert again.status == 303, "having been told, it may be sent"
    assert await rows("SELECT email FROM online_user_wizard") == [{"email": "second@riverside.example"}]


async def test_a_step_that_another_tab_made_unwanted_leads_to_where_the_wizard_stands(wizard: Wizard) -> None:
    await (await wizard.open()).submit(online_login="true", mobile_login="true")
    stale = await wizard.open("email")
    await (await wizard.open("logins")).submit(online_login=None)
    answer = await stale.submit(email="late@riverside.example")
    assert answer.location == wizard.url("mobile")
    assert "The wizard stands at another step now." in (await answer.follow()).text


async def test_a_check_of_what_has_changed_since_creates_nothing(wizard: Wizard) -> None:
    stale = await wizard.to_check()
    await (await wizard.open("email")).submit(email="other@riverside.example")
    await (await wizard.open("mobile")).submit()
    answer = await stale.submit()
    assert (answer.status, ELSEWHERE in answer.text) == (409, True)
    assert "other@riverside.example" in answer.text, "it shows what would be created now"
    assert await rows("SELECT id FROM credential") == []


async def test_of_two_administrators_who_begin_at_once_one_is_told(
    wizard: Wizard, new_client: Callable[..., Client]
) -> None:
    robin = await logged_in(new_client(), await an_administrator("Robin Hale"))
    pages = [await wizard.open(), await Wizard(robin, wizard.user).open()]
    answers = await asyncio.gather(*(page.submit(online_login="true") for page in pages))
    assert sorted(answer.status for answer in answers) == [303, 409]
    assert len(await rows("SELECT id FROM online_user_wizard")) == 1


async def test_twenty_clicks_at_once_create_the_logins_once(wizard: Wizard, deliver: Deliver) -> None:
    page = await wizard.to_check()
    answers = await asyncio.gather(*(page.submit() for _ in range(20)))
    assert {(answer.status, answer.location) for answer in answers} == {(303, wizard.url("delivery"))}
    assert len(await rows("SELECT id FROM credential")) == 2
    assert len(await rows("SELECT id FROM audit_entry WHERE action LIKE '%login.created'")) == 2
    assert [post.recipient for post in await deliver()] == [EMAIL, MOBILE]


async def test_the_secret_that_was_sent_is_the_one_that_was_stored(
    wizard: Wizard, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    page = await wizard.to_check(mobile=False)
    await asyncio.gather(*(page.submit() for _ in range(5)))
    [mail] = await deliver()
    assert (await log_in(new_client(), EMAIL, mail.secret)).status == 303


async def test_create_after_the_logins_exist_leads_to_their_delivery(wizard: Wizard) -> None:
    stale = await wizard.to_check()
    await stale.submit()
    answer = await stale.submit()
    assert (answer.status, answer.location) == (303, wizard.url("delivery"))
    assert len(await rows("SELECT id FROM message")) == 2


async def test_an_address_that_somebody_got_meanwhile_is_told_and_nothing_is_created(wizard: Wizard) -> None:
    page = await (await (await wizard.open()).submit(online_login="true", mobile_login="true")).follow()
    page = await (await page.submit(email="shared@riverside.example")).follow()
    page = await (await page.submit()).follow()
    await a_practitioner("Ben Osei", email="shared@riverside.example")
    answer = await page.submit()
    assert (answer.status, "Another current user has this e-mail address." in answer.text) == (409, True)
    for table in ("credential", "message"):
        assert await rows(f"SELECT id FROM {table}") == []
    [clara] = await rows("SELECT email FROM staff_user WHERE id = {}", wizard.user)
    assert clara["email"] == EMAIL
    corrected = await (await wizard.open("email")).submit(email="clara@new.example")
    await (await corrected.follow()).submit()
    assert (await (await wizard.open("check")).submit()).location == wizard.url("delivery")


async def test_a_number_likewise(wizard: Wizard) -> None:
    page = await wizard.to_check()
    ben = await a_practitioner("Ben Osei", mobile="+447911777777")
    await User.update({User.mobile: ""}).where(User.id == wizard.user)
    await User.update({User.mobile: MOBILE}).where(User.id == ben.id)
    answer = await page.submit()
    assert (answer.status, "Another current user has this mobile number." in answer.text) == (409, True)
    assert await rows("SELECT id FROM credential") == []


async def test_a_tab_left_open_behind_done_starts_nothing(wizard: Wizard) -> None:
    stale = await wizard.to_check()
    delivery = await (await stale.submit()).follow()
    await delivery.submit("form[action=" + wizard.url("done") + "]")
    answer = await stale.submit()
    assert answer.status == 303
    assert len(await rows("SELECT id FROM message")) == 2


async def test_each_user_has_a_wizard_of_their_own(wizard: Wizard, sam: Person) -> None:
    ben = Wizard(wizard.admin, (await a_practitioner("Ben Osei", mobile="+447911777777")).id)
    await wizard.to_check()
    assert (await ben.open()).response.url.path == ben.url("logins")
    await ben.create()
    assert (await wizard.open()).response.url.path == wizard.url("check")
