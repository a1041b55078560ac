"""Booking a series: every time is seen before anything is saved, and what is in the way is decided about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import rows
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.booking.series import book_series
from app.diary.changes.changes import Done
from app.diary.series.reviews import Undecided
from app.diary.slots.against import Problem
from app.diary.slots.conflicts import Despite
from app.diary.tables import Absence
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import at_ten, audited, day_versions, form_at, typed
from tests.support.client import Answer
from tests.support.clock import FrozenClock
from tests.support.statements import counted_statements

At = Callable[..., datetime]
WEEK = timedelta(days=7)
IN_A_WEEK = "2026-11-30"


@pytest.fixture
async def zara_in_a_week(kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> int:
    """Zara Khan has Anna's ten o'clock a week later."""
    booking = Booking(staff.anna.user, kit.follow_up, at(10) + WEEK, (kit.zara,))
    return await book(booking, clinic, by=staff.dana)


@pytest.fixture
async def review(zara_in_a_week: int, kit: Clinicians, staff: Staff, open_as: OpenAs) -> Answer:
    """Amelia at ten, three Mondays: Zara has the second."""
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    found = await form.submit(q="amel", button="button[value=find]")
    return await found.submit(patient=kit.amelia, type=kit.follow_up, times=3)


async def booked() -> list[dict[str, Any]]:
    """The series' appointments, in time's order."""
    return await rows(
        "SELECT id, starts_at, due_at, forced FROM appointment WHERE series IS NOT NULL ORDER BY starts_at"
    )


async def test_a_free_series_is_seen_and_then_saved_as_one(
    kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    form = await form_at(anna, staff.anna.user)
    seen = await form.submit(
        new_name="Noah Fraser",
        new_mobile="07911 654321",
        room=kit.room,
        notes="Knee.",
        on_0="true",
        on_3="true",
        times=4,
    )
    assert seen.status == 200
    assert [item.text for item in seen.all(".review-free .review-at")] == [
        "Mon 23 Nov, 10:00",
        "Thu 26 Nov, 10:00",
        "Mon 30 Nov, 10:00",
        "Thu 3 Dec, 10:00",
    ]
    assert (
        await rows("SELECT id FROM appointment")
        == await rows("SELECT id FROM patient WHERE name LIKE 'Noah%'")
        == []
    )

    saved = await seen.submit()
    assert (saved.status, saved.location) == (303, "/diary/day/2026-11-23")
    day = await saved.follow()
    assert day["#notices p"].text == "Saved 4 times, from Mon 23 Nov, 10:00 on."
    assert [row["starts_at"] for row in await booked()] == [
        at(10) + timedelta(days=days) for days in (0, 3, 7, 10)
    ]
    (series,) = await rows("SELECT id, first, rule FROM series")
    assert (str(series["first"]), series["rule"]) == (
        "2026-11-23",
        "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=MO,TH;COUNT=4",
    )
    attended = await rows("SELECT new_patient FROM attendance ORDER BY appointment")
    assert [row["new_patient"] for row in attended] == [True, False, False, False]
    assert await audited("series.%") == [("series.booked", '{"appointments": 4}')]
    assert (
        await audited("appointment.booked") == [("appointment.booked", f'{{"series": {series["id"]}}}')] * 4
    )
    assert set((await day_versions()).values()) == {1}

    undone = await day.submit("#notices form")
    assert undone.status == 303
    assert await rows("SELECT id FROM appointment") == await rows("SELECT id FROM attendance") == []


async def test_what_is_in_the_way_is_named_with_times_near_it(review: Answer) -> None:
    assert review.status == 409
    assert review[".review-sum"].text == "1 of 3 needs a decision."
    assert review[".review-why"].text == "Zara Khan from 10:00 to 10:30"
    assert [choice.text for choice in review.all(".review-choices label")] == [
        "Mon 30 Nov, 09:00",
        "Mon 30 Nov, 09:30",
        "Mon 30 Nov, 10:30",
        "Mon 30 Nov, 11:00",
        "Another time",
        "Double-book on purpose",
        "Leave this date out",
    ]
    assert len(review.all(".review-free li")) == 2
    undecided = await review.submit()
    assert undecided.status == 409
    assert await booked() == []


async def test_times_that_are_offered_of_today_are_still_to_come(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    frozen.tick(minutes=22)  # 09:03
    form = await form_at(await open_as(staff.anna), staff.anna.user, "09:15")
    seen = await form.submit(new_name="Noah Fraser", type=kit.follow_up, times=2)
    offered = [choice.text for choice in seen.all(".review-choices label")][:4]
    assert offered == [f"Mon 23 Nov, {at}" for at in ("09:30", "10:00", "10:30", "11:00")]


async def test_another_time_is_chosen(review: Answer, at: At) -> None:
    assert (await review.submit(**{f"choice-{IN_A_WEEK}": f"{IN_A_WEEK}T10:30"})).status == 303
    saved = await booked()
    assert [row["starts_at"] for row in saved] == [at(10), at(10, 30) + WEEK, at(10) + 2 * WEEK]
    assert [row["due_at"] for row in saved] == [at(10), at(10) + WEEK, at(10) + 2 * WEEK]
    assert not any(row["forced"] for row in saved)


async def test_one_is_left_out(review: Answer, at: At) -> None:
    assert (await review.submit(**{f"choice-{IN_A_WEEK}": "skip"})).status == 303
    assert [row["starts_at"] for row in await booked()] == [at(10), at(10) + 2 * WEEK]


async def test_one_is_double_booked_on_purpose(review: Answer) -> None:
    assert (await review.submit(**{f"choice-{IN_A_WEEK}": "taken"})).status == 303
    assert [row["forced"] for row in await booked()] == [False, True, False]
    assert (await audited("appointment.booked"))[-2][1].startswith('{"forced": true, "series"')


async def test_a_time_of_ones_own_is_held_against_the_diary_as_well(review: Answer, at: At) -> None:
    own = {f"choice-{IN_A_WEEK}": "own", f"own-{IN_A_WEEK}": "2026-11-30T10:15"}
    taken = await review.submit(**own)
    assert taken.status == 409
    assert taken[".field-error"].text == "Zara Khan from 10:00 to 10:30"
    unreadable = await taken.submit(**{f"own-{IN_A_WEEK}": "soon"})
    assert unreadable[".field-error"].text == "Give a day and a time, in steps of five minutes."
    another = await unreadable.submit(**{f"own-{IN_A_WEEK}": "2026-12-07T10:15"})
    assert another[".field-error"].text == "Another of these dates has that time."
    early = await another.submit(**{f"own-{IN_A_WEEK}": "2026-12-01T07:00"})
    assert early[".field-error"].text == "That is outside working hours, 08:00 – 13:00, 13:45 – 17:30."
    assert (await early.submit(**{f"meant-{IN_A_WEEK}": "hours"})).status == 303
    assert (await booked())[1]["starts_at"] == at(7) + timedelta(days=8)


async def test_what_is_taken_meanwhile_is_asked_and_no_choice_is_lost(
    review: Answer, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    choice = {f"choice-{IN_A_WEEK}": f"{IN_A_WEEK}T10:30"}
    for hour, minute in ((10, 0), (10, 30)):
        start = at(hour, minute) + (2 * WEEK if minute == 0 else WEEK)
        await book(Booking(staff.anna.user, kit.follow_up, start, (kit.zara,)), clinic, by=staff.dana)
    again = await review.submit(**choice)
    assert again.status == 409
    assert again[".review-sum"].text == "2 of 3 need a decision."
    own = again["input[name=choice-2026-11-30][checked]"]
    assert own.get("value") == "own"
    assert again["input[name=own-2026-11-30]"].get("value") == "2026-11-30T10:30"
    done = await again.submit(**{"own-2026-11-30": "2026-11-30T11:00", "choice-2026-12-07": "skip"})
    assert done.status == 303
    assert [row["starts_at"] for row in await booked()] == [at(10), at(11) + WEEK]


async def test_sent_twice_it_is_saved_once(review: Answer) -> None:
    choice = {f"choice-{IN_A_WEEK}": "skip"}
    first, again = await review.submit(**choice), await review.submit(**choice)
    assert (first.status, first.location) == (again.status, again.location)
    assert len(await booked()) == 2


async def test_back_leads_to_the_form_with_all_that_was_typed(review: Answer) -> None:
    form = await review.submit(button="button[value=back]")
    assert form.status == 200
    assert form["[name=times]"].get("value") == "3"
    assert form["[name=patient][checked]"]


async def test_the_clock_shows_the_same_time_after_it_changes(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    seen = await form.submit(day="2027-03-22", new_name="Noah Fraser", times=2)
    await seen.submit()
    assert [f"{row['starts_at'].astimezone(clinic.zone):%d %H:%M %z}" for row in await booked()] == [
        "22 10:00 +0000",
        "29 10:00 +0100",
    ]


async def test_a_time_that_the_clocks_skip_is_asked_about(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    seen = await form.submit(day="2027-03-21", time="01:30", new_name="Noah Fraser", times=2)
    assert seen.all(".review-why")[1].text == "The clocks go forward that day: 01:30 doesn't exist."
    assert seen.all(".review-choices")[1].all("label")[0].text == "Sun 28 Mar, 02:00"
    assert not seen.all("input[name=choice-2027-03-28][value=hours]")
    next_valid = {"choice-2027-03-21": "skip", "choice-2027-03-28": "2027-03-28T02:00"}
    outside = await seen.submit(**next_valid)
    assert outside[".field-error"].text.startswith("That is outside working hours")
    assert (await outside.submit(**{"meant-2027-03-28": "hours"})).status == 303


@pytest.mark.parametrize(
    ("said", "field", "says"),
    [
        ({"every": 2}, "times", "Say how many times, or until when."),
        ({"times": 3, "last": "2026-12-24"}, "last", "Give a number of times or a last day, not both."),
        ({"times": 120}, "times", "That is too long: up to 200 times within two years."),
        ({"last": "2026-11-24"}, "last", "Until then it is only once. Choose a later day."),
    ],
)
async def test_what_cant_repeat_is_said_next_to_its_field(
    said: dict[str, object], field: str, says: str, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    refused = await form.submit(new_name="Noah Fraser", **said)
    assert refused.status == 422
    assert refused[f"#field-{field}-error"].text == says
    assert refused["details.repeat"].has("open")


async def test_a_holiday_is_in_the_way_of_appointments(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings
) -> None:
    day = date(2026, 11, 30)
    await Absence.insert(
        Absence(name="St Andrew", first_day=day, last_day=day, starts=time(), ends=time(), created_at=now())
    )
    with pytest.raises(Undecided) as seen:
        await book_series(at_ten(staff, kit.follow_up, kit.amelia), clinic, by=staff.dana)
    (item,) = seen.value.review.wanting
    assert item.problem == Problem("The clinic is closed: St Andrew.", Despite.HOURS)
    meant = at_ten(staff, kit.follow_up, kit.amelia, **{f"choice-{day}": "hours"})
    assert await book_series(meant, clinic, by=staff.dana)
    assert [row["forced"] for row in await booked()] == [False] * 4


async def test_a_block_repeats_as_well(amelia_at_nine: int, staff: Staff, open_as: OpenAs, at: At) -> None:
    form = await (await open_as(staff.anna)).page("/diary/block?at=2026-11-22T19:00")
    weekdays = {f"on_{day}": "true" for day in range(5)}
    seen = await form.submit(title="Paperwork", time="09:15", until="09:45", last="2026-11-27", **weekdays)
    assert seen[".review-why"].text == "Amelia Hart from 09:00 to 09:30"
    assert (await seen.submit(**{"choice-2026-11-23": "skip"})).status == 303
    saved = await booked()
    assert [row["starts_at"] for row in saved] == [at(9, 15) + timedelta(days=days) for days in range(1, 5)]


async def test_of_several_who_book_the_same_at_once_one_gets_all_of_it(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings
) -> None:
    racing = (
        book_series(at_ten(staff, kit.follow_up, kit.amelia, key=str(n)), clinic, by=staff.dana)
        for n in range(5)
    )
    answers = await asyncio.gather(*racing, return_exceptions=True)
    assert sum(isinstance(answer, Done) for answer in answers) == 1
    assert [answer.review.open for answer in answers if isinstance(answer, Undecided)] == [4] * 4
    assert len(await booked()) == 4


async def test_looking_asks_the_database_as_much_for_a_hundred_as_for_two(
    kit: Clinicians, staff: Staff, open_as: OpenAs, database: Engine
) -> None:
    anna = await open_as(staff.anna)
    form = {**typed(await form_at(anna, staff.anna.user)), "new_name": "Noah Fraser", "room": kit.room}
    asked = []
    for times in (2, 100):
        with counted_statements(database) as seen:
            answer = await anna.submit("/diary/appointments", {**form, "time": "19:00", "times": times})
        assert len(answer.all(".review-time")) == times
        asked.append(len(seen))
    assert asked[0] == asked[1]
