"""A forgotten password: a link by e-mail, one answer for everybody, and a choice that doesn't log in by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.administrators import reset_password
from app.accounts.forgotten.asking import (
    ADDRESS_LIMITS,
    ANSWERS_AFTER,
    NETWORK_LIMIT,
    PORTAL_LIMIT,
    PORTAL_WINDOW,
    mail_may_leave,
)
from app.accounts.tables import User
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import rows, write
from app.messages.crypto import unseal
from app.settings import Settings
from tests.accounts.factors.steps import code_of, with_authenticator
from tests.accounts.test_failed_logins import CALM, without_what_was_typed
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD, Person, a_practitioner, give_password, log_in, logged_in

NEW = "velvet harbour anchor 9"
OVER = "It works once, within 30 minutes."


async def ask(client: Client, email: str, *, door: str = "/login") -> Answer:
    return await (await client.page(f"{door}/forgotten")).submit(email=email)


async def links(settings: Settings) -> list[str]:
    """The paths that were mailed, oldest first."""
    found = await rows("SELECT * FROM message WHERE purpose = 'forgotten_password' ORDER BY id")
    return [
        unseal(row["payload"], row["payload_key"], row["reference"], "email", settings.message_keys)["path"]
        for row in found
    ]


async def recipients() -> list[str]:
    """To whom they went, in that order."""
    found = await rows("SELECT recipient FROM message WHERE purpose = 'forgotten_password' ORDER BY id")
    return [row["recipient"] for row in found]


@pytest.fixture
async def link(anna: Person, client: Client, settings: Settings) -> str:
    """Anna's, just asked for."""
    await ask(client, anna.email)
    [path] = await links(settings)
    return path


async def test_the_way_from_the_log_in_to_a_new_password_and_back(
    anna: Person, client: Client, settings: Settings
) -> None:
    page = await client.page("/login")
    assert page["a[href=/login/forgotten]"].text == "Forgot your password?"
    answer = await ask(client, anna.email.upper())
    assert (answer.status, answer["h1"].text) == (200, "Look at your e-mail")
    [path] = await links(settings)
    chosen = await (await client.page(path)).submit(new=NEW)
    assert (chosen.status, chosen.location) == (303, "/login")
    assert "Your new password is stored. Log in with it." in (await chosen.follow()).text
    assert (await client.page("/diary")).location.startswith("/login"), "it doesn't log in by itself"
    assert (await log_in(client, anna.email, NEW)).status == 303


async def test_everybody_gets_the_same_answer_and_only_who_has_a_login_a_mail(
    anna: Person, new_client: Callable[..., Client], settings: Settings
) -> None:
    without, disabled, gone = [
        await a_practitioner(name, mobile=mobile)
        for name, mobile in (("Ben Osei", ""), ("Cleo Hart", ""), ("Gil Hope", ""))
    ]
    for person in (disabled, gone):
        await give_password(person)
    await User.update({User.enabled_for_online: False}).where(User.id == disabled.id)
    await User.update({User.current: False}).where(User.id == gone.id)
    typed = [anna.email, without.email, disabled.email, gone.email, "nobody@riverside.example", "no address"]
    answers = await asyncio.gather(*(ask(new_client(), email) for email in typed))
    assert {answer.status for answer in answers} == {200}
    assert len({without_what_was_typed(answer) for answer in answers}) == 1
    assert len(await links(settings)) == 1
    found = await rows("SELECT subject_id, details FROM audit_entry WHERE action = 'password.forgotten'")
    assert {row["subject_id"] for row in found} == {str(anna.id), str(without.id), str(disabled.id), ""}
    assert [row["subject_id"] for row in found if "true" in row["details"]] == [str(anna.id)]


async def test_it_takes_the_same_time(anna: Person, new_client: Callable[..., Client]) -> None:
    async def timed(email: str) -> float:
        page = await new_client().page("/login/forgotten")
        began = time.monotonic()
        await page.submit(email=email)
        return time.monotonic() - began

    took = await asyncio.gather(timed(anna.email), timed("nobody@riverside.example"))
    assert min(took) >= ANSWERS_AFTER


async def test_the_second_factor_stays_and_is_asked_for(
    link: str, anna: Person, client: Client, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    key, _recovery = await with_authenticator(new_client(), anna)
    await (await client.page(link)).submit(new=NEW)
    frozen.tick(minutes=1)
    step = await log_in(client, anna.email, NEW)
    assert step.location == "/login/factor"
    assert (await client.page("/diary")).location.startswith("/login")
    answer = await (await step.follow()).submit("#second-step-form", code=code_of(key))
    assert answer.location == "/diary"


async def test_opening_the_link_does_not_use_it_up_and_tells_no_other_site(link: str, client: Client) -> None:
    for _ in range(3):
        page = await client.page(link)
        assert (page.status, page.headers["referrer-policy"]) == (200, "no-referrer")
    assert (await page.submit(new="too short"))["#field-new-error"].text == "Use at least 12 characters."
    assert (await page.submit(new=NEW)).status == 303


async def test_it_works_once(link: str, new_client: Callable[..., Client]) -> None:
    pages = [await new_client().page(link) for _ in range(3)]
    answers = await asyncio.gather(*(page.submit(new=NEW) for page in pages))
    assert sorted(answer.status for answer in answers) == [303, 404, 404]
    again = await new_client().page(link)
    assert (again.status, OVER in again.text, "a[href=/login/forgotten]" in again) == (404, True, True)


async def test_it_is_over_after_half_an_hour_and_when_another_one_was_used(
    link: str, anna: Person, client: Client, settings: Settings, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=20)
    await ask(client, anna.email)
    _, second = await links(settings)
    frozen.tick(minutes=10)
    assert (await client.page(link)).status == 404
    frozen.tick(minutes=-5)
    assert (await (await client.page(second)).submit(new=NEW)).status == 303
    assert (await client.page(link)).status == 404
    assert await rows("SELECT id FROM forgotten_link WHERE token_hash = {}", link.rpartition("/")[2]) == []


async def test_sessions_and_devices_of_the_old_password_end_and_the_phone_s_stay(
    link: str, anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    desktop = await logged_in(new_client(), anna)
    phone = await logged_in(new_client(), anna, phone=True)
    await (await client.page(link)).submit(new=NEW)
    assert (await desktop.page("/diary")).location.startswith("/login")
    assert (await phone.page("/m/today")).status == 200
    assert await rows("SELECT kind FROM device WHERE ended_at IS NOT NULL") == [{"kind": "desktop"}]
    assert CALM in (await log_in(desktop, anna.email, PASSWORD)).text


async def test_the_owner_is_told_by_e_mail_and_text_and_it_is_on_record(
    link: str, anna: Person, client: Client
) -> None:
    await (await client.page(link)).submit(new=NEW)
    told = await rows("SELECT purpose, recipient FROM message WHERE purpose LIKE 'credential%' ORDER BY id")
    assert told == [
        {"purpose": "credential_changed", "recipient": anna.email},
        {"purpose": "credential_changed_text", "recipient": anna.mobile},
    ]
    [entry] = await rows("SELECT actor FROM audit_entry WHERE action = 'password.chosen_by_link'")
    assert entry == {"actor": anna.id}


async def test_whoever_is_disabled_meanwhile_finds_the_link_over(
    link: str, anna: Person, client: Client
) -> None:
    page = await client.page(link)
    await User.update({User.enabled_for_online: False}).where(User.id == anna.id)
    assert (await page.submit(new=NEW)).status == 404
    assert await rows("SELECT id FROM audit_entry WHERE action = 'password.chosen_by_link'") == []


async def test_whatever_replaces_the_password_otherwise_ends_the_link_too(
    anna: Person, client: Client, new_client: Callable[..., Client], settings: Settings, frozen: FrozenClock
) -> None:
    """A mailbox that somebody else reads is why a password is reissued to another address."""
    desktop = await logged_in(new_client(), anna)

    async def chooses_another() -> None:
        await (await desktop.page("/account")).submit("#own-password", current=PASSWORD, new=NEW)

    for replaced in (chooses_another, lambda: reset_password(anna.email)):
        await ask(client, anna.email)
        path = (await links(settings))[-1]
        assert (await client.page(path)).status == 200
        await replaced()
        assert (await client.page(path)).status == 404


async def test_nobody_is_bombed_with_mails_and_nothing_shows_it(
    anna: Person,
    client: Client,
    new_client: Callable[..., Client],
    settings: Settings,
    frozen: FrozenClock,
) -> None:
    (hourly, hour), (daily, day) = ADDRESS_LIMITS
    for expected in (hourly, daily, daily):
        addresses = [f"198.51.100.{n}" for n in range(hourly + 2)]
        answers = await asyncio.gather(*(ask(new_client(address=a), anna.email) for a in addresses))
        assert {(answer.status, answer["h1"].text) for answer in answers} == {(200, "Look at your e-mail")}
        assert len(await links(settings)) == expected
        frozen.move_to(frozen.now + hour + timedelta(seconds=1))
    frozen.move_to(frozen.now + day)
    await ask(client, anna.email)
    assert len(await links(settings)) == daily + 1


async def test_a_network_that_asks_for_everybody_is_stopped(anna: Person, client: Client) -> None:
    page = await client.page("/login/forgotten")
    typed = [f"guess{n}@riverside.example" for n in range(NETWORK_LIMIT)]
    answers = await asyncio.gather(*(page.submit(email=email) for email in typed))
    assert {answer.status for answer in answers} == {200}
    assert (await page.submit(email=anna.email)).status == 429


async def test_the_portal_mails_so_many_an_hour_to_all_together_and_nothing_shows_it(
    anna: Person,
    sam: Person,
    new_client: Callable[..., Client],
    settings: Settings,
    frozen: FrozenClock,
) -> None:
    await give_password(sam)
    async with write():
        assert all([await mail_may_leave() for _ in range(PORTAL_LIMIT - 1)])
    answers = [
        await ask(new_client(address=f"198.51.100.{n}"), email)
        for n, email in enumerate(["nobody@riverside.example", anna.email, sam.email])
    ]
    assert {answer.status for answer in answers} == {200}
    assert len({without_what_was_typed(answer) for answer in answers}) == 1
    assert await recipients() == [anna.email]  # whoever asks for nobody uses up nothing
    refused = await rows(
        "SELECT details FROM audit_entry WHERE action = 'password.forgotten' AND subject_id = {}", str(sam.id)
    )
    assert ["false" in row["details"] for row in refused] == [True]

    frozen.move_to(frozen.now + PORTAL_WINDOW + timedelta(seconds=1))
    await ask(new_client(), sam.email)
    assert await recipients() == [anna.email, sam.email]


async def test_while_the_portal_is_offline_only_the_desk_s_people_get_one(
    anna: Person, sam: Person, client: Client, settings: Settings
) -> None:
    await give_password(sam)
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    assert (await client.page("/login/forgotten")).status == 503
    for person in (anna, sam):
        await ask(client, person.email, door="/admin/login")
    [path] = await links(settings)
    chosen = await (await client.page(path)).submit(new=NEW)
    assert chosen.location == "/admin/login"
    assert (await log_in(client, sam.email, NEW, door="/admin/login")).status == 303


async def test_a_practitioner_s_link_waits_while_the_portal_is_offline(link: str, client: Client) -> None:
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    assert (await client.page(link)).status == 503
    async with write():
        await change_portal_status(PortalStatus.ONLINE, by=None)
    assert (await client.page(link)).status == 200
