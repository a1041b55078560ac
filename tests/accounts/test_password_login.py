"""Logging in on a desktop or tablet, with e-mail and password."""

from __future__ import annotations

from collections.abc import Callable

from app.accounts.devices import cookie_of
from app.accounts.tokens import token_hash
from app.db import rows
from tests.support.client import Client
from tests.support.clock import MORNING
from tests.support.people import PASSWORD, Person, give_password, log_in, logged_in

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


async def test_e_mail_and_password_lead_to_the_diary(anna: Person, client: Client) -> None:
    page = await client.page("/login")
    answer = await page.submit(email=anna.email, password=PASSWORD)
    assert (answer.status, answer.location) == (303, "/diary")
    diary = await (await answer.follow()).follow()
    assert (diary.status, "Anna Marsh" in diary.text) == (200, True)


async def test_the_case_of_the_address_and_white_space_around_it_do_not_matter(
    anna: Person, client: Client
) -> None:
    assert (await log_in(client, " Anna@Riverside.EXAMPLE ")).status == 303


async def test_htmx_is_led_on_by_its_header(anna: Person, client: Client) -> None:
    page = await client.page("/login")
    answer = await page.submit(email=anna.email, password=PASSWORD, partial=True)
    assert (answer.status, answer.headers["hx-redirect"]) == (204, "/diary")


async def test_the_browser_gets_cookies_that_no_script_and_no_other_site_can_use(
    anna: Person, client: Client
) -> None:
    answer = await log_in(client, anna.email)
    cookies = answer.headers.get_list("set-cookie")
    named = {cookie.partition("=")[0]: cookie.lower().split("; ") for cookie in cookies}
    assert {"__Host-session", f"__Host-{cookie_of(anna.id)}"} <= named.keys()
    for flags in named.values():
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= set(flags)
        assert not any(flag.startswith("domain") for flag in flags)
    assert "max-age=43200" in named["__Host-session"]
    assert f"max-age={90 * 24 * 3600}" in named[f"__Host-{cookie_of(anna.id)}"]


async def test_only_hashes_of_the_cookies_are_stored(anna: Person, client: Client) -> None:
    await log_in(client, anna.email)
    token, device_token = client.cookies["__Host-session"], client.cookies[f"__Host-{cookie_of(anna.id)}"]
    [session] = await rows('SELECT token_hash, "user", kind, address, device, created_at FROM login_session')
    [device] = await rows("SELECT id, token_hash, label, kind FROM device")
    assert session == {
        "token_hash": token_hash(token),
        "user": anna.id,
        "kind": "desktop",
        "address": "203.0.113.7",
        "device": device["id"],
        "created_at": MORNING,
    }
    assert device["token_hash"] == token_hash(device_token)
    assert min(len(token), len(device_token)) >= 43


async def test_the_device_is_named_as_a_person_would_call_it(anna: Person, client: Client) -> None:
    client.headers["user-agent"] = FIREFOX
    await log_in(client, anna.email)
    assert await rows("SELECT label FROM device") == [{"label": "Firefox, Linux"}]


async def test_a_session_cookie_from_before_is_worth_nothing_after(anna: Person, client: Client) -> None:
    client.cookies.set("__Host-session", "chosen-by-somebody-else")
    await log_in(client, anna.email)
    assert client.cookies.get("__Host-session", domain="portal.example") != "chosen-by-somebody-else"
    assert (
        await rows(
            "SELECT id FROM login_session WHERE token_hash = {}", token_hash("chosen-by-somebody-else")
        )
        == []
    )


async def test_who_logs_in_anew_leaves_the_session_of_before(
    anna: Person, sam: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    """People share a tablet: what Sam left open is over when Anna logs in there."""
    await give_password(sam)
    await logged_in(client, sam)
    copied = new_client()
    copied.cookies.update(client.cookies)
    await log_in(client, anna.email)
    assert (await copied.page("/admin/users")).location.startswith("/login")
    ended = await rows('SELECT end_reason FROM login_session WHERE "user" = {}', sam.id)
    assert ended == [{"end_reason": "logged in anew"}]


async def test_whoever_is_logged_in_is_led_past_the_form(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    for path in ("/", "/login", "/admin/login"):
        assert (await client.page(path)).location == "/diary"


async def test_a_temporary_password_stays_temporary_and_its_first_use_is_noted(
    anna: Person, client: Client
) -> None:
    await give_password(anna, "grove-lemon-473pq", temporary=True)
    await log_in(client, anna.email, "grove-lemon-473pq")
    [stored] = await rows("SELECT temporary, first_used_at FROM credential WHERE kind = 'password'")
    assert stored == {"temporary": True, "first_used_at": MORNING}


async def test_the_diary_asks_whoever_has_a_temporary_password_to_choose_their_own(
    anna: Person, client: Client
) -> None:
    await give_password(anna, "grove-lemon-473pq", temporary=True)
    answer = await log_in(client, anna.email, "grove-lemon-473pq")
    diary = await (await answer.follow()).follow()
    assert "Choose a password of your own" in diary.text
    assert "[href=/account#own-password]" in diary


async def test_the_form_is_one_that_password_managers_fill(anna: Person, client: Client) -> None:
    page = await client.page("/login")
    assert page["[name=email]"].get("autocomplete") == "username"
    assert page["[name=password]"].get("autocomplete") == "current-password"
