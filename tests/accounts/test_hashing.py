"""Hashing: argon2id over a peppered secret; peppers have ids, are changed one day, and may be the wrong ones."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace

import pytest

from app import settings as process
from app.accounts.hashing import HashedSecret, hash_secret, needs_rehash, strangers_lane, verify_secret
from app.accounts.peppers import WrongPepper, check_peppers
from app.db import rows
from app.errors import TooMany
from app.settings import Keyring, Settings
from tests.support.client import Client
from tests.support.people import PASSWORD, Person, log_in, log_in_by_pin

OLD, NEW = {"1": os.urandom(32)}, {"2": os.urandom(32)}


@pytest.fixture(autouse=True)
def hasher() -> None:
    """The real one."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, peppers=Keyring(OLD))


def use_peppers(settings: Settings, *peppers: dict[str, bytes]) -> None:
    process.use(replace(settings, peppers=Keyring({k: v for ring in peppers for k, v in ring.items()})))


async def is_right(secret: str, stored: HashedSecret | None, *, kind: str = "pin", user: int = 7) -> bool:
    return await verify_secret(kind, user, secret, stored, known_device=True)


async def test_a_secret_is_verified_and_another_is_not(database: object) -> None:
    stored = await hash_secret("pin", 7, "204957")
    assert stored.secret_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert stored.pepper == "1"
    assert await is_right("204957", stored)
    assert not await is_right("204958", stored)


async def test_the_hash_belongs_to_one_user_and_one_kind(database: object) -> None:
    """A hash that is copied to another row opens nothing there."""
    stored = await hash_secret("pin", 7, "204957")
    assert not await is_right("204957", stored, user=8)
    assert not await is_right("204957", stored, kind="password")
    assert not await is_right("7204957", await hash_secret("pin", 77, "204957"), user=7)


async def test_the_same_letters_are_the_same_secret_however_a_keyboard_makes_them(database: object) -> None:
    stored = await hash_secret("password", 7, "\u00e9cole navire soleil")
    assert await is_right("e\u0301cole navire soleil", stored, kind="password")


async def test_equal_secrets_have_different_hashes(database: object) -> None:
    first, second = [await hash_secret("pin", 7, "204957") for _ in range(2)]
    assert first.secret_hash != second.secret_hash


@pytest.mark.parametrize("known", [True, False])
async def test_nobody_s_secret_is_never_right(database: object, known: bool) -> None:
    assert not await verify_secret("pin", 0, "nobody's secret", None, known_device=known)


@pytest.mark.parametrize("known", [True, False])
async def test_an_unknown_pepper_fails_closed(settings: Settings, database: object, known: bool) -> None:
    stored = await hash_secret("pin", 7, "204957")
    use_peppers(settings, NEW)
    assert not await verify_secret("pin", 7, "204957", stored, known_device=known)


@pytest.mark.parametrize("damaged", ["", "$argon2id$", "plain", "$2b$12$abcdefghijklmnopqrstuv"])
async def test_a_damaged_hash_fails_closed(database: object, damaged: str) -> None:
    assert not await is_right("204957", HashedSecret(damaged, "1"))


async def test_older_peppers_still_open_and_are_replaced_at_log_in(
    anna: Person, settings: Settings, new_client: Callable[..., Client]
) -> None:
    use_peppers(settings, NEW, OLD)
    assert (await log_in(new_client(), anna.email)).status == 303
    assert (await log_in_by_pin(new_client())).status == 303
    assert await rows("SELECT DISTINCT pepper FROM credential") == [{"pepper": "2"}]
    use_peppers(settings, NEW)
    assert (await log_in(new_client(), anna.email)).status == 303


async def test_a_hash_under_the_current_pepper_is_left_alone(anna: Person, client: Client) -> None:
    before = await rows("SELECT secret_hash FROM credential ORDER BY id")
    await log_in(client, anna.email, PASSWORD)
    assert await rows("SELECT secret_hash FROM credential ORDER BY id") == before


async def test_weaker_parameters_call_for_a_rehash(database: object) -> None:
    stored = await hash_secret("pin", 7, "204957")
    assert not needs_rehash(stored)
    assert needs_rehash(HashedSecret(stored.secret_hash.replace("m=19456", "m=8192"), "1"))


@pytest.fixture
def strangers_wait() -> None:
    """No longer than they do."""


async def test_strangers_wait_for_two_seconds_and_known_devices_pass_them(database: object) -> None:
    """One stranger's hash at a time; while that lane is taken a known device has a lane of its own."""
    stored = await hash_secret("pin", 7, "204957")
    await strangers_lane.acquire()
    try:
        waiting = asyncio.create_task(verify_secret("pin", 7, "204957", stored, known_device=False))
        assert await verify_secret("pin", 7, "204957", stored, known_device=True)
        assert not waiting.done()
        with pytest.raises(TooMany):
            await waiting
    finally:
        strangers_lane.release()
    assert await verify_secret("pin", 7, "204957", stored, known_device=False)


async def test_the_first_start_stores_what_tells_a_wrong_pepper_later(
    settings: Settings, database: object
) -> None:
    await check_peppers()
    await check_peppers()
    [stored] = await rows("SELECT pepper, value FROM pepper_check")
    assert stored["pepper"] == "1"
    assert OLD["1"].hex() not in stored["value"]


async def test_a_pepper_with_another_value_is_refused_at_start(settings: Settings, database: object) -> None:
    await check_peppers()
    use_peppers(settings, {"1": os.urandom(32)})
    with pytest.raises(WrongPepper) as refused:
        await check_peppers()
    assert "PEPPERS has another value for the id 1" in str(refused.value)


async def test_a_new_pepper_in_front_of_the_old_one_is_fine(settings: Settings, database: object) -> None:
    await check_peppers()
    use_peppers(settings, NEW, OLD)
    await check_peppers()
    assert len(await rows("SELECT pepper FROM pepper_check")) == 2


async def test_processes_that_start_at_once_agree(settings: Settings, database: object) -> None:
    await asyncio.gather(*(check_peppers() for _ in range(5)))
    assert len(await rows("SELECT pepper FROM pepper_check")) == 1
