"""Known devices: browsers that have logged in well. They have their own counter, and strangers can't touch it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from app.accounts.devices import FAILURES_UNTIL_UNKNOWN, KNOWN_FOR, cookie_of, is_phone, label_of
from app.accounts.limits import count_try
from app.accounts.tables import CredentialKind, Device
from app.db import rows
from tests.support.browser import IPHONE
from tests.support.client import Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import MOBILE, PIN, Person, give_password, log_in, log_in_by_pin

IPAD = (
    "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
    "Mobile/15E148 Safari/604.1"
)
IPAD_AS_DESKTOP = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15"
)
PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
GALAXY_TAB = "Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0"


def device_cookie(client: Client, person: Person) -> str:
    return client.cookies[f"__Host-{cookie_of(person.id)}"]


async def test_each_good_log_in_gives_the_device_a_new_token(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await log_in(client, anna.email)
    first = device_cookie(client, anna)
    frozen.tick(days=1)
    await log_in(client, anna.email)
    assert device_cookie(client, anna) != first
    [device] = await rows("SELECT created_at, last_used_at FROM device")
    assert device == {"created_at": MORNING, "last_used_at": MORNING + timedelta(days=1)}


async def test_a_token_that_was_replaced_ends_its_device(anna: Person, client: Client) -> None:
    """It was copied: one of the two who hold it isn't the person."""
    await log_in(client, anna.email)
    copied = device_cookie(client, anna)
    await log_in(client, anna.email)
    client.cookies.clear()
    client.cookies.set(f"__Host-{cookie_of(anna.id)}", copied)
    assert (await log_in(client, anna.email)).status == 303
    devices = await rows("SELECT ended_at FROM device ORDER BY id")
    assert [device["ended_at"] for device in devices] == [MORNING, None]


async def test_a_device_is_forgotten_ninety_days_after_its_last_use(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await log_in(client, anna.email)
    frozen.tick(days=KNOWN_FOR.days)
    await log_in(client, anna.email)
    assert len(await rows("SELECT id FROM device")) == 1
    frozen.tick(days=KNOWN_FOR.days, seconds=1)
    await log_in(client, anna.email)
    assert len(await rows("SELECT id FROM device")) == 2


async def test_five_wrong_secrets_make_a_known_device_a_stranger(anna: Person, client: Client) -> None:
    await log_in_by_pin(client)
    await client.token()
    answers = await asyncio.gather(*(log_in_by_pin(client, MOBILE, "000001") for _ in range(5)))
    assert {answer.status for answer in answers} == {422}
    assert await rows("SELECT failures FROM device") == [{"failures": FAILURES_UNTIL_UNKNOWN}]
    for n in range(10):
        await count_try(CredentialKind.PIN, MOBILE, f"198.51.100.{n}")
    assert (await log_in_by_pin(client)).location == "/m/code", "it is a stranger, and their limit holds"
    assert await rows("SELECT id FROM message WHERE purpose = 'phone_code'") == []


async def test_guesses_at_once_from_a_known_device_do_not_pass_together(anna: Person, client: Client) -> None:
    await log_in_by_pin(client)
    await asyncio.gather(*(log_in_by_pin(client, MOBILE, f"00000{n % 10}") for n in range(20)))
    [device] = await rows("SELECT failures FROM device")
    assert device == {"failures": FAILURES_UNTIL_UNKNOWN}
    [stranger] = await rows("SELECT failures FROM credential WHERE kind = 'pin'")
    assert stranger == {"failures": 10}, "five as the known device, ten more as a stranger, and no more"


async def test_a_good_log_in_starts_the_device_s_counter_anew(anna: Person, client: Client) -> None:
    await log_in_by_pin(client)
    await asyncio.gather(*(log_in_by_pin(client, MOBILE, "000001") for _ in range(4)))
    assert (await log_in_by_pin(client)).status == 303
    assert await rows("SELECT failures FROM device") == [{"failures": 0}]


async def test_strangers_never_touch_a_known_device_s_counter(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await log_in_by_pin(client)
    strangers = [new_client(address=f"198.51.100.{n}") for n in range(12)]
    await asyncio.gather(*(log_in_by_pin(stranger, MOBILE, "000001") for stranger in strangers))
    assert await rows("SELECT failures FROM device") == [{"failures": 0}]
    assert (await log_in_by_pin(client)).status == 303


async def test_a_device_is_known_for_one_user_and_one_kind_of_login(
    anna: Person, sam: Person, client: Client
) -> None:
    """People may share a tablet: each has a cookie of their own there, and a password's device is no phone."""
    await give_password(sam)
    await log_in(client, anna.email)
    await log_in(client, sam.email)
    await log_in_by_pin(client)
    found = await rows('SELECT "user", kind FROM device ORDER BY id')
    assert [(row["user"], row["kind"]) for row in found] == [
        (anna.id, "desktop"),
        (sam.id, "desktop"),
        (anna.id, "phone"),
    ]


async def test_the_cookie_s_name_does_not_tell_whose_it_is(anna: Person, sam: Person) -> None:
    names = {cookie_of(anna.id), cookie_of(sam.id), cookie_of(0)}
    assert len(names) == 3
    assert not any(str(anna.id) == name.removeprefix("device-") for name in names)


async def test_an_ended_device_is_a_stranger(anna: Person, client: Client) -> None:
    await log_in(client, anna.email)
    await Device.update({Device.ended_at: MORNING}).where(Device.user == anna.id)
    await log_in(client, anna.email)
    assert len(await rows("SELECT id FROM device")) == 2


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (IPHONE, "Safari, iPhone"),
        (IPAD, "Safari, iPad"),
        (PIXEL, "Chrome, Android"),
        (EDGE, "Edge, Windows"),
        (IPAD_AS_DESKTOP, "Safari, Mac"),
        ("curl/8", "Browser"),
        ("", "Browser"),
    ],
)
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, label: str) -> None:
    assert label_of(user_agent) == label


@pytest.mark.parametrize(
    ("user_agent", "hint", "phone"),
    [
        (IPHONE, "", True),
        (PIXEL, "", True),
        ("Mozilla/5.0 (X11; Linux x86_64)", "?1", True),
        (IPAD, "", False),
        (IPAD_AS_DESKTOP, "", False),
        (GALAXY_TAB, "?0", False),
        (EDGE, "", False),
        ("", "", False),
    ],
)
def test_phones_are_told_from_tablets(user_agent: str, hint: str, phone: bool) -> None:
    assert is_phone(user_agent, hint) is phone


async def test_the_pin_that_opens_is_still_right_after_a_guess(anna: Person, client: Client) -> None:
    await log_in_by_pin(client, MOBILE, "000001")
    assert (await log_in_by_pin(client, MOBILE, PIN)).status == 303
