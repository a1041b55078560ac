"""The portal is offline: practitioners are refused everywhere, and those who keep the desk work on."""

from __future__ import annotations

import re

import pytest
from litestar import Litestar

from app.portal.status import close_portal, open_portal
from tests.portal.conftest import MOBILE, LogIn, try_to_log_in
from tests.support.client import Answer, Client
from tests.support.people import PASSWORD, PIN

NEUTRAL = "Online access is not available at the moment."
# What answers while the portal is offline, and why.
ALWAYS_OPEN = {
    "/health": "a platform asks",
    "/ready": "a platform asks",
    "/static/{name}": "the refusal has a look too",
    "/.well-known/daybook/{nonce}": "the portal checks itself",
    "/setup/{token}": "there is no portal yet",
    "/admin/login": "administrators get in here",
    "/login/passkey/options": "what any door has a passkey sign, theirs too",
    "/login/factor": "their second step",
    "/login/forgotten/": "the link that one of theirs was sent",
    "/login/expired": "the button beside what their door says",
    "/new-device/": "*Not me* can't wait",
    "/a/{token}/stop": "whoever wants no more messages gets none",
    "/logout": "leaving is always allowed",
    "/tray": "development's stand-in for mail and phone",
    "/webhooks": "the carrier reports what it delivered",
}


def refuses(answer: Answer) -> bool:
    """Whether it is the neutral page: the clinic and its phone, and no reason."""
    return (
        answer.status == 503
        and NEUTRAL in answer.text
        and answer["h1"].text == "Riverside Physio"
        and answer["a[href=tel:+441614960000]"].text == "+44 161 496 0000"
    )


@pytest.fixture
async def anna(staff: None, log_in: LogIn) -> Client:
    """A practitioner's browser, logged in while the portal was online."""
    await open_portal(by=None)
    anna = await log_in("anna", "/login")
    assert (await (await anna.page("/diary")).follow()).status == 200
    return anna


def addresses(app: Litestar) -> list[tuple[str, str]]:
    """Each method and path that the application knows and that isn't always open, with something for its parameters."""
    samples = {"int": "1", "str": "2026-11-23", "path": "x", "uuid": "0" * 32}
    found = [
        (method, re.sub(r"{\w+:(\w+)}", lambda part: samples[part[1]], route.path))
        for route in app.routes
        if not re.sub(r":\w+}", "}", route.path).startswith(tuple(ALWAYS_OPEN))
        for method in sorted(route.methods - {"OPTIONS", "HEAD"})
    ]
    assert len(found) > 20
    return found


async def test_a_practitioner_is_refused_wherever_they_go(app: Litestar, anna: Client) -> None:
    await close_portal(by=None)
    token = await anna.token()
    for method, path in addresses(app):
        answer = Answer(anna, await anna.request(method, path, headers={"x-csrftoken": token}))
        assert refuses(answer), f"{method} {path}: {answer.status} {answer.text[:200]}"


async def test_a_stranger_is_refused_wherever_they_go(app: Litestar, staff: None, client: Client) -> None:
    """Only the administrators' pages lead somewhere: to the administrators' log-in."""
    token = await client.token()
    for method, path in addresses(app):
        answer = Answer(client, await client.request(method, path, headers={"x-csrftoken": token}))
        if path.startswith("/admin/"):
            door = answer.location if method == "GET" else answer["main a"].get("href")
            assert door.startswith("/admin/login"), f"{method} {path}"
        else:
            assert refuses(answer), f"{method} {path}: {answer.status} {answer.text[:200]}"


async def test_htmx_is_led_to_the_whole_page(anna: Client) -> None:
    await close_portal(by=None)
    part = await anna.partial("/diary/day/2026-11-23")
    assert part.location == "/"
    assert part.response.text == ""
    assert refuses(await part.follow())


async def test_sessions_work_again_when_the_portal_is_back(anna: Client) -> None:
    await close_portal(by=None)
    assert refuses(await anna.page("/diary/day/2026-11-23"))
    await open_portal(by=None)
    page = await anna.page("/diary/day/2026-11-23")
    assert page.status == 200
    assert "Anna Marsh" in page.text


async def test_who_was_logged_out_has_to_log_in_again(anna: Client) -> None:
    await close_portal(by=None, log_everybody_out=True)
    assert refuses(await anna.page("/account"))
    await open_portal(by=None)
    answer = await anna.page("/account")
    assert (answer.status, answer.location) == (303, "/login?next=/account")


async def test_a_closed_portal_refuses_login(staff: None, client: Client) -> None:
    assert refuses(await try_to_log_in(client, "anna", "/login"))
    assert refuses(await client.submit("/m", {"mobile": MOBILE, "pin": PIN}))


async def test_the_desks_door_lets_no_practitioner_in(staff: None, client: Client) -> None:
    answer = await try_to_log_in(client, "anna", "/admin/login")
    assert answer.status == 422
    assert "That didn't work" in answer.text


async def test_a_phone_is_refused_and_let_in_again(staff: None, client: Client) -> None:
    await open_portal(by=None)
    answer = await client.submit("/m", {"mobile": MOBILE, "pin": PIN})
    assert (answer.status, answer.location) == (303, "/m/today")
    await close_portal(by=None)
    assert refuses(await client.page("/m/today"))
    await open_portal(by=None)
    assert (await client.page("/m/today")).status == 200


@pytest.mark.parametrize(("who", "page"), [("sam", "/admin/web-booking"), ("dana", "/diary/day/2026-11-23")])
async def test_who_keeps_the_desk_works_on(who: str, page: str, staff: None, log_in: LogIn) -> None:
    await open_portal(by=None)
    browser = await log_in(who, "/login")
    await close_portal(by=None, log_everybody_out=True)
    assert (await browser.page(page)).status == 200


@pytest.mark.parametrize("who", ["sam", "robin", "dana"])
async def test_who_keeps_the_desk_logs_in_at_its_own_door(who: str, staff: None, client: Client) -> None:
    answer = await try_to_log_in(client, who, "/admin/login")
    assert (answer.status, answer.location) == (303, "/diary")
    assert (await (await answer.follow()).follow()).status == 200
    assert PASSWORD not in answer.response.text


async def test_an_administrators_page_leads_to_the_desks_door_and_back(staff: None, client: Client) -> None:
    page = await (await client.page("/admin/web-booking")).follow()
    answer = await page.submit(email="sam@riverside.example", password=PASSWORD)
    assert answer.location == "/admin/web-booking"


async def test_what_must_answer_does(staff: None, client: Client) -> None:
    assert (await client.get("/health")).status_code == 200
    page = await client.page("/")
    for link in page.all("link[href]"):
        assert (await client.get(link.get("href"))).status_code == 200
