"""Admin › Web Booking › Patient Portal."""

from __future__ import annotations

import json

import pytest

from app.clinic.settings import stored_settings
from app.db import rows
from tests.portal.conftest import LogIn
from tests.support.client import Client
from tests.support.clock import FrozenClock

PAGE = "/admin/web-booking"


async def audited() -> list[tuple[str, int]]:
    """What the audit trail says of the portal: actions and their details' sessions_ended."""
    found = await rows("SELECT action, details FROM audit_entry WHERE subject = 'portal' ORDER BY id")
    return [(row["action"], json.loads(row["details"] or "{}").get("sessions_ended", 0)) for row in found]


async def live_sessions() -> set[str]:
    found = await rows(
        'SELECT u.name FROM login_session s JOIN staff_user u ON u.id = s."user" WHERE s.ended_at IS NULL'
    )
    return {row["name"] for row in found}


async def put_online(admin: Client) -> None:
    page = await admin.page(PAGE)
    assert (await page.submit("#portal-status form")).status == 303


async def test_a_new_portal_is_offline(admin: Client) -> None:
    page = await admin.page(PAGE)
    assert page.status == 200
    assert "Patient Portal Status offline" in page["#portal-status"].text
    assert not (await stored_settings()).portal_online


async def test_the_play_button_puts_the_portal_online(frozen: FrozenClock, admin: Client) -> None:
    page = await admin.page(PAGE)
    assert page["#portal-status button.round-button"].get("aria-label") == "Put the portal online"
    page = await (await page.submit("#portal-status form")).follow()
    assert "Patient Portal Status online" in page["#portal-status"].text
    assert "put online by Sam Reyes, today 08:41" in page["#portal-status"].text
    assert (await stored_settings()).portal_online
    assert await audited() == [("portal.opened", 0)]


async def test_htmx_swaps_the_card_the_steps_and_the_word_in_the_rail(admin: Client) -> None:
    page = await admin.page(PAGE)
    part = await page.submit("#portal-status form", partial=True)
    assert part.status == 200
    assert "Patient Portal Status online" in part["#portal-status"].text
    assert [p.get("hx-target") for p in part.all("hx-partial")] == [
        "#next-steps",
        '.rail-list [href="/admin/web-booking"] .badge',
    ]
    assert "html" not in part


async def test_putting_it_online_twice_changes_nothing(staff: None, log_in: LogIn) -> None:
    sam, robin = await log_in("sam"), await log_in("robin")
    stale = await robin.page(PAGE)
    await put_online(sam)
    page = await (await stale.submit("#portal-status form")).follow()
    assert "put online by Sam Reyes" in page.text
    assert await audited() == [("portal.opened", 0)]


async def test_going_offline_says_whom_it_concerns(staff: None, log_in: LogIn, admin: Client) -> None:
    await put_online(admin)
    await log_in("anna", "/login")
    await log_in("ben", "/login")
    page = await admin.page(PAGE)
    assert page["#portal-switch"].get("href") == f"{PAGE}/offline"
    assert "2 practitioners are logged in now." in page["dialog"].text
    as_page = await admin.page(f"{PAGE}/offline")
    assert "2 practitioners are logged in now." in as_page["main"].text
    part = await admin.partial(f"{PAGE}/offline")
    assert "2 practitioners are logged in now." in part["#offline-question"].text


async def test_going_offline_keeps_the_sessions(staff: None, log_in: LogIn, admin: Client) -> None:
    await put_online(admin)
    await log_in("anna", "/login")
    question = await admin.page(f"{PAGE}/offline")
    page = await (await question.submit("#offline-question")).follow()
    assert "taken offline by Sam Reyes" in page["#portal-status"].text
    assert not (await stored_settings()).portal_online
    assert await live_sessions() == {"Anna Marsh", "Sam Reyes"}
    assert (await audited())[-1] == ("portal.closed", 0)


async def test_the_box_logs_practitioners_out(staff: None, log_in: LogIn, admin: Client) -> None:
    await put_online(admin)
    await log_in("anna", "/login")
    await log_in("dana")
    question = await admin.page(f"{PAGE}/offline")
    await question.submit("#offline-question", log_everybody_out="true")
    assert await live_sessions() == {"Dana Fox", "Sam Reyes"}
    assert (await audited())[-1] == ("portal.closed", 1)


async def test_there_is_no_question_while_it_is_offline(admin: Client) -> None:
    answer = await admin.page(f"{PAGE}/offline")
    assert (answer.status, answer.location) == (303, PAGE)


async def test_a_status_that_does_not_exist_changes_nothing(admin: Client) -> None:
    await admin.submit(f"{PAGE}/status", {"status": "half-open"})
    assert not (await stored_settings()).portal_online
    assert await audited() == []


async def test_the_steps_show_what_is_left(admin: Client) -> None:
    page = await admin.page(PAGE)
    assert page["#next-steps strong"].text == "Put the portal online"
    await put_online(admin)
    page = await admin.page(PAGE)
    assert page["#next-steps strong"].text == "Check the address people type"
    assert page["#next-steps a[href=/admin/users]"].text == "Open Users"


async def test_a_practitioner_with_a_login_is_the_last_step(staff: None, admin: Client) -> None:
    page = await admin.page(PAGE)
    assert "a[href=/admin/users]" not in page["#next-steps"]


@pytest.mark.parametrize("path", [PAGE, f"{PAGE}/offline", f"{PAGE}/settings"])
async def test_only_administrators_find_web_booking(
    path: str, staff: None, log_in: LogIn, client: Client
) -> None:
    dana = await log_in("dana")
    assert (await dana.page(path)).status == 404
    await put_online(await log_in("sam"))
    anna = await log_in("anna", "/login")
    assert (await anna.page(path)).status == 404
    stranger = await client.page(path)
    assert (stranger.status, stranger.location) == (303, f"/login?next={path}")


async def test_only_administrators_change_the_status(staff: None, log_in: LogIn) -> None:
    dana = await log_in("dana")
    assert (await dana.submit(f"{PAGE}/status", {"status": "online"})).status == 404
    assert not (await stored_settings()).portal_online
