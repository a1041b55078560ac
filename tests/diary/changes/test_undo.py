"""Undo: one's own last change, once, as long as nothing else happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.booking.booking import Booking, book
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import audited, day_versions, form_at, post_over, stored
from tests.support.client import Client
from tests.support.clock import FrozenClock

At = Callable[..., datetime]


async def move(client: Client, appointment: int, starts: str, version: int = 1) -> str:
    """Move it; where its Undo button leads."""
    path = f"/diary/appointments/{appointment}/time"
    answer = await client.submit(path, {"starts": f"2026-11-{starts}", "version": version})
    return (await answer.follow())["#notices form"].get("action")


async def test_a_move_is_undone_by_the_notices_button(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    path = f"/diary/appointments/{amelia_at_nine}/time"
    moved = await anna.submit(path, {"starts": "2026-11-24T10:30", "version": 1})
    undone = await (await moved.follow()).submit("#notices form")
    assert (undone.status, undone.location) == (303, "/diary/day/2026-11-23")
    assert (await undone.follow())["#notices p"].text == "Undone."
    row = await stored(amelia_at_nine)
    assert (row["starts_at"], row["ends_at"], row["version"]) == (at(9), at(9, 30), 3)
    assert await audited("appointment.undone") == [("appointment.undone", "")]
    assert await day_versions() == {
        (staff.anna.user, "2026-11-23"): 3,
        (staff.anna.user, "2026-11-24"): 2,
    }


async def test_a_status_is_undone_with_its_reason(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    sent = {"status": "cancelled", "reason": "Snow.", "version": 1}
    cancelled = await anna.submit(f"/diary/appointments/{amelia_at_nine}/status", sent)
    await (await cancelled.follow()).submit("#notices form")
    attended = await rows("SELECT status, reason FROM attendance")
    assert attended == [{"status": "booked", "reason": ""}]
    assert (await stored(amelia_at_nine))["status"] == "booked"


async def test_a_booking_is_taken_out_again(kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    booked = await (await form_at(anna, staff.anna.user)).submit(new_name="Noah Fraser")
    undone = await (await booked.follow()).submit("#notices form")
    assert undone.status == 303
    assert await rows("SELECT id FROM appointment") == await rows("SELECT id FROM attendance") == []
    assert ".diary-blocks li" not in await undone.follow()


async def test_undo_works_once(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    undo = await move(anna, amelia_at_nine, "23T10:30")
    assert (await anna.submit(undo, {})).status == 303
    again = await anna.submit(undo, {})
    assert again.status == 409
    assert "This can’t be undone any more." in again.text or "can't be undone any more" in again.text


async def test_undo_is_refused_when_something_else_changed_since(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    undo = await move(anna, amelia_at_nine, "23T10:30")
    await move(await open_as(staff.dana), amelia_at_nine, "23T15:00", version=2)
    refused = await post_over(anna, undo)
    assert (refused.status, refused.headers["hx-retarget"]) == (409, "#notices")
    assert "Something else has been changed since" in refused.text
    assert (await stored(amelia_at_nine))["starts_at"] == at(15)


async def test_undo_is_refused_when_the_former_time_was_given_away(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    undo = await move(anna, amelia_at_nine, "23T10:30")
    await book(Booking(staff.anna.user, kit.follow_up, at(9), (kit.zara,)), clinic, by=staff.dana)
    refused = await anna.submit(undo, {})
    assert refused.status == 409
    assert refused[".banner strong"].text == "Its former time has been taken meanwhile."
    assert (await stored(amelia_at_nine))["starts_at"] == at(10, 30)
    first, *_others = refused.all("button[name=slot]")
    assert first.text == "Mon 23 Nov, 09:30"
    chosen = await refused.submit("#undo-form", slot=first.get("value"))
    assert (chosen.status, chosen.location) == (303, "/diary/day/2026-11-23")
    assert (await stored(amelia_at_nine))["starts_at"] == at(9, 30)
    assert (await anna.submit(undo, {})).status == 409, "it can be undone once"


async def test_undo_may_double_book_on_purpose(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    undo = await move(anna, amelia_at_nine, "23T10:30")
    await book(Booking(staff.anna.user, kit.follow_up, at(9), (kit.zara,)), clinic, by=staff.dana)
    asked = await post_over(anna, undo)
    assert (asked.status, asked.headers["hx-retarget"]) == (409, "#opened")
    assert (await asked.submit("#undo-form", button="button[name=despite]")).status == 303
    again = await stored(amelia_at_nine)
    assert (again["starts_at"], bool(again["forced"])) == (at(9), True)
    assert ("appointment.undone", '{"forced": true}') in await audited("appointment.undone")


async def test_undo_ends_after_ten_minutes_and_what_was_kept_for_it_is_forgotten(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    anna = await open_as(staff.anna)
    undo = await move(anna, amelia_at_nine, "23T10:30")
    frozen.tick(minutes=10, seconds=1)
    assert (await anna.submit(undo, {})).status == 409
    await move(anna, amelia_at_nine, "23T11:30", version=2)
    assert len(await rows("SELECT id FROM diary_change")) == 1


async def test_nobody_undoes_somebody_elses_change(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    undo = await move(await open_as(staff.anna), amelia_at_nine, "23T10:30")
    assert (await (await open_as(staff.dana)).submit(undo, {})).status == 409
