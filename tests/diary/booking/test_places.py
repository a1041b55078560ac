"""Where an appointment is, and what kind: what forms offer, what is taken, and what is offered no longer."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from app.clinic.premises import LOCATIONS, ROOMS, LocationForm, RoomForm
from app.db import rows
from app.diary.catalogue.types import TYPES
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import form_at, only_appointment, stored
from tests.support.client import Answer


@dataclass(frozen=True, slots=True)
class Wharf:
    """A second location."""

    id: int
    gym: int
    room: int


@pytest.fixture
async def wharf(kit: Clinicians, staff: Staff) -> Wharf:
    """Wharf Street, with a gym that is shared and a room that is not."""
    by = staff.sam.user
    wharf = await LOCATIONS.create(LocationForm(name="Wharf Street", key="wharf"), by=by)
    gym = await ROOMS.create(RoomForm(name="Gym", location=wharf, shared=True, key="gym"), by=by)
    return Wharf(wharf, gym, await ROOMS.create(RoomForm(name="Room 2", location=wharf, key="room"), by=by))


def offered(form: Answer, name: str) -> list[str]:
    return [option.text for option in form.all(f"[name={name}] option")]


async def test_rooms_are_offered_by_location_and_say_that_they_are_shared(
    wharf: Wharf, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    assert [group.get("label") for group in form.all("optgroup")] == ["High Street", "Wharf Street"]
    assert offered(form, "room") == ["None", "Room 2", "Gym (shared)", "Room 2"]
    assert offered(form, "location") == ["The room’s", "High Street", "Wharf Street"]


async def test_a_single_location_goes_without_saying(kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    assert "optgroup" not in form
    assert "[name=location]" not in form
    assert offered(form, "room") == ["None", "Room 2"]


async def test_a_room_is_where_it_is(wharf: Wharf, kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    wrong = await form.submit(new_name="Noah Fraser", location=wharf.id, room=kit.room)
    assert (wrong.status, wrong["#field-room-error"].text) == (422, "This room is at High Street.")
    assert (await wrong.submit(location="", room=wharf.room)).status == 303
    assert (await only_appointment())["location"] == wharf.id


async def test_a_taken_room_can_be_had_all_the_same(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.dana), staff.ben.user, "09:00")
    refused = await form.submit(new_name="Noah Fraser", type=kit.follow_up, room=kit.room)
    assert (refused.status, refused[".conflict strong"].text) == (409, "The room is taken at that time.")
    assert refused.all(".conflict-slots button")[0].text == "Mon 23 Nov, 09:30"
    assert (await refused.submit(button="button[name=despite]")).status == 303
    (second,) = await rows("SELECT forced, room FROM appointment WHERE id <> {}", amelia_at_nine)
    assert second == {"forced": True, "room": kit.room}


async def test_a_shared_room_takes_several_at_a_time(
    wharf: Wharf, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    dana = await open_as(staff.dana)
    for practitioner in (staff.anna.user, staff.ben.user):
        form = await form_at(dana, practitioner, "09:00")
        booked = await form.submit(new_name=f"Patient of {practitioner}", type=kit.follow_up, room=wharf.gym)
        assert booked.status == 303
    found = await rows("SELECT forced FROM appointment WHERE room = {}", wharf.gym)
    assert found == [{"forced": False}] * 2


class TestRetired:
    """What is offered no longer stays with the appointments that have it."""

    @pytest.fixture(autouse=True)
    async def retired(self, amelia_at_nine: int, kit: Clinicians, staff: Staff) -> None:
        await TYPES.set_active(kit.follow_up, False, by=staff.sam.user)
        await ROOMS.set_active(kit.room, False, by=staff.sam.user)

    async def test_it_is_not_offered_for_a_new_one(
        self, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        form = await form_at(await open_as(staff.anna), staff.anna.user)
        assert offered(form, "type") == ["Sports massage · 60 min"]
        assert "[name=room]" not in form
        anna, sent = await open_as(staff.anna), {"practitioner": staff.anna.user, "new_name": "Noah Fraser"}
        sent |= {"day": "2026-11-23", "time": "15:00", "key": "k", "type": kit.massage}
        for wrong in ({"type": kit.follow_up}, {"room": kit.room}):
            assert (await anna.submit("/diary/appointments", {**sent, **wrong})).status == 422
        assert len(await rows("SELECT id FROM appointment")) == 1

    async def test_an_appointment_still_shows_it_and_keeps_it_when_it_is_edited(
        self, amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        anna = await open_as(staff.anna)
        day = await anna.page("/diary/day/2026-11-23")
        assert "Amelia Hart, new patient, Follow-up" in day[".diary-blocks li a"].get("aria-label")
        form = await anna.page(f"/diary/appointments/{amelia_at_nine}/edit")
        assert offered(form, "type") == ["Follow-up · 30 min", "Sports massage · 60 min"]
        assert (await form.submit(time="10:00")).status == 303
        row = await stored(amelia_at_nine)
        assert (row["type"], row["room"], row["version"]) == (kit.follow_up, kit.room, 2)

    async def test_the_next_one_is_of_a_type_that_has_to_be_chosen(
        self, amelia_at_nine: int, staff: Staff, open_as: OpenAs
    ) -> None:
        form = await (await open_as(staff.anna)).page(f"/diary/book?after={amelia_at_nine}")
        assert offered(form, "type")[0] == "Choose a type"
        refused = await form.submit()
        assert (refused.status, refused["#field-type-error"].text) == (422, "Choose a type of appointment.")

    async def test_a_location_takes_its_rooms_along(
        self, wharf: Wharf, staff: Staff, open_as: OpenAs
    ) -> None:
        anna = await open_as(staff.anna)
        await LOCATIONS.set_active(wharf.id, False, by=staff.sam.user)
        assert "[name=room]" not in await form_at(anna, staff.anna.user)
        await LOCATIONS.set_active(wharf.id, True, by=staff.sam.user)
        assert offered(await form_at(anna, staff.anna.user), "room") == ["None", "Gym (shared)", "Room 2"]
