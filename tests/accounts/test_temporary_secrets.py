"""Temporary secrets live for some days from the moment that the mail server or carrier has them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.accounts.tables import Credential
from app.clinic.tables import Clinic
from app.db import rows, write
from app.messages.outbox import post
from app.messages.tables import Message
from tests.accounts.test_failed_logins import CALM
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import MOBILE, Person, give_password, give_pin, log_in, log_in_by_pin

SENT = "grove-lemon-473pq"
EXPIRED = "This password has expired."


async def sent(person: Person, *, accepted_at: datetime | None) -> None:
    """Tie the person's password to a message that was accepted then."""
    async with write():
        message = await post(
            "online_login", "email", person.email, person.id, {"name": person.name, "password": SENT}
        )
        await Message.update({Message.accepted_at: accepted_at}).where(Message.id == message)
        await Credential.update({Credential.message: message}).where(
            Credential.user == person.id, Credential.kind == "password"
        )


@pytest.fixture
async def newcomer(anna: Person, frozen: FrozenClock) -> Person:
    """Anna with a temporary password, whose mail the server has just accepted."""
    await give_password(anna, SENT, temporary=True)
    await sent(anna, accepted_at=frozen.now)
    return anna


async def test_it_opens_the_diary_for_seven_days(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    frozen.tick(days=7)
    assert (await log_in(client, newcomer.email, SENT)).location == "/diary"


async def test_after_them_the_right_one_is_told_that_it_has_expired(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    frozen.tick(days=7, seconds=1)
    answer = await log_in(client, newcomer.email, SENT)
    assert (answer.status, EXPIRED in answer.text) == (422, True)
    assert await rows("SELECT id FROM login_session") == []


async def test_a_wrong_one_is_never_told_that_it_has_expired(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    frozen.tick(days=8)
    answer = await log_in(client, newcomer.email, "guess-guess-guess")
    assert (CALM in answer.text, EXPIRED in answer.text) == (True, False)


async def test_its_life_begins_when_the_message_was_accepted(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    """Written on Monday, held until Friday: the days count from Friday."""
    await give_password(anna, SENT, temporary=True)
    frozen.tick(days=4)
    await sent(anna, accepted_at=frozen.now)
    frozen.tick(days=7)
    assert (await log_in(client, anna.email, SENT)).status == 303


async def test_one_that_has_not_been_accepted_yet_does_not_age(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await give_password(anna, SENT, temporary=True)
    await sent(anna, accepted_at=None)
    frozen.tick(days=30)
    assert (await log_in(client, anna.email, SENT)).status == 303


async def test_one_that_no_message_carries_lives_from_its_making(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    """As a command prints it."""
    await give_password(anna, SENT, temporary=True)
    frozen.tick(days=7)
    assert (await log_in(new_client(), anna.email, SENT)).status == 303
    frozen.tick(seconds=1)
    assert EXPIRED in (await log_in(new_client(), anna.email, SENT)).text


async def test_a_temporary_pin_expires_too_and_the_daily_one_does_not(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await give_pin(anna, "204957", temporary=True)
    frozen.tick(days=8)
    assert "This PIN has expired." in (await log_in_by_pin(new_client(), MOBILE, "204957")).text
    await give_pin(anna, "204957")
    frozen.tick(days=365)
    assert (await log_in_by_pin(new_client(), MOBILE, "204957")).status == 303


async def test_in_a_browser_that_used_it_an_expired_one_opens_only_the_choice_of_one_s_own(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    await log_in(client, newcomer.email, SENT)
    frozen.tick(days=8)
    answer = await log_in(client, newcomer.email, SENT)
    assert answer.status == 303
    for path in ("/diary", "/"):
        page = await (await client.page(path)).follow()
        while page.status == 303:
            page = await page.follow()
        assert "Choose one of your own to carry on." in page.text
        assert page.response.url.path == "/account"
    chosen = await (await client.page("/account")).submit("#own-password", new="velvet harbour anchor 9")
    assert chosen.status == 303
    assert (await (await client.page("/diary")).follow()).status == 200


async def test_that_holds_for_a_session_that_is_open_when_its_days_end(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    frozen.tick(days=7, minutes=-1)
    await log_in(client, newcomer.email, SENT)
    assert (await (await client.page("/diary")).follow()).status == 200
    frozen.tick(minutes=2)
    assert (await client.page("/diary")).location == "/account"
    htmx = await client.partial("/diary")
    assert htmx.headers["hx-redirect"] == "/account"


async def test_the_days_are_the_clinic_s_setting(
    newcomer: Person, client: Client, frozen: FrozenClock
) -> None:
    await Clinic.update({Clinic.temporary_secret_days: 1}).where(Clinic.id == 1)
    frozen.move_to(frozen.now + timedelta(days=1, seconds=1))
    assert EXPIRED in (await log_in(client, newcomer.email, SENT)).text
