"""The doors: where a browser is led to before it logs in, after it, and while the portal is offline."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from app.portal.status import close_portal, open_portal
from tests.accounts.test_devices import GALAXY_TAB, IPAD, PIXEL
from tests.support.browser import IPHONE
from tests.support.client import PARTIAL, Client
from tests.support.people import (
    PASSWORD,
    PIN,
    Person,
    a_front_desk,
    give_password,
    log_in,
    log_in_by_pin,
    logged_in,
)


@pytest.mark.parametrize(
    ("user_agent", "door"),
    [(IPHONE, "/m"), (PIXEL, "/m"), (IPAD, "/login"), (GALAXY_TAB, "/login"), ("", "/login")],
)
async def test_the_address_without_a_path_leads_phones_and_others_to_their_log_in(
    anna: Person, client: Client, user_agent: str, door: str
) -> None:
    answer = await client.page("/", headers={"user-agent": user_agent})
    assert (answer.status, answer.location) == (303, door)


async def test_a_page_that_needs_a_log_in_is_reached_after_it(anna: Person, client: Client) -> None:
    asked = await client.page("/diary/day/2026-11-23")
    assert asked.location == "/login?next=/diary/day/2026-11-23"
    page = await asked.follow()
    assert (await page.submit(email=anna.email, password=PASSWORD)).location == "/diary/day/2026-11-23"


async def test_so_is_a_phone_s_page(anna: Person, client: Client) -> None:
    asked = await client.page("/m/days")
    assert asked.location == "/m?next=/m/days"
    page = await asked.follow()
    assert (await page.submit(mobile=anna.mobile, pin=PIN)).location == "/m/days"


async def test_a_failure_does_not_forget_the_page(anna: Person, client: Client) -> None:
    page = await client.page("/login?next=/account")
    failed = await page.submit(email=anna.email, password="wrong", partial=True)
    assert failed["#login-form"].get("hx-post") == "/login?next=/account"


ELSEWHERE = [
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "javascript:alert(1)",
    "evil.example",
    "http:evil.example",
    "/\u2028/evil.example",
    "/päge",
    "/a\r\nSet-Cookie: x=1",
    "",
]


async def test_a_log_in_leads_to_no_other_site(anna: Person, new_client: Callable[..., Client]) -> None:
    known = await logged_in(new_client(), anna)
    for elsewhere in ELSEWHERE:
        assert (await known.page("/login", params={"next": elsewhere})).location == "/diary", elsewhere
    fresh = new_client()
    for elsewhere in ("//evil.example", "/\\evil.example"):
        answer = await log_in(fresh, anna.email, door=f"/login?{urlencode({'next': elsewhere})}")
        assert (answer.status, answer.location) == (303, "/diary")


async def test_an_odd_path_of_this_site_stays_on_it(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    for path in ("/%2F/evil.example", "/%5Cevil.example", "/.//evil.example", "/@evil.example"):
        answer = await client.page("/login", params={"next": path})
        assert client.base_url.join(answer.location).host == "portal.example", path


async def test_offline_practitioners_are_refused_at_both_doors_and_logged_in_again_after(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await logged_in(client, anna)
    stranger = new_client()
    await stranger.token()
    await close_portal(by=None)
    for answer in (
        await client.page("/diary"),
        await log_in(stranger, anna.email),
        await log_in_by_pin(stranger, anna.mobile),
    ):
        assert (answer.status, "Online access is not available at the moment." in answer.text) == (503, True)
    htmx = await client.partial("/diary")
    assert (htmx.status, htmx.location) == (204, "/")
    await open_portal(by=None)
    assert (await (await client.page("/diary")).follow()).status == 200


async def test_offline_those_who_keep_the_desk_log_in_at_their_own_door(
    sam: Person, new_client: Callable[..., Client]
) -> None:
    dana = await a_front_desk(enabled=False)
    for person in (sam, dana):
        await give_password(person)
    await close_portal(by=None)
    for person in (sam, dana):
        client = new_client()
        answer = await log_in(client, person.email, door="/admin/login")
        assert answer.status == 303
        assert (await (await answer.follow()).follow()).status == 200
        assert (await client.submit("/logout", {})).location == "/admin/login"


async def test_offline_a_page_of_the_administrators_leads_to_their_door(sam: Person, client: Client) -> None:
    await close_portal(by=None)
    asked = await client.page("/admin/users")
    assert asked.location == "/admin/login?next=/admin/users"


async def test_offline_a_right_practitioner_s_password_at_the_desk_s_door_is_refused(
    anna: Person, client: Client
) -> None:
    await close_portal(by=None)
    answer = await log_in(client, anna.email, door="/admin/login")
    assert answer.status == 422


async def test_htmx_gets_a_dialog_over_its_page_that_leads_back_there(anna: Person, client: Client) -> None:
    page = {"HX-Current-URL": "https://portal.example/diary/day/2026-11-23"}
    answer = await client.page("/diary/book", headers={**PARTIAL, **page})
    assert (answer.status, answer.headers["hx-retarget"]) == (401, "#over")
    assert answer["#over-page"].get("data-door") == "/login?next=/diary/day/2026-11-23"
    assert answer["#over-form"].get("hx-get") == "/login"
