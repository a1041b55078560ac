"""The administrators' pages ask again when nobody has used them for a while, and lose nothing by it."""

from __future__ import annotations

import pytest

from app.clinic.tables import Clinic
from app.db import rows
from tests.support.client import PARTIAL, Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD, Person, give_password, log_in, logged_in

USERS = "/admin/users"


@pytest.fixture
async def admin(sam: Person, anna: Person, client: Client) -> Client:
    """Sam's browser."""
    await give_password(sam)
    await log_in(client, sam.email)
    return client


async def test_they_ask_for_the_password_after_a_quarter_of_an_hour_and_lead_back(
    admin: Client, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=15)
    assert (await admin.page("/diary/day/2026-11-23")).status == 200
    answer = await admin.page(f"{USERS}?q=anna")
    assert answer.location == "/confirm?next=/admin/users%3Fq%3Danna"
    form = await answer.follow()
    wrong = await form.submit("#confirm-form", password="not the password")
    assert (wrong.status, wrong[".field-error"].text) == (422, "This isn't your password.")
    assert (await admin.page(USERS)).status == 303
    right = await wrong.submit("#confirm-form", password=PASSWORD)
    assert right.location == f"{USERS}?q=anna"
    assert "Anna Marsh" in (await right.follow()).text


async def test_using_them_keeps_them_open_and_using_the_diary_does_not(
    admin: Client, frozen: FrozenClock
) -> None:
    for _ in range(3):
        frozen.tick(minutes=14)
        assert (await admin.page(USERS)).status == 200
    for _ in range(2):
        frozen.tick(minutes=8)
        assert (await admin.page("/diary/day/2026-11-23")).status == 200
    assert (await admin.page(USERS)).location.startswith("/confirm")


async def test_how_long_is_the_clinic_s_setting(admin: Client, frozen: FrozenClock) -> None:
    await Clinic.update({Clinic.admin_minutes: 5}).where(Clinic.id == 1)
    frozen.tick(minutes=5)
    assert (await admin.page(USERS)).location.startswith("/confirm")


async def test_the_session_gets_another_token_when_its_secret_is_given_again(
    admin: Client, frozen: FrozenClock
) -> None:
    before = admin.cookies["__Host-session"]
    frozen.tick(minutes=15)
    await admin.submit("/confirm", {"password": PASSWORD})
    assert admin.cookies["__Host-session"] != before
    stolen = await admin.page(USERS, headers={"cookie": f"__Host-session={before}"})
    assert stolen.location.startswith("/login")
    assert (await admin.page(USERS)).status == 200


async def test_too_many_wrong_passwords_end_the_session(admin: Client, frozen: FrozenClock) -> None:
    frozen.tick(minutes=15)
    for _ in range(5):
        assert (await admin.submit("/confirm", {"password": "wrong"})).status == 422
    assert (await admin.submit("/confirm", {"password": PASSWORD})).location == "/"
    assert (await admin.page(USERS)).location.startswith("/login")


async def test_a_form_that_was_sent_too_late_stays_under_a_dialog(admin: Client, frozen: FrozenClock) -> None:
    form = await admin.page(f"{USERS}/new")
    frozen.tick(minutes=15)
    answer = await form.submit("#user-form", name="Ben Osei", practitioner="true", partial=True)
    assert (answer.status, answer.headers["hx-retarget"]) == (401, "#over")
    assert answer["#over-page"].has("data-writes")
    assert answer["#over-form"].get("hx-get") == "/confirm"
    over = {**PARTIAL, "x-over-page": "yes"}
    token = {"_csrf_token": await admin.token()}
    back = await admin.post("/confirm", data={**token, "password": PASSWORD}, headers=over)
    assert 'data-back="' in back.text
    assert (await form.submit("#user-form", name="Ben Osei", practitioner="true", partial=True)).location


async def test_without_scripts_it_stays_on_the_page_that_asks(admin: Client, frozen: FrozenClock) -> None:
    form = await admin.page(f"{USERS}/new")
    frozen.tick(minutes=15)
    kept = await form.submit("#user-form", name="Ben Osei", practitioner="true")
    assert (kept.status, kept["main a"].get("href")) == (401, "/confirm")
    secret = await admin.submit(USERS, {"name": "Ben Osei", "password": "a secret"})
    assert "a secret" not in secret.response.text
    assert (await kept.submit()).status == 401
    await admin.submit("/confirm", {"password": PASSWORD})
    sent = await kept.submit()
    assert sent.location
    assert [row["name"] for row in await rows("SELECT name FROM staff_user ORDER BY id DESC LIMIT 1")] == [
        "Ben Osei"
    ]


async def test_the_same_holds_for_whoever_s_session_is_over(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await logged_in(client, anna)
    form = await client.page("/patients/new")
    frozen.tick(minutes=60)
    kept = await form.submit("#patient-form", name="Zara Khan", notes="Two lines\nof notes")
    assert (kept.status, kept["main a"].get("href"), await rows("SELECT id FROM patient")) == (
        401,
        "/login",
        [],
    )
    await logged_in(client, anna)
    assert (await kept.submit()).status == 303
    assert await rows("SELECT name, notes FROM patient") == [
        {"name": "Zara Khan", "notes": "Two lines\nof notes"}
    ]
