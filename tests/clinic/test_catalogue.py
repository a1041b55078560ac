"""A clinic's lists: added to, changed, put in order, retired and brought back; nothing is ever deleted."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.clinic.premises import LOCATIONS, ROOMS, LocationForm, LocationItem, RoomForm, RoomItem
from app.db import rows
from app.errors import Conflict, Invalid, NotFound
from tests.support.people import a_clinic

BY = 7


@pytest.fixture(autouse=True)
async def clinic(database: object) -> None:
    await a_clinic()


async def add_locations(*names: str) -> list[int]:
    return [await LOCATIONS.create(LocationForm(name=name, key=name), by=BY) for name in names]


async def names() -> list[str]:
    return [location.name for location in await LOCATIONS.items() if location.active]


async def recorded() -> list[tuple[str, str]]:
    found = await rows("SELECT action, details FROM audit_entry WHERE subject <> 'clinic' ORDER BY id")
    return [(row["action"], row["details"]) for row in found]


async def test_what_is_added_comes_last_and_is_on_record() -> None:
    await add_locations("Wharf Street", "Abbey Road")
    assert await names() == ["Wharf Street", "Abbey Road"]
    assert await recorded() == [("location.created", "")] * 2


async def test_a_form_that_is_sent_twice_adds_once() -> None:
    form = LocationForm(name="Abbey Road", address="12 Abbey Road", key="k")
    first, second = await asyncio.gather(*(LOCATIONS.create(form, by=BY) for _ in range(2)))
    assert first == second
    with pytest.raises(Conflict):
        await LOCATIONS.create(LocationForm(name="High Street", key="k"), by=BY)
    assert await names() == ["Abbey Road"]


async def test_two_that_are_offered_never_have_the_same_name() -> None:
    first, second = await add_locations("Abbey Road", "Café")
    attempts = (
        LOCATIONS.create(LocationForm(name="ABBEY ROAD", key="k"), by=BY),
        LOCATIONS.change(LocationForm(name="abbey road", version=1), second, by=BY),
        LOCATIONS.create(LocationForm(name="cafe", key="k"), by=BY),
    )
    for attempt in attempts:
        with pytest.raises(Conflict) as refused:
            await attempt
        assert refused.value.field == "name"
    await LOCATIONS.set_active(first, False, by=BY)
    await add_locations("Abbey road")
    with pytest.raises(Conflict):
        await LOCATIONS.set_active(first, True, by=BY)
    assert await names() == ["Café", "Abbey road"]


async def test_of_equal_names_at_once_one_is_added() -> None:
    forms = [LocationForm(name="Abbey Road", key=str(n)) for n in range(5)]
    results = await asyncio.gather(*(LOCATIONS.create(f, by=BY) for f in forms), return_exceptions=True)
    assert sum(isinstance(result, Conflict) for result in results) == 4
    assert await names() == ["Abbey Road"]


async def test_a_change_counts_and_says_what_it_changed() -> None:
    (location,) = await add_locations("Abbey Road")
    form = LocationForm(name="Abbey Road", address="12 Abbey Road", version=1)
    changed = await LOCATIONS.change(form, location, by=BY)
    assert changed == LocationItem(location, "Abbey Road", "12 Abbey Road", active=True, version=2)
    assert await LOCATIONS.change(form, location, by=BY) == changed, "it was sent twice"
    assert (await recorded())[1:] == [("location.changed", '{"fields": "address"}')]


async def test_a_change_from_an_older_version_is_refused() -> None:
    (location,) = await add_locations("Abbey Road")
    await LOCATIONS.change(LocationForm(name="First", version=1), location, by=BY)
    with pytest.raises(Conflict):
        await LOCATIONS.change(LocationForm(name="Second", version=1), location, by=BY)
    assert await names() == ["First"]


async def test_retiring_is_no_change_of_what_others_edit() -> None:
    (location,) = await add_locations("Abbey Road")
    for active in (False, False, True):
        await LOCATIONS.set_active(location, active, by=BY)
    await LOCATIONS.change(LocationForm(name="Abbey Lane", version=1), location, by=BY)
    assert await names() == ["Abbey Lane"]
    told = [action for action, _ in await recorded()]
    assert told == ["location.created", "location.retired", "location.restored", "location.changed"]


@pytest.mark.parametrize(
    ("place", "order"),
    [(0, "CABD"), (1, "ACBD"), (2, "ABCD"), (3, "ABDC"), (99, "ABDC"), (-1, "CABD")],
)
async def test_an_item_is_put_where_it_is_wanted(place: int, order: str) -> None:
    ids = await add_locations(*"ABCD")
    for _ in range(2):
        await LOCATIONS.put(ids[2], place, by=BY)
    assert "".join(await names()) == order
    assert [action for action, _ in await recorded()].count("location.ordered") == (order != "ABCD")


async def test_retired_ones_take_no_place() -> None:
    ids = await add_locations(*"ABCD")
    await LOCATIONS.set_active(ids[1], False, by=BY)
    await LOCATIONS.put(ids[3], 1, by=BY)
    assert "".join(await names()) == "ADC"


class TestRooms:
    """They are listed, ordered and named apart at each location."""

    @pytest.fixture
    async def places(self) -> list[int]:
        return await add_locations("Wharf Street", "Abbey Road")

    async def add(self, location: int, *names: str) -> list[int]:
        return [await self.create(location, name) for name in names]

    async def create(self, location: int, name: str, **more: Any) -> int:
        form = RoomForm(name=name, location=location, key=f"{location}{name}", **more)
        return await ROOMS.create(form, by=BY)

    async def test_one_name_may_stand_at_two_locations(self, places: list[int]) -> None:
        wharf, abbey = places
        await self.add(abbey, "Room 1")
        (second,) = await self.add(wharf, "Room 1")
        with pytest.raises(Conflict):
            await ROOMS.create(RoomForm(name="room 1", location=wharf, key="k"), by=BY)
        with pytest.raises(Conflict):
            await ROOMS.change(RoomForm(name="Room 1", location=abbey, version=1), second, by=BY)
        assert [room.location for room in await ROOMS.items()] == [wharf, abbey], "locations' order"

    async def test_they_move_among_those_of_their_location(self, places: list[int]) -> None:
        wharf, abbey = places
        await self.add(abbey, "A", "B")
        (gym, _) = await self.add(wharf, "Gym", "Pool")
        await ROOMS.put(gym, 1, by=BY)
        assert [room.name for room in await ROOMS.items()] == ["Pool", "Gym", "A", "B"]

    async def test_a_shared_room_is_stored_as_such(self, places: list[int]) -> None:
        gym = await self.create(places[0], "Gym", shared=True)
        assert await ROOMS.load(gym) == RoomItem(gym, "Gym", places[0], shared=True, active=True, version=1)

    async def test_a_room_is_at_a_location_that_there_is(self) -> None:
        with pytest.raises(Invalid) as refused:
            await self.create(99, "Room 1")
        assert refused.value.field == "location"


async def test_what_is_not_in_the_list_is_not_found() -> None:
    for attempt in (
        lambda: LOCATIONS.load(99),
        lambda: LOCATIONS.change(LocationForm(name="Abbey Road"), 99, by=BY),
        lambda: LOCATIONS.set_active(99, True, by=BY),
        lambda: LOCATIONS.put(99, 0, by=BY),
    ):
        with pytest.raises(NotFound):
            await attempt()
