"""Changing and cancelling one of a series, this and the following, or all that are still to come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.booking.series import book_series
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import at_ten, audited, stored
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock

At = Callable[..., datetime]
WEEK = timedelta(days=7)


@pytest.fixture
async def mondays(kit: Clinicians, staff: Staff, clinic: ClinicSettings) -> list[int]:
    """Amelia at ten on four Mondays, with Anna."""
    await book_series(at_ten(staff, kit.follow_up, kit.amelia), clinic, by=staff.dana)
    return [row["id"] for row in await rows("SELECT id FROM appointment ORDER BY starts_at")]


@pytest.fixture
async def anna(staff: Staff, open_as: OpenAs) -> Client:
    return await open_as(staff.anna)


async def edit(client: Client, appointment: int, scope: str, **typed: Any) -> Answer:
    """Change it by its form."""
    form = await client.page(f"/diary/appointments/{appointment}/edit")
    return await form.submit(scope=scope, **typed)


async def cancel(client: Client, appointment: int, scope: str, **typed: Any) -> Answer:
    """Cancel it by its form."""
    form = await client.page(f"/diary/appointments/{appointment}/status/cancelled")
    return await form.submit(scope=scope, **typed)


async def starts(appointments: list[int]) -> list[datetime]:
    return [(await stored(one))["starts_at"] for one in appointments]


async def words(client: Client, appointment: int) -> str:
    return (await client.page(f"/diary/appointments/{appointment}"))[".appointment-series"].text


async def test_one_of_a_series_says_so(mondays: list[int], anna: Client) -> None:
    assert await words(anna, mondays[2]) == "3 of 4, every week on Mon"
    day = await anna.page("/diary/day/2026-11-30")
    assert ", repeats" in day[".diary-blocks li a"].get("aria-label")
    form = await anna.page(f"/diary/appointments/{mondays[2]}/edit")
    assert [choice.text for choice in form.all(".scope label")] == [
        "Only this one",
        "This and the following, 2 in all",
        "All still to come, 4 in all",
    ]


async def test_only_this_one_becomes_an_exception_that_keeps_its_time(
    mondays: list[int], anna: Client, at: At
) -> None:
    assert (await edit(anna, mondays[1], "one", time="15:00")).status == 303
    assert (await edit(anna, mondays[0], "all", time="11:00")).status == 303
    assert await starts(mondays) == [at(11), at(15) + WEEK, at(11) + 2 * WEEK, at(11) + 3 * WEEK]


async def test_this_and_the_following_become_a_series_of_their_own(
    mondays: list[int], anna: Client, at: At
) -> None:
    done = await edit(anna, mondays[2], "following", day="2026-12-08", time="09:00", notes="Knee.")
    assert (done.status, done.location) == (303, "/diary/day/2026-12-08")
    day = await done.follow()
    assert day["#notices p"].text == "2 changed."
    tuesday = at(9) + timedelta(days=1)
    assert await starts(mondays) == [at(10), at(10) + WEEK, tuesday + 2 * WEEK, tuesday + 3 * WEEK]
    assert await words(anna, mondays[1]) == "2 of 2, every week on Mon"
    assert await words(anna, mondays[3]) == "2 of 2, every week on Tue"
    rules = await rows("SELECT first, rule FROM series ORDER BY id")
    assert str(rules[1]["first"]) == "2026-12-08"
    assert rules[1]["rule"].endswith("BYDAY=TU;COUNT=2")
    assert [row["notes"] for row in await rows("SELECT notes FROM appointment ORDER BY id")] == [
        "",
        "",
        "Knee.",
        "Knee.",
    ]
    assert await audited("series.changed") == [("series.changed", '{"appointments": 2, "forced": 0}')]

    assert (await day.submit("#notices form")).status == 303
    assert await starts(mondays) == [at(10) + weeks * WEEK for weeks in range(4)]
    assert await words(anna, mondays[3]) == "4 of 4, every week on Mon"


async def test_what_is_in_the_way_of_one_is_decided_before_any_moves(
    mondays: list[int], kit: Clinicians, staff: Staff, clinic: ClinicSettings, anna: Client, at: At
) -> None:
    await book(Booking(staff.anna.user, kit.follow_up, at(11) + WEEK, (kit.zara,)), clinic, by=staff.dana)
    review = await edit(anna, mondays[0], "all", time="11:00")
    assert review.status == 409
    assert review[".review-why"].text == "Zara Khan from 11:00 to 11:30"
    assert await starts(mondays) == [at(10) + weeks * WEEK for weeks in range(4)]
    assert review.all(".review-choices label")[-1].text == "Leave it where it is"
    back = await review.submit(button="button[value=back]")
    assert back["[name=time]"].get("value") == "11:00"
    assert back["[name=scope][checked]"].get("value") == "all"
    done = await review.submit(**{f"choice-{mondays[1]}": "2026-11-30T11:30"})
    assert done.status == 303
    assert await starts(mondays) == [at(11), at(11, 30) + WEEK, at(11) + 2 * WEEK, at(11) + 3 * WEEK]


async def test_one_that_is_in_the_way_may_be_left_where_it_is(
    mondays: list[int], kit: Clinicians, staff: Staff, clinic: ClinicSettings, anna: Client, at: At
) -> None:
    await book(Booking(staff.anna.user, kit.follow_up, at(11) + WEEK, (kit.zara,)), clinic, by=staff.dana)
    review = await edit(anna, mondays[0], "all", time="11:00", notes="Knee.")
    assert (await review.submit(**{f"choice-{mondays[1]}": "skip"})).status == 303
    assert await starts(mondays) == [at(11), at(10) + WEEK, at(11) + 2 * WEEK, at(11) + 3 * WEEK]
    assert (await stored(mondays[1]))["notes"] == "Knee."


async def test_a_daily_series_is_not_in_its_own_way(
    staff: Staff, clinic: ClinicSettings, kit: Clinicians, anna: Client, at: At
) -> None:
    block = await anna.page("/diary/block?at=2026-11-23T13:00")
    weekdays = {f"on_{day}": "true" for day in range(5)}
    review = await block.submit(title="Lunch", until="13:45", times=5, **weekdays)
    await review.submit()
    lunches = [row["id"] for row in await rows("SELECT id FROM appointment ORDER BY starts_at")]
    assert (await edit(anna, lunches[0], "all", day="2026-11-24")).status == 303
    assert await starts(lunches) == [at(13) + timedelta(days=days) for days in range(1, 6)]


async def test_what_is_over_or_has_begun_stays(
    mondays: list[int], staff: Staff, open_as: OpenAs, frozen: FrozenClock, at: At
) -> None:
    frozen.tick(days=8)
    anna = await open_as(staff.anna)
    assert (await edit(anna, mondays[3], "all", time="11:00")).status == 303
    assert await starts(mondays) == [at(10), at(10) + WEEK, at(11) + 2 * WEEK, at(11) + 3 * WEEK]
    past = await anna.page(f"/diary/appointments/{mondays[0]}/edit")
    assert ".scope" not in past


async def test_a_change_of_any_of_them_meanwhile_is_said_and_nothing_is_saved(
    mondays: list[int], anna: Client, at: At
) -> None:
    form = await anna.page(f"/diary/appointments/{mondays[0]}/edit")
    await edit(anna, mondays[3], "one", time="15:00")
    stale = await form.submit(scope="all", time="11:00")
    assert stale.status == 409
    assert "Somebody else has changed this meanwhile." in stale.text
    assert await starts(mondays) == [at(10), at(10) + WEEK, at(10) + 2 * WEEK, at(15) + 3 * WEEK]
    assert (await stale.submit()).status == 303
    assert await starts(mondays) == [at(11), at(11) + WEEK, at(11) + 2 * WEEK, at(15) + 3 * WEEK]


async def test_the_same_change_sent_twice_is_made_once(mondays: list[int], anna: Client) -> None:
    form = await anna.page(f"/diary/appointments/{mondays[0]}/edit")
    for _time in range(2):
        assert (await form.submit(scope="all", time="11:00")).status == 303
    assert [row["version"] for row in await rows("SELECT version FROM appointment")] == [2] * 4


async def test_this_and_the_following_are_cancelled_late_only_the_first(
    mondays: list[int], anna: Client
) -> None:
    form = await anna.page(f"/diary/appointments/{mondays[1]}/status/cancelled")
    done = await form.submit(scope="following", status="late_cancelled", reason="Moves away.")
    assert (await done.follow())["#notices p"].text == "3 cancelled."
    assert [(await stored(one))["status"] for one in mondays] == [
        "booked",
        "late_cancelled",
        "cancelled",
        "cancelled",
    ]
    assert {row["reason"] for row in await rows("SELECT reason FROM attendance")} == {"", "Moves away."}
    assert await audited("series.%") == [
        ("series.booked", '{"appointments": 4}'),
        ("series.cancelled", '{"appointments": 3}'),
    ]
    assert await words(anna, mondays[0]) == "1 of 1, every week on Mon"


async def test_all_are_cancelled_and_brought_back_at_once(mondays: list[int], anna: Client) -> None:
    done = await cancel(anna, mondays[2], "all")
    assert {row["status"] for row in await rows("SELECT status FROM appointment")} == {"cancelled"}
    await (await done.follow()).submit("#notices form")
    assert {row["status"] for row in await rows("SELECT status FROM appointment")} == {"booked"}


async def test_a_block_of_a_series_asks_before_it_is_taken_out(
    staff: Staff, clinic: ClinicSettings, anna: Client
) -> None:
    block = await anna.page("/diary/block?at=2026-11-24T13:00")
    await (await block.submit(title="Lunch", until="13:45", times=2)).submit()
    lunches = [row["id"] for row in await rows("SELECT id FROM appointment ORDER BY starts_at")]
    opened = await anna.page(f"/diary/appointments/{lunches[0]}")
    assert f"/diary/appointments/{lunches[0]}/status/cancelled" in [a.get("href") for a in opened.all("a")]
    assert (await cancel(anna, lunches[0], "following")).status == 303
    assert {row["status"] for row in await rows("SELECT status FROM appointment")} == {"cancelled"}
