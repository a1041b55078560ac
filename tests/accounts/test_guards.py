"""Who may call what: every route says it, and to outsiders the administrators' pages don't exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from app.accounts.guards import (
    administrators_only,
    always_open,
    anyone,
    at_own_account,
    once_set_up,
    signed_in,
)
from app.messages.views.receipts import signed_by_vonage
from app.messages.views.tray import on_this_machine
from tests.support.client import Answer, Client
from tests.support.people import Person, a_front_desk, logged_in

GUARDS = {
    administrators_only,
    always_open,
    anyone,
    at_own_account,
    on_this_machine,
    once_set_up,
    signed_by_vonage,
    signed_in,
}
# No viewer is looked for on these: they answer a platform, or hold nothing of anybody.
WITHOUT = {"/health", "/ready", "/static/{name:str}"}


def handlers(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        assert isinstance(route, HTTPRoute), f"{route.path}: say here who may open it"
        for handler in route.route_handlers:
            if "OPTIONS" not in handler.http_methods:  # the framework's own, which says what a path takes
                yield route.path, handler


def guards_of(handler: HTTPRouteHandler) -> set[object]:
    return GUARDS & {getattr(guard, "value", guard) for guard in handler.resolve_guards()}


def test_every_route_has_one_of_our_guards(app: Litestar) -> None:
    found = [(path, len(guards_of(handler))) for path, handler in handlers(app) if path not in WITHOUT]
    assert [path for path, count in found if count != 1] == []
    assert len(found) > 25


def test_administrators_pages_are_guarded_as_such_but_for_their_door(app: Litestar) -> None:
    wrong = [
        path
        for path, handler in handlers(app)
        if (path.startswith("/admin")) != (guards_of(handler) == {administrators_only})
        and path != "/admin/login"
    ]
    assert wrong == []


def addresses(app: Litestar) -> list[tuple[str, str]]:
    """Method and path of every administrators' page, with something for its parameters."""
    samples = {"int": "1", "str": "password"}
    return [
        (method, re.sub(r"{\w+:(\w+)}", lambda part: samples[part[1]], path))
        for path, handler in handlers(app)
        if administrators_only in guards_of(handler)
        for method in sorted(handler.http_methods)
    ]


@pytest.mark.parametrize("who", ["practitioner", "front desk"])
async def test_to_outsiders_the_administrators_pages_do_not_exist(
    app: Litestar, anna: Person, sam: Person, client: Client, who: str
) -> None:
    await logged_in(client, anna if who == "practitioner" else await a_front_desk())
    token = await client.token()
    for method, path in addresses(app):
        answer = Answer(client, await client.request(method, path, headers={"x-csrftoken": token}))
        assert (answer.status, "There is no such page" in answer.text) == (404, True), f"{method} {path}"
        assert "Web Booking" not in answer.text


async def test_strangers_are_led_to_the_log_in_from_every_page_that_is_not_theirs(
    app: Litestar, anna: Person, new_client: Callable[..., Client]
) -> None:
    client = new_client()
    token = await client.token()
    for method, path in addresses(app):
        answer = Answer(client, await client.request(method, path, headers={"x-csrftoken": token}))
        assert answer.location.partition("?")[0] == "/login", f"{method} {path}"


async def test_an_address_that_leads_nowhere_is_a_page_for_whoever_is_logged_in(
    anna: Person, client: Client
) -> None:
    await logged_in(client, anna)
    answer = await client.page("/no/such/page")
    assert answer.status == 404
    assert answer["nav.rail"]
    assert "Open the diary" in answer.text


async def test_a_number_beyond_every_id_is_nothing(sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    for number in (2**31, 10**30):
        assert (await client.page(f"/admin/users/{number}")).status == 404
    assert (await client.page(f"/admin/users/{2**31 - 1}")).status == 404
