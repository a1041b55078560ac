"""Whoever has left gets nothing put into their diary any more, whatever is done at the same moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

import pytest

from app.accounts.users import load_user
from app.clinic.clinic import ClinicSettings
from app.db import rows, write
from app.diary.appointments.editing import move
from app.diary.booking.booking import Booking, book
from app.diary.booking.forms import MoveForm
from app.diary.changes.changes import Done
from app.diary.changes.forms import UndoForm
from app.diary.changes.undo import undo
from app.diary.setbacks.leaving import let_go
from app.diary.setbacks.occasions import Occasion, Why
from app.errors import Conflict, NotFound
from tests.diary.conftest import MONDAY, Clinicians, Staff
from tests.diary.steps import stored

At = Callable[..., datetime]


async def leaves(staff: Staff, clinic: ClinicSettings) -> None:
    """Ben is made non-current."""
    await let_go(Occasion(staff.ben.user, Why.LEAVING, MONDAY, None), clinic, by=staff.sam)


async def moved(appointment: int, practitioner: int, clinic: ClinicSettings, staff: Staff) -> Done:
    """As a gesture does it, at the same time."""
    version = (await stored(appointment))["version"]
    return await move(
        MoveForm(practitioner=practitioner, version=version), appointment, clinic, by=staff.dana
    )


async def test_nothing_is_moved_or_booked_to_somebody_who_has_left(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    await leaves(staff, clinic)
    with pytest.raises(NotFound):
        await moved(amelia_at_nine, staff.ben.user, clinic, staff)
    with pytest.raises(NotFound):
        await book(Booking(staff.ben.user, kit.follow_up, at(11), (kit.zara,)), clinic, by=staff.dana)
    assert {row["practitioner"] for row in await rows("SELECT practitioner FROM appointment")} == {
        staff.anna.user
    }


async def test_nothing_is_put_back_to_somebody_who_has_left(
    amelia_at_nine: int, staff: Staff, clinic: ClinicSettings
) -> None:
    await moved(amelia_at_nine, staff.ben.user, clinic, staff)
    handed_over = await moved(amelia_at_nine, staff.anna.user, clinic, staff)
    await leaves(staff, clinic)
    assert handed_over.change
    with pytest.raises(NotFound):
        await undo(UndoForm(), handed_over.change, clinic, by=staff.dana)
    assert (await stored(amelia_at_nine))["practitioner"] == staff.anna.user


async def test_nobody_leaves_while_something_is_being_put_into_their_diary(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    booked, commit = asyncio.Event(), asyncio.Event()

    async def put() -> None:
        async with write():
            await book(Booking(staff.ben.user, kit.follow_up, at(11), (kit.zara,)), clinic, by=staff.dana)
            booked.set()
            await commit.wait()

    putting = asyncio.create_task(put())
    await booked.wait()
    leaving = asyncio.create_task(leaves(staff, clinic))
    await asyncio.wait([leaving], timeout=0.2)  # it would be over by then if it didn't wait for the booking
    commit.set()
    await putting
    with pytest.raises(Conflict):
        await leaving
    assert (await load_user(staff.ben.user)).current
