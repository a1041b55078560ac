"""Devices that are new: the owner is told, vouches for a phone, or says that it wasn't them."""

from __future__ import annotations

from collections.abc import Callable

from app.accounts.tables import User
from app.db import rows
from app.messages.compose import Purpose
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.outbox import waiting
from tests.support.people import Person, log_in, log_in_by_pin, logged_in


async def link() -> str:
    """Where the newest e-mail about a device leads."""
    return (await waiting(Purpose.NEW_DEVICE))[-1]["path"]


async def confirmed() -> list[bool]:
    return [
        row["confirmed_at"] is not None for row in await rows("SELECT confirmed_at FROM device ORDER BY id")
    ]


async def test_the_owner_is_told_of_a_new_phone_and_vouches_for_it_by_the_link(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await log_in_by_pin(client)
    [mail] = await waiting(Purpose.NEW_DEVICE)
    assert (mail["recipient"], mail["kind"]) == (anna.email, "phone")
    elsewhere = new_client()
    page = await elsewhere.page(mail["path"])
    assert await confirmed() == [False], "opening the link changes nothing"
    answer = await page.submit(f"form[action={mail['path']}/confirm]")
    assert "Confirmed" in (await answer.follow()).text
    assert await confirmed() == [True]
    [entry] = await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'phone.confirmed'")
    assert entry == {"actor": anna.id, "subject_id": str(anna.id)}


async def test_a_device_that_is_known_is_told_once(anna: Person, client: Client) -> None:
    for _ in range(2):
        await log_in_by_pin(client)
        await log_in(client, anna.email)
    assert [mail["kind"] for mail in await waiting(Purpose.NEW_DEVICE)] == ["phone", "desktop"]


async def test_not_me_ends_that_phone_stops_the_pin_and_tells_the_administrators(
    anna: Person, sam: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    desktop = await logged_in(new_client(), anna)
    await log_in_by_pin(client)
    path = await link()
    page = await new_client().page(path)
    answer = await page.submit(f"form[action={path}/not-me]")
    assert (answer.status, "Your PIN no longer works" in answer.text) == (200, True)
    assert (await client.page("/m/today")).location.startswith("/m")
    assert (await log_in_by_pin(client)).location == "/m/code"
    assert await waiting(Purpose.PHONE_CODE) == [], "nor does any code leave"
    assert (await desktop.page("/account")).status == 200, "other devices stay"
    [told] = await waiting(Purpose.DEVICE_REFUSED)
    assert (told["recipient"], told["whose"]) == (sam.email, anna.name)
    assert told["path"] == f"/admin/users/{anna.id}/logins/pin"
    assert (await new_client().page(path)).status == 404, "the link is used up"


async def test_not_me_after_a_password_stops_the_password(
    anna: Person, sam: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await log_in(client, anna.email)
    path = await link()
    await (await new_client().page(path)).submit(f"form[action={path}/not-me]")
    assert (await client.page("/account")).status == 303
    assert (await log_in(new_client(), anna.email)).status == 422


async def test_a_link_works_for_a_week_and_only_if_it_is_one(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await log_in_by_pin(client)
    path = await link()
    assert (await client.page("/new-device/something-else")).status == 404
    frozen.tick(days=7)
    assert (await client.page(path)).status == 404


async def test_the_owner_vouches_from_a_desktop_and_never_from_the_phone_itself(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await log_in_by_pin(client)
    [phone] = await rows("SELECT id FROM device")
    address = f"/account/phones/{phone['id']}/confirm"
    assert (await client.submit(address, {})).status == 404
    assert "is it yours?" not in (await client.page("/account")).text
    desktop = await logged_in(new_client(), anna)
    account = await desktop.page("/account")
    assert "A new phone: is it yours?" in account.text
    assert (await account.submit(f"form[action={address}]")).location == "/account"
    assert (await confirmed())[0]


async def test_nobody_vouches_for_a_colleague_s_phone(
    anna: Person, sam: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await log_in_by_pin(client)
    [phone] = await rows("SELECT id FROM device")
    others = await logged_in(new_client(), sam)
    for action in ("confirm", "not-me"):
        assert (await others.submit(f"/account/phones/{phone['id']}/{action}", {})).status == 404
    assert (await confirmed())[0] is False


async def test_an_administrator_vouches_with_one_tap_where_nobody_reads_mail(
    anna: Person, sam: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await User.update({User.email: ""}).where(User.id == anna.id)
    await log_in_by_pin(client)
    assert await waiting(Purpose.NEW_DEVICE) == []
    admin = await logged_in(new_client(), sam)
    record = await admin.page(f"/admin/users/{anna.id}")
    assert "shows patients by their initials" in record["#logins"].text
    answer = await record.submit("#logins form")
    assert answer.location == f"/admin/users/{anna.id}"
    assert (await confirmed())[0]
    assert "#logins form" not in await answer.follow()
