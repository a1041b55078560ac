"""Phones join a mobile login: the first one by a new PIN, every other one by a code as well."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from app.accounts.candidates import TEMPORARY_PIN_GUESSES
from app.accounts.limits import PIN_LIMIT, count_try
from app.accounts.phones.tickets import ATTEMPTS
from app.accounts.tables import Credential, CredentialKind, User
from app.db import rows
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.outbox import newest_code
from tests.support.people import MOBILE, PIN, Person, give_pin, log_in_by_pin

WRONG = "000001"
TICKET = "aTicket-of12"


@pytest.fixture
async def in_use(anna: Person) -> Person:
    """Anna, whose PIN some phone has used already."""
    await give_pin(anna, used=True)
    return anna


async def sent() -> int:
    return len(await rows("SELECT id FROM message WHERE purpose = 'phone_code'"))


async def phones() -> list[str]:
    found = await rows("SELECT bound, ended_at FROM device WHERE kind = 'phone' ORDER BY id")
    return ["bound" if row["bound"] and row["ended_at"] is None else "ended" for row in found]


async def with_ticket(client: Client, pin: str, ticket: str = TICKET) -> Answer:
    return await client.submit("/m", {"mobile": MOBILE, "pin": pin, "ticket": ticket})


async def test_the_first_phone_that_gives_a_new_pin_is_bound_by_it(anna: Person, client: Client) -> None:
    assert (await log_in_by_pin(client)).location == "/m/today"
    assert await phones() == ["bound"]
    assert await sent() == 0


async def test_of_phones_that_come_first_at_once_one_is_and_the_others_need_a_code(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    answers = await asyncio.gather(*(log_in_by_pin(new_client()) for _ in range(4)))
    assert sorted(answer.location for answer in answers) == ["/m/code"] * 3 + ["/m/today"]
    assert await phones() == ["bound"]


async def test_another_phone_needs_number_pin_and_a_code_and_joins_the_first(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    first, other = new_client(), new_client()
    await log_in_by_pin(first)
    page = await (await log_in_by_pin(other)).follow()
    code = page["[name=code]"]
    assert (code.get("autocomplete"), code.get("inputmode")) == ("one-time-code", "numeric")
    assert await phones() == ["bound"], "not yet"
    right = await newest_code()
    answer = await page.submit(code=f"{right[:3]} {right[3:]}")
    assert answer.location == "/m/today"
    assert (await answer.follow()).status == 200
    assert await phones() == ["bound", "bound"]
    assert {row["failures"] for row in await rows("SELECT failures FROM login_failures")} == {0}
    for phone in (first, other):
        assert (await log_in_by_pin(phone)).location == "/m/today", "both are known from now on"


async def test_a_code_helps_only_the_browser_that_asked(
    in_use: Person, new_client: Callable[..., Client]
) -> None:
    """Whoever is talked into reading a code out gives away nothing that opens elsewhere."""
    owner, thief = new_client(), new_client()
    await log_in_by_pin(owner)
    code = await newest_code()
    page = await (await log_in_by_pin(thief, MOBILE, WRONG)).follow()
    assert (await page.submit(code=code)).status == 422
    assert (await new_client().submit("/m/code", {"code": code})).status == 422
    assert await phones() == []


async def test_a_code_is_sent_only_where_number_and_pin_were_right(
    in_use: Person, new_client: Callable[..., Client]
) -> None:
    for mobile, pin in ((MOBILE, WRONG), ("+447911999999", PIN), ("nonsense", "x")):
        assert (await log_in_by_pin(new_client(), mobile, pin)).location == "/m/code"
    assert await sent() == 0
    await log_in_by_pin(new_client())
    assert await sent() == 1


@pytest.mark.parametrize("meanwhile", ["a new PIN", "no longer enabled", "gone"])
async def test_what_happens_meanwhile_makes_a_code_worthless(
    in_use: Person, client: Client, meanwhile: str
) -> None:
    page = await (await log_in_by_pin(client)).follow()
    if meanwhile == "a new PIN":
        await give_pin(in_use, "204957", temporary=True)
    elif meanwhile == "gone":
        await User.update({User.current: False}).where(User.id == in_use.id)
    else:
        await User.update({User.enabled_for_online: False}).where(User.id == in_use.id)
    answer = await page.submit(code=await newest_code())
    assert (answer.status, "That code doesn't work." in answer.text) == (422, True)
    assert await phones() == []


async def test_without_having_asked_there_is_no_page_for_a_code(anna: Person, client: Client) -> None:
    assert (await client.page("/m/code")).location == "/m"


async def test_the_code_leads_to_the_page_that_was_asked_for(in_use: Person, client: Client) -> None:
    asked = await client.submit("/m?next=/m/days", {"mobile": MOBILE, "pin": PIN})
    page = await asked.follow()
    assert (await page.submit(code=await newest_code())).location == "/m/days"


async def test_a_bound_phone_remembers_its_number_and_shows_only_its_end(
    anna: Person, client: Client
) -> None:
    await log_in_by_pin(client)
    await client.submit("/logout", {})
    page = await client.page("/m")
    assert page["#remembered"].get("value") == "ends in 456"
    assert "7911" not in page.response.text
    assert (await page.submit(pin=PIN)).location == "/m/today"
    await client.submit("/logout", {})
    other = await client.page("/m?number=other")
    assert other["[name=mobile]"].get("value") == ""
    assert (await other.submit(pin=PIN)).status == 422


async def test_a_wrong_pin_on_a_bound_phone_is_told_calmly_and_asks_for_no_code(
    anna: Person, client: Client
) -> None:
    await log_in_by_pin(client)
    answer = await client.submit("/m", {"pin": WRONG})
    assert (answer.status, "That didn't work." in answer.text) == (422, True)
    assert "#remembered" in answer


async def test_strangers_can_not_use_up_the_attempts_of_a_ticket(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await give_pin(anna, temporary=True, ticket=TICKET)
    await Credential.update({Credential.failures: TEMPORARY_PIN_GUESSES}).where(
        Credential.kind == CredentialKind.PIN
    )
    for n in range(PIN_LIMIT):
        await count_try(CredentialKind.PIN, MOBILE, f"198.51.100.{n}")
    stranger, owner = new_client(), new_client()
    assert (await log_in_by_pin(stranger)).location == "/m/code"
    assert (await with_ticket(stranger, PIN, "another-one1")).location == "/m/code"
    assert await sent() == 0
    assert (await with_ticket(owner, PIN)).location == "/m/today"


async def test_a_ticket_has_five_attempts_also_when_they_come_at_once(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    await give_pin(anna, temporary=True, ticket=TICKET)
    answers = await asyncio.gather(*(with_ticket(new_client(), WRONG) for _ in range(8)))
    by_ticket = [answer for answer in answers if answer.status == 422]
    assert len(by_ticket) == ATTEMPTS
    assert by_ticket[0]["[name=ticket]"].get("value") == TICKET, "kept for the next attempt"
    [stored] = await rows("SELECT failures, ticket_failures FROM credential WHERE kind = 'pin'")
    assert stored == {"failures": 3, "ticket_failures": ATTEMPTS}, "the rest were strangers'"


async def test_a_ticket_opens_nothing_by_itself_and_dies_with_the_first_log_in(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    await give_pin(anna, temporary=True, ticket=TICKET)
    assert (await with_ticket(new_client(), PIN)).location == "/m/today"
    assert await rows("SELECT ticket_hash FROM credential WHERE kind = 'pin'") == [{"ticket_hash": ""}]
    assert (await with_ticket(new_client(), PIN)).location == "/m/code"


async def test_a_browser_keeps_its_ticket_when_the_form_has_lost_it(anna: Person, client: Client) -> None:
    await give_pin(anna, temporary=True, ticket=TICKET)
    await client.submit("/m", {"mobile": "+447911999999", "pin": PIN, "ticket": TICKET})
    await Credential.update({Credential.failures: TEMPORARY_PIN_GUESSES}).where(
        Credential.kind == CredentialKind.PIN
    )
    assert (await log_in_by_pin(client)).location == "/m/today"
