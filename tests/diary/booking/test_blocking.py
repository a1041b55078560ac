"""Blocks: lunch, a meeting, leave."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app.db import rows
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import audited, day_versions, form_at, only_appointment, stored, typed

At = Callable[..., datetime]


async def test_a_practitioner_blocks_time_changes_it_and_takes_it_out(
    staff: Staff, kit: Clinicians, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    booking = await form_at(anna, staff.anna.user, "12:00")
    (instead,) = [link for link in booking.all("main a") if link.text == "Block this time instead"]
    form = await anna.page(instead.get("href"))
    added = await form.submit(title="Lunch", until="12:45")
    assert (added.status, added.location) == (303, "/diary/day/2026-11-23")
    block = await only_appointment()
    assert (block["title"], block["type"], block["starts_at"], block["ends_at"]) == (
        "Lunch",
        None,
        at(12),
        at(12, 45),
    )
    edit = await anna.page(f"/diary/appointments/{block['id']}/edit")
    await edit.submit(title="Late lunch", time="12:30", until="13:15")
    changed = await stored(block["id"])
    assert (changed["title"], changed["starts_at"], changed["ends_at"]) == (
        "Late lunch",
        at(12, 30),
        at(13, 15),
    )
    page = await anna.page(f"/diary/appointments/{block['id']}")
    out = await page.submit(".appointment-actions form", button="button[name=status]")
    assert (await stored(block["id"]))["status"] == "cancelled"
    await (await out.follow()).submit("#notices form")
    assert (await stored(block["id"]))["status"] == "booked"
    assert [action for action, _ in await audited("block.%")] == ["block.added"]
    assert (await day_versions())[staff.anna.user, "2026-11-23"] == 4


async def test_a_block_over_an_appointment_is_refused_until_it_is_meant(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T09:00")
    refused = await form.submit(title="Meeting")
    assert refused.status == 409
    assert refused["[name=title]"].get("value") == "Meeting"
    assert (await refused.submit(button="button[name=despite]")).status == 303
    assert len(await rows("SELECT id FROM appointment WHERE forced")) == 1


async def test_a_block_may_lie_outside_working_hours_and_last_until_midnight(
    staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T20:00")
    assert (await form.submit(title="Leave", until="00:00")).status == 303
    block = await only_appointment()
    assert (block["ends_at"] - block["starts_at"]).total_seconds() == 4 * 3600


async def test_what_ends_before_it_starts_is_refused(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T12:00")
    refused = await form.submit(title="Lunch", until="11:00")
    assert (refused.status, refused["#field-until-error"].text) == (422, "It must end after it starts.")


async def test_a_block_that_is_sent_twice_is_blocked_once(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T12:00")
    sent = {**typed(form), "title": "Lunch"}
    assert [(await anna.submit("/diary/blocks", sent)).status for _ in range(2)] == [303, 303]
    await only_appointment()


async def test_a_block_that_is_drawn_begins_and_ends_as_it_was_drawn(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    drawn = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T12:15&until=13:05")
    assert [drawn[f"[name={name}]"].get("value") for name in ("time", "until")] == ["12:15", "13:05"]
    (instead,) = [link for link in drawn.all("main a") if link.text == "Book an appointment instead"]
    assert (await anna.page(instead.get("href")))["[name=time]"].get("value") == "12:15"


async def test_a_block_keeps_its_length_wherever_it_is_put(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page(f"/diary/block?practitioner={staff.anna.user}&at=2026-11-23T12:00&until=12:45")
    await form.submit(title="Lunch")
    lunch = (await rows("SELECT id FROM appointment WHERE title = 'Lunch'"))[0]["id"]
    path = f"/diary/appointments/{lunch}/time"
    refused = await anna.submit(path, {"starts": "2026-11-23T09:00", "version": 1})
    assert refused.status == 409
    assert [refused[f"[name={name}]"].get("value") for name in ("time", "until")] == ["09:00", "09:45"]
    await refused.submit(button="button[value=2026-11-23T09:30]")
    moved = await stored(lunch)
    assert (moved["starts_at"], moved["ends_at"]) == (at(9, 30), at(10, 15))
