"""Every route has a guard of ours, and addresses that lead nowhere lead there for everybody."""

from __future__ import annotations

from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from app.accounts.guards import (
    administrators_only,
    always_open,
    anyone,
    at_own_account,
    once_set_up,
    signed_in,
    who_knows_names,
)
from app.messages.views.receipts import signed_by_vonage
from app.messages.views.tray import on_this_machine
from tests.support.client import Client
from tests.support.people import Person, logged_in
from tests.support.routes import handlers

GUARDS = {
    administrators_only,
    always_open,
    anyone,
    at_own_account,
    on_this_machine,
    once_set_up,
    signed_by_vonage,
    signed_in,
    who_knows_names,
}
# No viewer is looked for on these: they answer a platform, or hold nothing of anybody.
WITHOUT = {"/health", "/ready", "/static/{name}"}


def guards_of(handler: HTTPRouteHandler) -> set[object]:
    return GUARDS & {getattr(guard, "value", guard) for guard in handler.resolve_guards()}


def test_every_route_has_one_of_our_guards(app: Litestar) -> None:
    found = [
        (route, len(guards_of(handler))) for route, handler in handlers(app) if route.path not in WITHOUT
    ]
    assert [route for route, count in found if count != 1] == []
    assert len(found) > 25


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
