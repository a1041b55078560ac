"""The lock: shared tablets and phones that lie idle open by their user's secret alone, or somebody else logs in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.tables import Credential, User
from app.db import rows
from app.web.cookies import cookie_name
from tests.support.client import PARTIAL, Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import (
    PASSWORD,
    PIN,
    Person,
    a_practitioner,
    give_password,
    log_in,
    logged_in,
)

SESSION = "__Host-session"
DAY = "/diary/day/2026-11-23"


@pytest.fixture
async def tablet(anna: Person, client: Client) -> Client:
    """A tablet that Anna has marked as shared."""
    await log_in(client, anna.email)
    page = await client.page("/account")
    await page.submit("#shared-tablet", shared="true")
    return client


async def locked_page(tablet: Client, frozen: FrozenClock) -> Answer:
    """Five minutes later, whoever opens the diary stands before the lock."""
    frozen.tick(minutes=5)
    answer = await tablet.page(DAY)
    assert answer.location == f"/lock?next={DAY}"
    return await answer.follow()


async def opens(browser: Client) -> bool:
    return (await browser.page(DAY)).status == 200


async def test_a_shared_tablet_locks_after_five_minutes_without_a_person_s_request(
    tablet: Client, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=4, seconds=59)
    assert await opens(tablet)
    frozen.tick(minutes=4)
    watching = {**PARTIAL, "if-none-match": '"a tag"'}
    assert (await tablet.get(DAY, headers=watching)).status_code == 200
    frozen.tick(minutes=1)
    assert not await opens(tablet)
    assert (await tablet.get(DAY, headers=watching)).status_code == 401


async def test_while_it_is_locked_nothing_but_the_lock_opens(tablet: Client, frozen: FrozenClock) -> None:
    page = await locked_page(tablet, frozen)
    assert "Anna Marsh" in page.text
    for path in ("/", "/diary", "/patients", "/account", "/events", "/patients/look-up?q=a"):
        answer = await tablet.page(path)
        assert answer.location.startswith("/lock") or answer.response.text.startswith("event: over"), path
    sent = await tablet.submit("/patients", {"name": "Zara Khan"}, partial=True)
    assert (sent.status, sent["#over-form"].get("hx-get")) == (401, "/lock")
    assert await rows("SELECT id FROM patient") == []


async def test_it_opens_by_the_pin_under_a_new_token_where_its_user_was(
    tablet: Client, frozen: FrozenClock
) -> None:
    page, before = await locked_page(tablet, frozen), tablet.cookies[SESSION]
    answer = await page.submit("#unlock-form", secret=f"{PIN[:3]} {PIN[3:]}")
    assert answer.location == DAY
    assert await opens(tablet)
    assert tablet.cookies[SESSION] != before
    stolen = {"cookie": f"{SESSION}={before}"}
    assert (await tablet.page(DAY, headers=stolen)).location.startswith("/login")


async def test_opened_by_the_pin_it_asks_for_the_password_before_what_is_delicate(
    tablet: Client, anna: Person, frozen: FrozenClock
) -> None:
    await User.update({User.administrator: True}).where(User.id == anna.id)
    assert (await tablet.page("/admin/users")).status == 200
    page = await locked_page(tablet, frozen)
    await page.submit("#unlock-form", secret=PIN)
    assert (await tablet.page("/admin/users")).location == "/confirm?next=/admin/users"
    # The password itself was given five minutes ago, perhaps by somebody else than who is there now.
    answer = await tablet.submit("/account/new-pin", {"new": "927461"})
    assert (answer.status, "Please type your own password" in answer.text) == (422, True)


async def test_it_opens_by_the_password_too(tablet: Client, frozen: FrozenClock) -> None:
    page = await locked_page(tablet, frozen)
    by_password = await tablet.page(page["#unlock-form a"].get("href"))
    answer = await by_password.submit("#unlock-form", secret=PASSWORD)
    assert answer.location == DAY
    assert await rows("SELECT authenticated_at FROM login_session") == [{"authenticated_at": frozen.now}]
    assert (await rows("SELECT action FROM audit_entry ORDER BY id DESC LIMIT 1"))[0]["action"] == (
        "session.unlocked"
    )


async def test_a_pin_that_was_sent_and_never_used_opens_no_tablet(
    tablet: Client, frozen: FrozenClock
) -> None:
    await Credential.update({Credential.temporary: True}).where(Credential.kind == "pin")
    page = await locked_page(tablet, frozen)
    assert page["#unlock-form [name=by]"].get("value") == "password"
    answer = await tablet.submit("/lock", {"by": "pin", "secret": PIN})
    assert (answer.status, await opens(tablet)) == (422, False)


async def test_wrong_tries_count_as_the_known_device_s_and_the_sixth_ends_the_session(
    tablet: Client, frozen: FrozenClock
) -> None:
    page = await locked_page(tablet, frozen)
    for _ in range(5):
        page = await page.submit("#unlock-form", secret="000000")
        assert (page.status, page[".field-error"].text) == (422, "This isn't your PIN.")
    assert await rows("SELECT failures FROM device") == [{"failures": 5}]
    assert (await page.submit("#unlock-form", secret=PIN)).location == "/"
    [session] = await rows("SELECT end_reason FROM login_session")
    assert session["end_reason"] == "wrong too often"
    assert (await tablet.page(DAY)).location.startswith("/login")


async def test_another_user_takes_over_and_the_first_one_s_session_ends(
    tablet: Client, frozen: FrozenClock
) -> None:
    ben = await a_practitioner("Ben Osei")
    await give_password(ben)
    page = await locked_page(tablet, frozen)
    assert page["main a[href=/login]"].text == "Somebody else"
    await log_in(tablet, ben.email)
    assert "Ben Osei" in (await tablet.page(DAY)).text
    assert await rows('SELECT "user", end_reason FROM login_session ORDER BY id') == [
        {"user": ben.id - 1, "end_reason": "logged in anew"},
        {"user": ben.id, "end_reason": ""},
    ]
    # The mark is the tablet's, whoever logs in on it.
    frozen.tick(minutes=5)
    assert not await opens(tablet)


async def test_its_user_can_lock_it_before_putting_it_down(tablet: Client) -> None:
    diary = await tablet.page(DAY)
    assert (await diary.submit("form[action=/lock/now]")).location == "/"
    assert not await opens(tablet)


async def test_a_locked_tablet_can_be_logged_out(tablet: Client, frozen: FrozenClock) -> None:
    page = await locked_page(tablet, frozen)
    answer = await page.submit("form[action=/logout]")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert await rows("SELECT end_reason FROM login_session") == [{"end_reason": "logged out"}]


async def test_the_mark_can_be_taken_away_again(tablet: Client, frozen: FrozenClock) -> None:
    await (await tablet.page("/account")).submit("#shared-tablet", shared=None)
    frozen.tick(minutes=59)
    assert await opens(tablet)
    assert cookie_name("shared-tablet") not in tablet.cookies


async def test_a_phone_that_lay_idle_asks_for_its_pin_alone_and_goes_on(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await logged_in(client, anna, phone=True)
    frozen.tick(minutes=15)
    answer = await client.page("/m/days")
    assert answer.location == "/lock?next=/m/days"
    answer = await (await answer.follow()).submit("#unlock-form", secret=PIN)
    assert (answer.location, (await client.page("/m/days")).status) == ("/m/days", 200)
    assert await rows("SELECT authenticated_at FROM login_session") == [{"authenticated_at": frozen.now}]


async def test_typing_keeps_a_session_alive_and_its_page_knows_how_long(
    tablet: Client, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=4)
    asked = await tablet.partial("/presence")
    assert asked.headers["hx-trigger"] == '{"presence": {"seconds": 60}}'
    typing = await tablet.submit("/presence", {}, partial=True)
    assert typing.headers["hx-trigger"] == '{"presence": {"seconds": 300}}'
    frozen.tick(minutes=4)
    assert await opens(tablet)


async def test_whoever_is_disabled_can_t_unlock(
    tablet: Client, frozen: FrozenClock, new_client: Callable[..., Client]
) -> None:
    page = await locked_page(tablet, frozen)
    await rows("UPDATE staff_user SET enabled_for_online = FALSE RETURNING id")
    assert (await page.submit("#unlock-form", secret=PIN)).location == DAY
    assert (await tablet.page(DAY)).location.startswith("/login")
