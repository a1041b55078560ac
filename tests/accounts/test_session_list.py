"""Where one is logged in: everybody sees and ends their own, administrators end anyone's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.db import rows
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import Person, a_practitioner, logged_in

NewClient = Callable[..., Client]


@pytest.fixture
async def desktop(anna: Person, client: Client) -> Client:
    """Anna's desktop."""
    return await logged_in(client, anna)


@pytest.fixture
async def phone(desktop: Client, anna: Person, new_client: NewClient) -> Client:
    """Anna's phone."""
    return await logged_in(new_client(), anna, phone=True)


async def is_in(browser: Client) -> bool:
    return (await browser.page("/account")).status == 200


async def told() -> list[str]:
    """What e-mails tell: their purposes."""
    return [row["purpose"] for row in await rows("SELECT purpose FROM message WHERE channel = 'email'")]


async def test_one_s_own_are_listed_and_one_elsewhere_can_be_ended(desktop: Client, phone: Client) -> None:
    page = await desktop.page("/account")
    listed = [row.text for row in page.all("#sessions .row")]
    assert ["this one" in text for text in listed] == [True, False]
    assert listed[1].startswith("Safari, iPhone Since today 08:41, last used today 08:41, from 203.0.113.7")
    answer = await page.submit("#sessions form")
    assert answer.location == "/account#sessions"
    assert (await is_in(desktop), await is_in(phone)) == (True, False)
    assert await told() == ["credential_changed"]


async def test_all_others_can_be_ended_at_once(
    desktop: Client, phone: Client, anna: Person, new_client: NewClient
) -> None:
    another = await logged_in(new_client(), anna)
    page = await desktop.page("/account")
    await page.submit("form[action=/account/sessions/end]")
    assert [await is_in(browser) for browser in (desktop, phone, another)] == [True, False, False]
    [entry] = await rows("SELECT actor, details FROM audit_entry WHERE action = 'session.ended'")
    assert entry["actor"] == anna.id
    assert '"sessions": 2' in entry["details"]


async def test_a_browser_that_is_forgotten_is_logged_out_and_a_stranger(
    desktop: Client, phone: Client
) -> None:
    page = await desktop.page("/account")
    await page.submit("#devices form")
    assert (await is_in(desktop), await is_in(phone)) == (True, False)
    assert await rows("SELECT kind, ended_at IS NULL AS known FROM device ORDER BY id") == [
        {"kind": "desktop", "known": True},
        {"kind": "phone", "known": False},
    ]


async def test_the_browser_in_use_logs_out_instead(desktop: Client) -> None:
    [session] = await rows("SELECT id, device FROM login_session")
    for path in (f"/account/sessions/{session['id']}/end", f"/account/devices/{session['device']}/end"):
        assert (await desktop.submit(path, {})).status == 409
    assert await is_in(desktop)


async def test_somebody_else_s_are_not_there(desktop: Client, new_client: NewClient) -> None:
    ben = await logged_in(new_client(), await a_practitioner("Ben Osei"))
    [session] = await rows("SELECT id, device FROM login_session ORDER BY id LIMIT 1")
    for path in (f"/account/sessions/{session['id']}/end", f"/account/devices/{session['device']}/end"):
        assert (await ben.submit(path, {})).status == 404
    assert await is_in(desktop)


async def test_an_administrator_ends_anyone_s_on_record_and_they_are_told(
    desktop: Client, phone: Client, anna: Person, sam: Person, new_client: NewClient
) -> None:
    admin = await logged_in(new_client(), sam)
    record = await admin.page(f"/admin/users/{anna.id}")
    assert f"/admin/users/{anna.id}/sessions" in record.response.text
    page = await admin.page(f"/admin/users/{anna.id}/sessions")
    await page.submit(f"form[action=/admin/users/{anna.id}/sessions/end]")
    assert (await is_in(desktop), await is_in(phone), await is_in(admin)) == (False, False, True)
    assert await rows("SELECT DISTINCT end_reason FROM login_session WHERE ended_at IS NOT NULL") == [
        {"end_reason": "ended by administrator"}
    ]
    [entry] = await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'session.ended_by_admin'")
    assert entry == {"actor": sam.id, "subject_id": str(anna.id)}
    assert await told() == ["credential_changed"]


async def test_an_administrator_shows_first_who_they_are(
    desktop: Client, anna: Person, sam: Person, new_client: NewClient, frozen: FrozenClock
) -> None:
    admin = await logged_in(new_client(), sam)
    page = await admin.page(f"/admin/users/{anna.id}/sessions")
    frozen.tick(minutes=11)
    asked = await page.submit("#sessions form", partial=True)
    assert (asked.status, asked["#over-form"].get("hx-get")) == (401, "/confirm")
    assert await is_in(desktop)


async def test_an_administrator_s_own_are_under_account(sam: Person, new_client: NewClient) -> None:
    admin = await logged_in(new_client(), sam)
    assert (await admin.page(f"/admin/users/{sam.id}/sessions")).location == "/account#sessions"
