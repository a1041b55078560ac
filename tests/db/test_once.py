"""A form that arrives twice creates one thing."""

from __future__ import annotations

import asyncio

import pytest

from app.clinic.tables import Location
from app.db import rows, write
from app.db.once import KeyReused, once
from app.errors import Invalid
from tests.support.clock import FrozenClock

pytestmark = pytest.mark.usefixtures("database")


async def create(name: str, *, key: str = "k", actor: str = "user:1", fail: bool = False) -> str:
    """The id of a location that is created once under the key."""
    async with once(key, {"name": name}, actor=actor) as earlier:
        if earlier.result is not None:
            return earlier.result
        added = await Location.insert(Location(name=name)).returning(Location.id)
        if fail:
            raise Invalid("That name is already used.", "name")
        earlier.remember(str(added[0]["id"]))
        return str(added[0]["id"])


async def names() -> list[str]:
    return [row["name"] for row in await rows("SELECT name FROM location ORDER BY id")]


async def test_same_form_again_gets_the_same_answer() -> None:
    assert await create("one") == await create("one")
    assert await names() == ["one"]


async def test_key_with_other_content_is_a_conflict_that_tells_what_there_is() -> None:
    first = await create("one")
    with pytest.raises(KeyReused) as refused:
        await create("two")
    assert refused.value.result == first
    assert refused.value.status == 409
    assert await names() == ["one"]


async def test_refused_form_may_be_corrected_under_its_key() -> None:
    with pytest.raises(Invalid):
        await create("wrong", fail=True)
    await create("right")
    assert await names() == ["right"]


async def test_key_belongs_to_its_actor() -> None:
    await create("one", actor="user:1")
    await create("two", actor="user:2")
    assert await names() == ["one", "two"]


async def test_key_is_forgotten_after_a_day(frozen: FrozenClock) -> None:
    await create("one")
    frozen.tick(hours=23, minutes=59)
    await create("one")
    frozen.tick(minutes=2)
    await create("one")
    assert await names() == ["one", "one"]


async def test_all_who_come_at_once_get_the_one_that_was_created() -> None:
    results = await asyncio.gather(*(create("one") for _ in range(30)))
    assert len(set(results)) == 1
    assert await names() == ["one"]


async def test_who_waited_for_one_that_failed_may_create_it() -> None:
    attempts = (create("one", fail=number % 2 == 0) for number in range(10))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert len({result for result in results if isinstance(result, str)}) == 1
    assert await names() == ["one"]


async def test_key_is_undone_with_the_transaction_around_it() -> None:
    async def create_and_fail() -> None:
        async with write():
            await create("one")
            raise LookupError

    with pytest.raises(LookupError):
        await create_and_fail()
    await create("one")
    assert await names() == ["one"]


async def test_forgetting_to_remember_undoes_what_was_created() -> None:
    async def forget() -> None:
        async with once("k", {}, actor="user:1"):
            await Location.insert(Location(name="one"))

    with pytest.raises(RuntimeError, match="remember"):
        await forget()
    assert await names() == []
