"""Undo of several changes that were made as one: all of them, or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.changes.changes import load_for_change, store, store_all
from app.diary.changes.forms import UndoForm
from app.diary.changes.undo import CannotUndo, undo
from app.diary.slots.conflicts import Despite
from tests.diary.conftest import Clinicians, Staff
from tests.diary.steps import audited, day_versions, stored

At = Callable[..., datetime]


@pytest.fixture
async def zara_after_her(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> int:
    """Zara Khan's follow-up with Anna, 09:30 to 10:00."""
    booking = Booking(staff.anna.user, kit.follow_up, at(9, 30), (kit.zara,))
    return await book(booking, clinic, by=staff.dana)


async def later(staff: Staff, clinic: ClinicSettings, *appointments: int, forced: bool = False) -> int:
    """Put them all off by ten minutes, the first of them first; the change's number."""
    by = timedelta(minutes=10)
    before = [await load_for_change(one, clinic, by=staff.anna) for one in appointments]
    after = [
        replace(one, starts_at=one.starts_at + by, ends_at=one.ends_at + by, forced=forced) for one in before
    ]
    changes = [*zip(before, after, strict=True)]
    return await store_all(changes, "appointment.delayed", clinic, by=staff.anna)


async def starts(*appointments: int) -> list[datetime]:
    return [(await stored(one))["starts_at"] for one in appointments]


async def test_all_are_put_back(
    amelia_at_nine: int, zara_after_her: int, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    change = await later(staff, clinic, zara_after_her, amelia_at_nine)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9, 10), at(9, 40)]
    await undo(UndoForm(), change, clinic, by=staff.anna)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9), at(9, 30)]
    assert await audited("appointment.undone") == [("appointment.undone", "")] * 2
    assert await rows("SELECT id FROM diary_change") == []
    assert await day_versions() == {(staff.anna.user, "2026-11-23"): 4}  # twice booked, once later, once back


async def test_none_is_in_anothers_way_whichever_is_first(
    amelia_at_nine: int, zara_after_her: int, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    change = await later(staff, clinic, amelia_at_nine, zara_after_her)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9, 10), at(9, 40)]
    await undo(UndoForm(), change, clinic, by=staff.anna)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9), at(9, 30)]
    assert [row["status"] for row in await rows("SELECT status FROM appointment")] == ["booked"] * 2


async def test_none_is_put_back_when_one_was_changed_since(
    amelia_at_nine: int, zara_after_her: int, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    change = await later(staff, clinic, zara_after_her, amelia_at_nine)
    zara = await load_for_change(zara_after_her, clinic, by=staff.dana)
    await store(zara, replace(zara, notes="Crutches."), "appointment.changed", clinic, by=staff.dana)
    with pytest.raises(CannotUndo, match="since at 09:40, so none of this"):
        await undo(UndoForm(), change, clinic, by=staff.anna)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9, 10), at(9, 40)]


async def test_none_is_put_back_when_a_former_time_was_given_away(
    amelia_at_nine: int, zara_after_her: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    change = await later(staff, clinic, zara_after_her, amelia_at_nine)
    short = Booking(staff.anna.user, kit.follow_up, at(8, 40), (kit.zara,))
    await book(short, clinic, by=staff.dana)
    with pytest.raises(CannotUndo, match="What was at 09:00 can't go back there"):
        await undo(UndoForm(), change, clinic, by=staff.anna)
    assert await starts(amelia_at_nine, zara_after_her) == [at(9, 10), at(9, 40)]
    assert len(await rows("SELECT id FROM diary_change")) == 2


async def test_who_was_double_booked_before_is_so_again(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    beside = Booking(staff.anna.user, kit.follow_up, at(9, 15), (kit.zara,))
    zara = await book(beside, clinic, by=staff.dana, despite=Despite.TAKEN)
    change = await later(staff, clinic, zara, amelia_at_nine, forced=True)
    await undo(UndoForm(), change, clinic, by=staff.anna)
    assert await starts(amelia_at_nine, zara) == [at(9), at(9, 15)]
