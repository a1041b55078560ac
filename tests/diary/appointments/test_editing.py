"""Changing what is in the diary: by the form, by a gesture, and beside somebody else who changes it, too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic, ColleagueAccess
from app.diary.booking.booking import Booking, book
from app.diary.slots.conflicts import Despite
from app.diary.tables import Appointment
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.steps import audited, day_versions, post_over, stored

At = Callable[..., datetime]


@pytest.fixture
async def zara_at_ten(kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> int:
    return await book(Booking(staff.anna.user, kit.follow_up, at(10), (kit.zara,)), clinic, by=staff.dana)


def edit(appointment: int) -> str:
    return f"/diary/appointments/{appointment}/edit"


async def test_the_form_shows_what_is_stored_and_stores_what_is_changed(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    form = await (await open_as(staff.anna)).page(edit(amelia_at_nine))
    assert form["[name=time]"].get("value") == "09:00"
    assert form["[name=minutes]"].get("value") == "30"
    answer = await form.submit(time="11:00", minutes="45", type=kit.massage, notes="Right knee.", room="")
    assert (answer.status, answer.location) == (303, "/diary/day/2026-11-23")
    row = await stored(amelia_at_nine)
    assert (row["starts_at"], row["ends_at"]) == (at(11), at(11, 45))
    assert (row["type"], row["notes"], row["room"], row["version"]) == (kit.massage, "Right knee.", None, 2)
    assert (await answer.follow())["#notices p"].text == "Moved to 11:00."


async def test_a_form_says_whose_appointment_it_is(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    assert (await anna.partial(edit(amelia_at_nine)))["dialog .form-who"].text == "Amelia Hart"
    question = await anna.partial(f"/diary/appointments/{amelia_at_nine}/status/cancelled")
    assert question["dialog .form-who"].text == "Amelia Hart · Mon 23 Nov, 09:00"


async def test_a_move_is_counted_on_the_old_day_and_the_new_and_recorded_by_ids_only(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    form = await (await open_as(staff.dana)).page(edit(amelia_at_nine))
    await form.submit(day="2026-11-24", practitioner=staff.ben.user)
    assert await day_versions() == {
        (staff.anna.user, "2026-11-23"): 2,
        (staff.ben.user, "2026-11-24"): 1,
    }
    assert await audited("appointment.moved") == [("appointment.moved", "")]


async def test_moving_onto_another_offers_other_times_and_keeps_the_form(
    amelia_at_nine: int, zara_at_ten: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    form = await (await open_as(staff.anna)).page(edit(amelia_at_nine))
    refused = await form.submit(time="10:15", notes="Moved for her bus.")
    assert refused.status == 409
    assert refused.all(".conflict-slots button")[0].text == "Mon 23 Nov, 10:30"
    assert refused["[name=notes]"].text == "Moved for her bus."
    assert (await stored(amelia_at_nine))["starts_at"] == at(9)
    await refused.submit(button="button[name=despite]")
    row = await stored(amelia_at_nine)
    assert (row["starts_at"], row["forced"]) == (at(10, 15), True)
    assert (await audited("appointment.moved"))[-1][1] == '{"forced": true}'


async def test_a_double_booked_one_keeps_its_mark_until_it_moves_to_free_time(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    booking = Booking(staff.anna.user, kit.follow_up, at(9), (kit.zara,))
    forced = await book(booking, clinic, by=staff.dana, despite=Despite.TAKEN)
    anna = await open_as(staff.anna)
    await (await anna.page(edit(forced))).submit(notes="Only a word.")
    assert (await stored(forced))["forced"] is True
    await (await anna.page(edit(forced))).submit(time="15:00")
    assert (await stored(forced))["forced"] is False


async def test_an_edit_that_is_stale_shows_both_versions_and_loses_nothing(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    anna, dana = await open_as(staff.anna), await open_as(staff.dana)
    annas = await anna.page(edit(amelia_at_nine))
    await (await dana.page(edit(amelia_at_nine))).submit(time="14:00", type=kit.massage)
    refused = await annas.submit(time="11:00", notes="Mine.")
    assert refused.status == 409
    assert refused["#field-time-error"].text == "Now stored: 14:00"
    assert refused["#field-type-error"].text == "Now stored: Sports massage"
    assert refused["[name=time]"].get("value") == "11:00"
    assert refused["[name=notes]"].text == "Mine."
    assert (await stored(amelia_at_nine))["starts_at"] == at(14)
    assert (await refused.submit()).status == 303
    row = await stored(amelia_at_nine)
    assert (row["starts_at"], row["notes"], row["version"]) == (at(11), "Mine.", 3)


async def test_an_edit_that_is_sent_twice_changes_once(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    form = await (await open_as(staff.anna)).page(edit(amelia_at_nine))
    assert (await form.submit(time="11:00")).status == 303
    again = await form.submit(time="11:00")
    assert again.status == 303
    assert (await stored(amelia_at_nine))["version"] == 2
    assert (await again.follow())["#notices button.notice-action"].text == "Undo"


async def test_a_gesture_moves_and_stretches(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    dana = await open_as(staff.dana)
    path = f"/diary/appointments/{amelia_at_nine}/time"
    moved = await post_over(dana, path, starts="2026-11-23T10:30", practitioner=staff.ben.user, version=1)
    assert (moved.status, moved.headers["hx-retarget"]) == (200, "#opened")
    again = await post_over(dana, path, starts="2026-11-23T10:30", practitioner=staff.ben.user, version=1)
    assert again["hx-partial p"].text == "It is saved."
    assert moved["hx-partial p"].text == "Moved to 10:30."
    stretched = await post_over(dana, path, until="11:25", version=2)
    assert stretched["hx-partial p"].text == "It now ends at 11:25."
    row = await stored(amelia_at_nine)
    assert (row["practitioner"], row["starts_at"], row["ends_at"]) == (
        staff.ben.user,
        at(10, 30),
        at(11, 25),
    )


async def test_what_is_stretched_through_a_change_of_the_clocks_ends_when_they_say(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    midnight = datetime(2027, 3, 28, tzinfo=UTC)  # an hour before the clocks go forward
    await Appointment.update(
        {Appointment.starts_at: midnight, Appointment.ends_at: midnight.replace(minute=30)}
    ).where(Appointment.id == amelia_at_nine)
    dana = await open_as(staff.dana)
    path = f"/diary/appointments/{amelia_at_nine}/time"
    await post_over(dana, path, until="09:00", despite="hours", version=1)
    assert (await stored(amelia_at_nine))["ends_at"] == midnight.replace(hour=8)
    before = await post_over(dana, path, starts="2027-03-28T10:00", until="09:30", version=2)
    assert (before.status, before["dialog .banner p"].text) == (422, "It must end after it starts.")


async def test_a_gesture_that_is_refused_opens_the_form_with_what_was_wanted(
    amelia_at_nine: int, zara_at_ten: int, staff: Staff, open_as: OpenAs, at: At
) -> None:
    dana = await open_as(staff.dana)
    path = f"/diary/appointments/{amelia_at_nine}/time"
    refused = await post_over(dana, path, starts="2026-11-23T10:00", version=1)
    assert (refused.status, refused.headers["hx-retarget"]) == (409, "#opened")
    assert refused["dialog [name=time]"].get("value") == "10:00"
    assert refused[".conflict strong"].text == "There is already an appointment at that time."
    stale = await post_over(dana, path, starts="2026-11-23T15:00", version=0)
    assert (stale.status, stale["#field-time-error"].text) == (409, "Now stored: 09:00")
    assert (await stored(amelia_at_nine))["starts_at"] == at(9)


async def test_colleagues_can_look_but_not_change(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    ben = await open_as(staff.ben)
    assert ".appointment-actions" not in await ben.page(f"/diary/appointments/{amelia_at_nine}")
    path = f"/diary/appointments/{amelia_at_nine}/time"
    assert (await ben.submit(path, {"until": "10:00", "version": 1})).status == 403
    await allow(ColleagueAccess.NONE)
    assert (await ben.submit(path, {"until": "10:00", "version": 1})).status == 404
    assert (await ben.page(edit(amelia_at_nine))).status == 404
    assert (await stored(amelia_at_nine))["version"] == 1


async def test_nobody_moves_an_appointment_into_a_diary_they_do_not_keep(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    path = f"/diary/appointments/{amelia_at_nine}/time"
    refused = await anna.submit(path, {"practitioner": staff.ben.user, "version": 1})
    assert refused.status == 403
    assert (await stored(amelia_at_nine))["practitioner"] == staff.anna.user


async def test_saving_leaves_the_second_pass_of_a_repeated_hour_where_it_is(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    second_pass = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 01:30 again, after 01:30 at 00:30 UTC
    await Appointment.update(
        {Appointment.starts_at: second_pass, Appointment.ends_at: second_pass.replace(hour=2, minute=0)}
    ).where(Appointment.id == amelia_at_nine)
    form = await (await open_as(staff.anna)).page(edit(amelia_at_nine))
    assert form["[name=time]"].get("value") == "01:30"
    await form.submit(notes="Night shift.")
    row = await stored(amelia_at_nine)
    assert (row["starts_at"], row["notes"]) == (second_pass, "Night shift.")


@pytest.mark.parametrize(
    ("zone", "day", "skipped", "following"),
    [
        ("Europe/London", date(2027, 3, 28), "01:30", "02:00"),
        ("America/New_York", date(2027, 3, 14), "02:15", "03:00"),
        ("Australia/Lord_Howe", date(2026, 10, 4), "02:10", "02:30"),
    ],
)
async def test_a_time_that_the_clocks_skip_is_refused_with_the_next_one(
    zone: str, day: date, skipped: str, following: str, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await Clinic.update({Clinic.time_zone: zone}).where(Clinic.id == 1)
    dana = await open_as(staff.dana)
    form = await dana.page(f"/diary/book?practitioner={staff.anna.user}&at={day}T{skipped}")
    refused = await form.submit(new_name="Noah Fraser")
    assert refused.status == 422
    assert refused["#field-time-error"].text == (
        f"The clocks go forward that day: {skipped} doesn't exist. The next time that does is {following}."
    )
    assert refused["[name=new_name]"].get("value") == "Noah Fraser"
    asked = await refused.submit(time=following)
    assert (asked.status, asked[".conflict strong"].text) == (
        409,
        "That is outside working hours, 08:00 – 13:00, 13:45 – 17:30.",
    )


async def test_where_clocks_never_change_every_time_is_one(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await Clinic.update({Clinic.time_zone: "Asia/Kathmandu"}).where(Clinic.id == 1)
    form = await (await open_as(staff.dana)).page(
        f"/diary/book?practitioner={staff.anna.user}&at=2027-03-28T09:10"
    )
    assert (await form.submit(new_name="Noah Fraser")).status == 303
    rows_now = await Appointment.select(Appointment.starts_at)
    assert rows_now[0]["starts_at"] == datetime(2027, 3, 28, 3, 25, tzinfo=UTC)
