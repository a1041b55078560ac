"""A passkey where the administrators' pages ask again who is there."""

from __future__ import annotations

from tests.accounts.factors.steps import give_passkey, with_passkey
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import Person


async def test_the_administrators_pages_open_by_a_passkey(
    sam: Person, client: Client, device: SoftAuthenticator, frozen: FrozenClock
) -> None:
    await with_passkey(client, sam, device)
    frozen.tick(minutes=15)
    page = await (await client.page("/admin/users")).follow()
    assert "form[data-passkey=get]" in page
    answer = await give_passkey(client, device, "/confirm/passkey?next=/admin/users")
    assert (answer.location, (await client.page("/admin/users")).status) == ("/admin/users", 200)


async def test_somebody_else_s_passkey_opens_none_of_them(
    sam: Person, anna: Person, client: Client, device: SoftAuthenticator, frozen: FrozenClock
) -> None:
    await with_passkey(client, anna, device)
    await with_passkey(client, sam, SoftAuthenticator(device.origin))
    frozen.tick(minutes=15)
    assert (await give_passkey(client, device, "/confirm/passkey")).status == 422
    assert (await client.page("/admin/users")).location.startswith("/confirm")
