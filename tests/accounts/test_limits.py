"""How often strangers' devices may guess. The counters live in the database, and count before a secret is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from app.accounts import hashing, limits
from app.accounts.limits import NETWORK_LIMIT, PIN_LIMIT, Try, count_try, give_back, network_of
from app.accounts.tables import Credential, CredentialKind
from app.db import rows
from app.errors import TooMany
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import MOBILE, PIN, Person, give_pin, log_in, log_in_by_pin

PASSWORD, NUMBER = CredentialKind.PASSWORD, CredentialKind.PIN


def addresses(count: int) -> list[str]:
    """As many different networks."""
    return [f"198.51.{n // 250}.{n % 250}" for n in range(count)]


async def allowed(tries: list[Awaitable[Try]]) -> list[bool]:
    return [(await counted).allowed for counted in tries]


async def test_a_number_bears_ten_guesses_a_day_from_wherever_they_come(
    clinic: object, frozen: FrozenClock
) -> None:
    tries = [count_try(NUMBER, MOBILE, address) for address in addresses(12)]
    assert await allowed(tries) == [True] * PIN_LIMIT + [False] * 2
    frozen.tick(hours=23)
    assert not (await count_try(NUMBER, MOBILE, "198.51.100.9")).allowed
    frozen.tick(hours=2)
    assert (await count_try(NUMBER, MOBILE, "198.51.100.9")).allowed


async def test_the_counter_does_not_ask_whether_the_number_exists(anna: Person) -> None:
    for identifier in (anna.mobile, "+447911999999", "nonsense"):
        tries = [count_try(NUMBER, identifier, address) for address in addresses(11)]
        assert await allowed(tries) == [True] * 10 + [False]


async def test_a_good_try_is_given_back(clinic: object) -> None:
    for address in addresses(30):
        counted = await count_try(NUMBER, MOBILE, address)
        assert counted.allowed
        await give_back(counted)
    assert {row["failures"] for row in await rows("SELECT failures FROM login_failures")} == {0}


async def test_a_password_is_waited_for_longer_and_longer_up_to_a_minute(
    clinic: object, frozen: FrozenClock
) -> None:
    for pause in (1, 2, 4, 8, 16, 32, 60, 60, 60):
        assert (await count_try(PASSWORD, "sam@riverside.example", "198.51.100.9")).allowed
        frozen.tick(seconds=pause - 0.01)
        assert not (await count_try(PASSWORD, "sam@riverside.example", "198.51.100.9")).allowed
        frozen.tick(seconds=0.01)


async def test_a_password_has_no_daily_cap(clinic: object, frozen: FrozenClock) -> None:
    for address in addresses(120):
        assert (await count_try(PASSWORD, "sam@riverside.example", address)).allowed
        frozen.tick(minutes=1)


async def test_a_good_password_ends_the_wait(clinic: object) -> None:
    await give_back(await count_try(PASSWORD, "sam@riverside.example", "198.51.100.9"))
    assert (await count_try(PASSWORD, "sam@riverside.example", "198.51.100.9")).allowed


@pytest.mark.parametrize("address", ["198.51.100.9", "2001:db8:1:2::17"])
async def test_a_network_bears_a_hundred_failures_an_hour(
    clinic: object, frozen: FrozenClock, address: str
) -> None:
    for n in range(NETWORK_LIMIT):
        assert (await count_try(NUMBER, f"+4479110{n:05}", address)).allowed
    for _ in range(2):
        with pytest.raises(TooMany) as refused:
            await count_try(NUMBER, "+447911888888", address)
        assert refused.value.retry_after == 3600
    assert (await count_try(NUMBER, "+447911888888", "203.0.113.77")).allowed
    frozen.tick(hours=1, seconds=1)
    assert (await count_try(NUMBER, "+447911888888", address)).allowed


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.9", "198.51.100.9"),
        ("2001:db8:1:2:a:b:c:d", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("::ffff:198.51.100.9", "198.51.100.9"),
        ("", "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_an_ipv4_address_or_an_ipv6_slash_64(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("kind", "name", "through"), [(NUMBER, MOBILE, PIN_LIMIT), (PASSWORD, "sam@riverside.example", 1)]
)
async def test_fifty_guesses_at_once_do_not_pass_together(
    clinic: object, kind: CredentialKind, name: str, through: int
) -> None:
    tries = await asyncio.gather(*(count_try(kind, name, address) for address in addresses(50)))
    assert sum(counted.allowed for counted in tries) == through


async def test_good_and_bad_tries_at_once_do_not_lock_each_other_up(clinic: object) -> None:
    """Counters are written in one order by those who count and those who give back."""

    async def good(n: int) -> None:
        await give_back(await count_try(NUMBER, f"+44791100000{n % 3}", f"198.51.100.{n % 2}"))

    await asyncio.gather(*(good(n) for n in range(30)))
    assert {row["failures"] for row in await rows("SELECT failures FROM login_failures")} == {0}


async def test_neither_numbers_nor_addresses_are_stored(anna: Person) -> None:
    await count_try(NUMBER, MOBILE, "198.51.100.9")
    await count_try(PASSWORD, anna.email, "198.51.100.9")
    stored = str(await rows("SELECT * FROM login_failures"))
    assert not any(secret in stored for secret in (MOBILE[1:], "anna", "198.51"))


async def test_a_blocked_number_opens_for_nobody_unknown_and_still_for_a_known_phone(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    own, stranger = new_client(), new_client(address="198.51.100.200")
    await log_in_by_pin(own)
    for address in addresses(PIN_LIMIT):
        await count_try(NUMBER, MOBILE, address)
    refused, welcome = await asyncio.gather(log_in_by_pin(stranger), log_in_by_pin(own))
    assert (refused.location, welcome.location) == ("/m/code", "/m/today")
    assert await rows("SELECT id FROM message WHERE purpose = 'phone_code'") == []


async def test_a_blocked_network_does_not_hold_up_a_known_device_in_it(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    own, stranger = new_client(), new_client()
    await log_in(own, anna.email)
    for n in range(NETWORK_LIMIT):
        await count_try(NUMBER, f"+4479110{n:05}", "203.0.113.7")
    refused, welcome = await asyncio.gather(log_in(stranger, anna.email), log_in(own, anna.email))
    assert (refused.status, welcome.status) == (429, 303)
    assert "Too many tries from this network." in refused.text


async def test_a_temporary_pin_bears_ten_guesses_in_its_whole_life(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await give_pin(anna, "204957", temporary=True)
    for _day in range(2):
        clients = [new_client(address=address) for address in addresses(5)]
        answers = await asyncio.gather(*(log_in_by_pin(client, MOBILE, "000001") for client in clients))
        assert {answer.location for answer in answers} == {"/m/code"}
        frozen.tick(days=1, hours=1)
    assert (await log_in_by_pin(new_client(), MOBILE, "204957")).location == "/m/code"
    assert await rows("SELECT failures FROM credential WHERE kind = 'pin'") == [{"failures": 10}]


async def test_guesses_at_once_do_not_outlive_a_temporary_pin_together(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    await give_pin(anna, "204957", temporary=True)
    clients = [new_client(address=address) for address in addresses(20)]
    await asyncio.gather(*(log_in_by_pin(client, MOBILE, "000001") for client in clients))
    assert await rows("SELECT failures FROM credential WHERE kind = 'pin'") == [{"failures": 10}]


async def test_the_daily_pin_starts_every_day_anew(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    for _day in range(3):
        for address in addresses(PIN_LIMIT):
            await count_try(NUMBER, MOBILE, address)
        frozen.tick(days=1, hours=1)
    assert (await log_in_by_pin(new_client(), MOBILE, PIN)).location == "/m/today"


async def test_after_a_hundred_guesses_since_the_last_good_log_in_no_new_phone_joins(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    own = new_client()
    await log_in_by_pin(own)
    await Credential.update({Credential.failures: 100}).where(Credential.kind == NUMBER)
    await log_in_by_pin(new_client())
    assert await rows("SELECT id FROM message WHERE purpose = 'phone_code'") == []
    assert (await log_in_by_pin(own)).location == "/m/today", "the bound phone, which starts it anew"
    await log_in_by_pin(new_client())
    assert len(await rows("SELECT id FROM message WHERE purpose = 'phone_code'")) == 1


async def test_strangers_together_bear_a_thousand_failures_an_hour(
    anna: Person, new_client: Callable[..., Client], frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PORTAL_LIMIT", 12)  # as full as with its thousand
    own = new_client()
    await log_in(own, anna.email)
    for n, address in enumerate(addresses(12)):
        await count_try(NUMBER, f"+44791100{n:04}", address)
    refused, welcome = await asyncio.gather(log_in(new_client(), anna.email), log_in(own, anna.email))
    assert (refused.status, welcome.status) == (429, 303)
    frozen.tick(hours=1, seconds=1)
    assert (await log_in(new_client(), anna.email)).status == 303


@pytest.mark.parametrize("log_in_as", ["password", "pin"])
async def test_a_guess_that_nobody_had_the_time_to_check_counts_for_nothing(
    anna: Person,
    new_client: Callable[..., Client],
    frozen: FrozenClock,
    monkeypatch: pytest.MonkeyPatch,
    log_in_as: str,
) -> None:
    """Whoever is told to try again in a minute has neither used up a guess nor begun a wait."""
    monkeypatch.setattr(hashing, "STRANGERS_WAIT_AT_MOST", 0.01)
    client = new_client()

    async def once() -> int:
        answer = await (log_in(client, anna.email) if log_in_as == "password" else log_in_by_pin(client))
        return answer.status

    holder = object()
    hashing.strangers_lane.acquire_on_behalf_of_nowait(holder)
    try:
        assert [await once() for _ in range(15)] == [429] * 15
    finally:
        hashing.strangers_lane.release_on_behalf_of(holder)
    counted = await rows("SELECT DISTINCT failures, blocked_until FROM login_failures")
    assert counted == [{"failures": 0, "blocked_until": None}]
    assert await rows("SELECT DISTINCT failures FROM credential") == [{"failures": 0}]
    assert await once() == 303
