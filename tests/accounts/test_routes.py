"""Every route is called by every role and by a stranger: who may comes in, and to all others it doesn't exist."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from app.clinic.clinic import ClinicSettings
from tests.support.client import Client
from tests.support.people import Person, a_front_desk, a_practitioner, an_administrator, logged_in
from tests.support.routes import Route, declared

MAY = {
    "administrator": {"everybody", "staff", "administrators"},
    "administrator with a PIN": {"everybody", "staff"},
    "front desk": {"everybody", "staff"},
    "practitioner": {"everybody", "staff"},
    "stranger": {"everybody"},
}
STREAM = "/events"  # its own tests open it: it has no end to wait for, and tells a stranger that it is over
NO_SUCH_PAGE = "The address may be mistyped"  # what isn't there on a page that is has words of its own
DOORS = ("/login", "/m", "/admin/login")


async def the_one(role: str) -> Person | None:
    """Somebody of that role; nobody for a stranger."""
    hire = {"front desk": a_front_desk, "practitioner": a_practitioner, "stranger": None}
    make = hire.get(role, an_administrator)
    return await make() if make else None


def turned_away(answer: httpx.Response, role: str) -> bool:
    """Whether it is how outsiders are refused: the log-in for a stranger, no such page for everybody else."""
    if role == "stranger":
        if answer.request.method == "POST":  # what was typed is kept beside the way to the log-in
            return answer.status_code == 401 and any(f'href="{door}"' in answer.text for door in DOORS)
        return answer.status_code == 303 and answer.headers["location"].partition("?")[0] in DOORS
    return answer.status_code == 404 and NO_SUCH_PAGE in answer.text


@pytest.mark.parametrize("role", MAY)
async def test_a_role_gets_where_it_may_and_nowhere_else(
    clinic: ClinicSettings, new_client: Callable[..., Client], role: str
) -> None:
    person, browser = await the_one(role), new_client()
    token = await browser.token()
    if person:
        await logged_in(browser, person, phone=role.endswith("PIN"))
    wrong = []
    # Whoever has logged out is a stranger: that comes last.
    for route, who in sorted(declared().items(), key=lambda item: item[0].path == "/logout"):
        if route.path == STREAM or who == "machines":
            continue
        answer = await call(browser, route, token)
        if who not in MAY[role]:
            right = turned_away(answer, role) and "Web Booking" not in answer.text
        else:
            right = answer.status_code not in (401, 403, 500)
            right &= who == "everybody" or not (turned_away(answer, role) or turned_away(answer, "stranger"))
        if not right:
            wrong.append(f"{route.method} {route.path}: {answer.status_code}")
    assert wrong == []


async def call(browser: Client, route: Route, token: str) -> httpx.Response:
    """As a browser would, with nothing typed."""
    return await browser.request(route.method, route.address, headers={"x-csrftoken": token})


async def test_machines_have_to_prove_themselves(clinic: ClinicSettings, client: Client) -> None:
    token = await client.token()
    for route, who in declared().items():
        if who == "machines":
            assert (await call(client, route, token)).status_code in (401, 404), route
