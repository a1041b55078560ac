"""No double booking by accident, whoever writes and however: the database itself refuses."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.clock import now
from app.db import rows, write
from app.db.engine import Engine
from app.db.faults import RuleBroken, SlotTaken
from app.diary.tables import Status
from tests.db.diary import add_practitioner, add_room, at, book, change


@pytest.fixture
async def ann(database: Engine) -> int:
    return await add_practitioner()


@pytest.fixture
async def bob(database: Engine) -> int:
    return await add_practitioner()


async def test_of_fifty_who_want_the_same_time_one_gets_it(ann: int) -> None:
    async def try_to_book(minutes: int) -> int:
        async with write():
            return await book(ann, 9 + minutes / 60, 10 + minutes / 60)

    results = await asyncio.gather(*(try_to_book(n) for n in range(50)), return_exceptions=True)

    won = [result for result in results if isinstance(result, int)]
    lost = [result for result in results if isinstance(result, SlotTaken)]
    assert (len(won), len(lost)) == (1, 49)
    assert [row["id"] for row in await rows("SELECT id FROM appointment")] == won


async def test_of_twenty_who_want_the_same_room_one_gets_it(database: Engine) -> None:
    room = await add_room()
    practitioners = [await add_practitioner() for _ in range(20)]

    booked = await asyncio.gather(*(book(p, room=room) for p in practitioners), return_exceptions=True)

    assert sum(isinstance(result, int) for result in booked) == 1
    assert {result.whose for result in booked if isinstance(result, SlotTaken)} == {"room"}
    assert len(await rows("SELECT id FROM appointment")) == 1


async def test_refusal_says_whose_time_is_taken(ann: int) -> None:
    await book(ann, 9, 10)
    with pytest.raises(SlotTaken) as refused:
        await book(ann, 9.75, 10.5)
    assert refused.value.whose == "practitioner"


@pytest.mark.parametrize(("starts", "ends"), [(8, 9.25), (9.75, 11), (9.25, 9.5), (8, 11), (9, 10)])
async def test_any_overlap_is_refused(ann: int, starts: float, ends: float) -> None:
    await book(ann, 9, 10)
    with pytest.raises(SlotTaken):
        await book(ann, starts, ends)


async def test_times_that_only_touch_do_not_overlap(ann: int) -> None:
    await book(ann, 9, 10)
    await book(ann, 8, 9)
    await book(ann, 10, 11)


async def test_colleagues_are_free_at_the_same_time(ann: int, bob: int) -> None:
    await book(ann)
    await book(bob)


async def test_what_began_the_day_before_still_occupies(ann: int) -> None:
    await book(ann, -10, 14.5)
    with pytest.raises(SlotTaken):
        await book(ann, 14, 15)


async def test_forced_booking_is_let_in(ann: int) -> None:
    await book(ann)
    await book(ann, forced=True)


async def test_forced_booking_occupies_its_time_for_the_next(ann: int) -> None:
    await book(ann, 9, 10, forced=True)
    with pytest.raises(SlotTaken):
        await book(ann, 9.5, 10.5)


async def test_forced_booking_that_is_no_longer_forced_is_looked_at(ann: int) -> None:
    await book(ann)
    forced = await book(ann, forced=True)
    with pytest.raises(SlotTaken):
        await change(forced, forced=False)


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.LATE_CANCELLED])
async def test_cancelled_appointment_frees_its_time(ann: int, status: Status) -> None:
    await book(ann, status=status)
    await book(ann)


async def test_uncancelling_is_refused_when_the_time_was_given_away(ann: int) -> None:
    cancelled = await book(ann, status=Status.CANCELLED)
    await book(ann)
    with pytest.raises(SlotTaken):
        await change(cancelled, status=Status.BOOKED)


async def test_patient_arrives_although_another_was_forced_over_the_appointment(ann: int) -> None:
    appointment = await book(ann)
    await book(ann, forced=True)
    await change(appointment, status=Status.ARRIVED)
    assert await rows("SELECT status FROM appointment WHERE id = {}", appointment) == [
        {"status": Status.ARRIVED}
    ]


async def test_moving_onto_another_is_refused(ann: int) -> None:
    await book(ann, 9, 10)
    later = await book(ann, 10, 11)
    with pytest.raises(SlotTaken):
        await change(later, starts_at=at(9.5), ends_at=at(10.5))


async def test_stretching_into_the_next_is_refused(ann: int) -> None:
    first = await book(ann, 9, 10)
    await book(ann, 10, 11)
    with pytest.raises(SlotTaken):
        await change(first, ends_at=at(10.25))


async def test_moving_within_its_own_time_is_no_overlap(ann: int) -> None:
    appointment = await book(ann, 9, 10)
    await change(appointment, starts_at=at(9.25), ends_at=at(10.25))


async def test_handing_over_to_a_busy_colleague_is_refused(ann: int, bob: int) -> None:
    await book(ann)
    appointment = await book(bob)
    with pytest.raises(SlotTaken):
        await change(appointment, practitioner=ann)


async def test_moving_into_a_taken_room_is_refused(ann: int, bob: int) -> None:
    room = await add_room()
    await book(ann, room=room)
    appointment = await book(bob)
    with pytest.raises(SlotTaken) as refused:
        await change(appointment, room=room)
    assert refused.value.whose == "room"


async def test_changing_the_room_does_not_ask_about_the_practitioner_again(ann: int) -> None:
    appointment = await book(ann)
    await book(ann, forced=True)
    await change(appointment, room=await add_room())


async def test_shared_room_takes_several(ann: int, bob: int) -> None:
    room = await add_room(shared=True)
    await book(ann, room=room)
    await book(bob, room=room)


async def test_hold_occupies_until_it_lapses(ann: int) -> None:
    hold = await book(ann, held_until=now() + timedelta(minutes=5))
    with pytest.raises(SlotTaken):
        await book(ann)
    await change(hold, held_until=now() - timedelta(seconds=1))
    await book(ann)


async def test_lapsed_hold_can_not_become_a_booking_over_another(ann: int) -> None:
    hold = await book(ann, held_until=now() - timedelta(seconds=1))
    await book(ann)
    with pytest.raises(SlotTaken):
        await change(hold, held_until=None)


@pytest.mark.parametrize(("starts", "ends"), [(9, 9), (10, 9), (0, 25.5)])
async def test_appointment_lasts_longer_than_nothing_and_a_day_at_most(
    ann: int, starts: float, ends: float
) -> None:
    with pytest.raises(RuleBroken) as refused:
        await book(ann, starts, ends)
    assert refused.value.rule == "appointment-times"
    appointment = await book(ann)
    with pytest.raises(RuleBroken):
        await change(appointment, starts_at=at(starts), ends_at=at(ends))


async def test_leave_may_last_the_longest_day_of_the_year(ann: int) -> None:
    await book(ann, 0, 25)
