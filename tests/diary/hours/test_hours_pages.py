"""Admin › Clinic › Hours and Holidays: weeks, single days, leave, and who is booked then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Location
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.hours.workers import worker_of
from app.diary.pages.diaries import day_for
from app.diary.tables import Appointment, Status, WorkingHours
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff
from tests.diary.steps import audited
from tests.support.client import Answer, form_fields
from tests.support.clock import FrozenClock
from tests.support.people import logged_in

At = Callable[..., datetime]
HOURS, HOLIDAYS = "/admin/clinic/hours", "/admin/clinic/holidays"


async def week_of(practitioner: int) -> list[tuple[int, time, time]]:
    found = await rows(
        "SELECT weekday, starts, ends FROM working_hours WHERE practitioner = {} ORDER BY weekday, starts",
        practitioner,
    )
    return [(row["weekday"], row["starts"], row["ends"]) for row in found]


def wrong(page: Answer) -> dict[str, str]:
    """What stands beside the fields that are wrong."""
    return {error.get("id"): error.text for error in page.all(".field-error")}


async def test_everybodys_week_stands_in_words(staff: Staff, open_as: OpenAs) -> None:
    page = await (await open_as(staff.sam)).page(HOURS)
    assert page.all("tbody tr")[0].text.startswith("Anna Marsh Mon – Sun 08:00 – 13:00, 13:45 – 17:30")


async def test_a_week_is_typed_and_stored(staff: Staff, open_as: OpenAs) -> None:
    page = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}")
    assert page["#field-break_ends_0"].get("value") == "13:45"
    days_off = {
        f"{name}_{day}": ""
        for day in range(1, 7)
        for name in ("starts", "ends", "break_starts", "break_ends")
    }
    monday = {"since": "", "starts_0": "10:00", "ends_0": "00:00", "break_starts_0": "", "break_ends_0": ""}
    answer = await page.submit("#week-form", **days_off, **monday)
    assert (answer.status, answer.location) == (303, f"{HOURS}/{staff.anna.user}")
    assert await week_of(staff.anna.user) == [(0, time(10), time(0))]
    assert [action for action, _ in await audited("hours.%")] == ["hours.changed"]
    again = await page.submit("#week-form", **days_off, **monday)  # a browser's repeat
    assert again.status == 303
    assert len(await audited("hours.%")) == 1


async def test_what_is_wrong_with_a_week_stands_beside_each_time_and_stays_typed(
    staff: Staff, open_as: OpenAs
) -> None:
    page = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}")
    refused = await page.submit(
        "#week-form",
        ends_0="07:00",
        break_starts_1="",
        break_starts_2="07:00",
        break_ends_3="13:00",
        starts_4="08:03",
        ends_5="",
    )
    assert refused.status == 422
    assert wrong(refused) == {
        "field-ends_0-error": "It must end after it starts.",
        "field-break_ends_1-error": "Say from when until when the break is, or leave both empty.",
        "field-break_starts_2-error": "The break must lie inside the working hours.",
        "field-break_ends_3-error": "The break must end after it starts.",
        "field-starts_4-error": "Use steps of five minutes, such as 10:05.",
        "field-ends_5-error": "Say from when until when, or leave both empty.",
    }
    assert refused["#field-ends_0"].get("value") == "07:00"
    assert len(await week_of(staff.anna.user)) == 14


async def test_a_week_that_somebody_else_changed_meanwhile_is_not_overwritten(
    staff: Staff, open_as: OpenAs
) -> None:
    page = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}")
    await page.submit("#week-form", since="", ends_0="18:00")
    stale = await page.submit("#week-form", since="", ends_0="19:00", partial=True)
    assert stale.status == 409
    assert wrong(stale) == {"field-ends_0-error": "Now stored: 18:00"}
    assert stale["#field-ends_0"].get("value") == "19:00"
    assert (await stale.submit("#week-form")).status == 303
    assert (0, time(13, 45), time(19)) in await week_of(staff.anna.user)


async def test_where_one_works_is_said_where_there_are_several_places(staff: Staff, open_as: OpenAs) -> None:
    sam, path = await open_as(staff.sam), f"{HOURS}/{staff.anna.user}"
    await Location.insert(Location(name="High Street"))
    assert "#field-location_0" not in await sam.page(path)
    north = (await Location.insert(Location(name="North")))[0]["id"]
    page = await sam.page(path)
    assert (await page.submit("#week-form", since="", break_location_0=north)).status == 303
    again = await sam.page(path)
    assert again["#field-break_location_0 option[selected]"].text == "North"
    assert "Mon 08:00 – 13:00, 13:45 – 17:30 North Tue – Sun" in (await sam.page(HOURS)).text
    assert (await sam.page("/diary/day/2026-11-23")).all(".diary-note")[0].text == "North"
    nowhere = await again.submit("#week-form", break_location_0=2**31 - 1)
    assert (nowhere.status, list(wrong(nowhere))) == (422, ["field-break_location_0-error"])


async def test_several_breaks_are_typed_one_after_the_other(staff: Staff, open_as: OpenAs) -> None:
    page = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}")
    assert "#field-break2_starts_0" not in page
    more = await page.submit("#week-form", button="button[name=more][value=_0]", since="", ends_0="18:00")
    assert (more.status, more["#field-ends_0"].get("value")) == (200, "18:00")
    early = await more.submit("#week-form", break2_starts_0="13:30", break2_ends_0="15:15")
    assert wrong(early) == {"field-break2_starts_0-error": "The breaks must follow each other."}
    assert (await early.submit("#week-form", break2_starts_0="15:00")).status == 303
    assert (await week_of(staff.anna.user))[:3] == [
        (0, time(8), time(13)),
        (0, time(13, 45), time(15)),
        (0, time(15, 15), time(18)),
    ]
    again = await page.client.page(f"{HOURS}/{staff.anna.user}")
    assert again["#field-break2_ends_0"].get("value") == "15:15"


class TestFromADayOn:
    """Anna, who works every day, and has Mondays off from December on."""

    @pytest.fixture
    async def page(self, staff: Staff, open_as: OpenAs) -> Answer:
        page = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}")
        assert page["#field-since"].get("value") == str(MONDAY)
        off = {f"{name}_0": "" for name in ("starts", "ends", "break_starts", "break_ends")}
        for _twice in range(2):
            assert (await page.submit("#week-form", since="2026-12-07", **off)).status == 303
        return await page.client.page(f"{HOURS}/{staff.anna.user}")

    async def test_the_days_before_keep_their_hours(
        self, page: Answer, staff: Staff, clinic: ClinicSettings
    ) -> None:
        for day, works in ((date(2026, 11, 30), True), (date(2026, 12, 7), False), (date(2027, 2, 1), False)):
            (column, *_) = (await day_for(staff.anna, day, clinic)).columns
            assert bool(column.worktimes) is works
        assert await audited("hours.%") == [("hours.changed", '{"since": "2026-12-07"}')]

    async def test_it_is_listed_changed_moved_and_removed(self, page: Answer, staff: Staff) -> None:
        assert "From Mon 7 December on Tue – Sun 08:00 – 13:00" in page["main"].text
        coming = await page.client.page(f"{HOURS}/{staff.anna.user}/weeks/2026-12-07")
        assert coming["#field-since"].get("value") == "2026-12-07"
        assert (
            await coming.submit(
                "#week-form", since="2026-12-14", ends_1="12:00", break_starts_1="", break_ends_1=""
            )
        ).status == 303
        found = await rows("SELECT DISTINCT since FROM working_hours ORDER BY since")
        assert [str(row["since"]) for row in found] == ["1970-01-01", "2026-12-14"]
        page = await page.client.page(f"{HOURS}/{staff.anna.user}")
        assert "From Mon 14 December on Tue 08:00 – 12:00" in page["main"].text
        assert (await page.submit(".row-end form")).status == 303
        assert "Other weeks" not in (await page.client.page(f"{HOURS}/{staff.anna.user}")).text
        assert [action for action, _ in await audited("hours.%")][-1] == "hours.week_removed"

    async def test_two_weeks_do_not_begin_on_one_day(self, page: Answer) -> None:
        twice = await page.submit("#week-form", since="2026-12-07", ends_1="12:00")
        assert (twice.status, list(wrong(twice))) == (422, ["field-break_starts_1-error"])
        twice = await page.submit("#week-form", since="2026-12-07", ends_1="18:00")
        assert (twice.status, list(wrong(twice))) == (409, ["field-since-error"])
        assert twice["#field-ends_1"].get("value") == "18:00"

    async def test_one_that_counts_already_cannot_begin_earlier(
        self, page: Answer, staff: Staff, frozen: FrozenClock
    ) -> None:
        frozen.tick(days=20)
        page = await (await logged_in(page.client, staff.sam)).page(f"{HOURS}/{staff.anna.user}")
        assert page["#week-form h2"].text == "Ordinary week, from Mon 7 December on"
        early = await page.submit("#week-form", since="2026-12-01", ends_1="18:00")
        assert wrong(early) == {
            "field-since-error": "This week counts from Mon 7 December on. Choose a later day."
        }
        gone = await page.client.submit(f"{HOURS}/{staff.anna.user}/weeks/2026-12-07/removal", {})
        assert gone.status == 409

    async def test_a_week_without_hours_is_one(
        self, page: Answer, staff: Staff, clinic: ClinicSettings
    ) -> None:
        nothing = {name: "" for name in form_fields(page["#week-form"]) if name[-2:-1] == "_"}
        assert (await page.submit("#week-form", since="2027-01-01", **nothing)).status == 303
        (column, *_) = (await day_for(staff.anna, date(2027, 1, 5), clinic)).columns
        assert (column.worktimes, column.note) == ((), "not working")
        timetable = (await worker_of(staff.anna.user, [date(2027, 1, 5)])).timetable
        assert timetable.is_known_on(date(2027, 1, 5))


async def test_a_day_gets_other_hours_and_loses_them_again(staff: Staff, open_as: OpenAs) -> None:
    sam = await open_as(staff.sam)
    new = await sam.page(f"{HOURS}/{staff.anna.user}/days/new")
    assert (await new.submit(day="2026-11-24", ends="12:00")).status == 422
    for _twice in range(2):
        assert (await new.submit(day="2026-11-24", starts="12:00", ends="20:00")).status == 303
    other = await new.submit(day="2026-11-24", starts="07:00", ends="10:00")
    assert (other.status, list(wrong(other))) == (409, ["field-day-error"])
    assert await rows("SELECT day, starts, ends FROM changed_hours") == [
        {"day": date(2026, 11, 24), "starts": time(12), "ends": time(20)}
    ]
    week = await sam.page(f"{HOURS}/{staff.anna.user}")
    assert "Tue 24 November 12:00 – 20:00" in week.text
    assert (await week.submit("form.row-end")).status == 303
    assert await rows("SELECT id FROM changed_hours") == []
    assert [action for action, _ in await audited("hours.%")] == ["hours.day_changed", "hours.day_restored"]


async def test_leave_lists_who_is_booked_and_is_added_all_the_same(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    sam = await open_as(staff.sam)
    leave = f"{HOURS}/{staff.anna.user}/leave"
    typed = {"name": "Annual leave", "first_day": str(MONDAY), "last_day": "2026-11-27"}
    asked = await (await sam.page(f"{leave}/new")).submit(**typed)
    assert (asked.status, await rows("SELECT id FROM absence")) == (409, [])
    assert asked[".banner strong"].text == "1 appointment stands in this time."
    assert asked["tbody tr"].text == "Mon 23 Nov, 09:00 – 09:30 Amelia Hart Follow-up · Anna Marsh Move"
    assert asked["tbody th a"].get("href") == f"/diary/appointments/{amelia_at_nine}"
    added = await asked.submit("#absence-form", button="button[name=meant]")
    (stored,) = await rows("SELECT id, practitioner, first_day, last_day, starts, ends FROM absence")
    assert added.location == f"{leave}/{stored['id']}"
    assert (stored["practitioner"], stored["last_day"]) == (staff.anna.user, date(2026, 11, 27))
    page = await added.follow()
    assert "1 appointment still stands in this time." in page.text
    assert "1 still booked" in (await sam.page(f"{HOURS}/{staff.anna.user}")).text
    (entry,) = await rows("SELECT status FROM appointment")
    assert entry["status"] == Status.BOOKED
    await Appointment.update({Appointment.status: Status.CANCELLED}, force=True)
    assert "stands" not in (await page.client.page(added.location)).text
    assert [action for action, _ in await audited("leave.%")] == ["leave.added"]
    assert "Annual leave until Fri 27 Nov" in (await sam.page(HOURS)).text


async def test_leave_that_is_extended_lists_who_is_booked_in_the_days_added(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    on_friday = Booking(staff.anna.user, kit.massage, at(9) + timedelta(days=4), (kit.zara,))
    await book(on_friday, clinic, by=staff.dana)
    sam, leave = await open_as(staff.sam), f"{HOURS}/{staff.anna.user}/leave"
    new = await sam.page(f"{leave}/new")
    typed = {"name": "Annual leave", "first_day": str(MONDAY), "last_day": "2026-11-26"}
    added = await (await new.submit(**typed)).submit("#absence-form", button="button[name=meant]")
    page = await added.follow()
    asked = await page.submit("#absence-form", last_day="2026-11-27")
    assert asked.status == 409
    assert asked[".banner strong"].text == "1 appointment stands in this time."
    first, *_others = asked.all("tbody tr")
    assert first.text.startswith("Fri 27 Nov, 09:00 – 10:00 Zara Khan")
    assert await rows("SELECT last_day FROM absence") == [{"last_day": date(2026, 11, 26)}]
    assert (await asked.submit("#absence-form", button="button[name=meant]")).status == 303
    assert await rows("SELECT last_day FROM absence") == [{"last_day": date(2026, 11, 27)}]
    (stored,) = await rows("SELECT id FROM absence")
    shorter = await sam.page(f"{leave}/{stored['id']}")
    assert (await shorter.submit("#absence-form", last_day="2026-11-24")).status == 303


async def test_leave_is_changed_ended_early_and_removed(staff: Staff, open_as: OpenAs) -> None:
    sam = await open_as(staff.sam)
    path = f"{HOURS}/{staff.anna.user}/leave"
    typed = {"name": "Annual leave", "first_day": str(MONDAY), "last_day": "2026-11-27"}
    assert (await (await sam.page(f"{path}/new")).submit(**typed)).location == f"{HOURS}/{staff.anna.user}"
    (stored,) = await rows("SELECT id FROM absence")
    page = await sam.page(f"{path}/{stored['id']}")
    assert (await page.submit("#absence-form", last_day="2026-11-24")).status == 303
    stale = await page.submit("#absence-form", last_day="2026-11-30")
    assert (stale.status, wrong(stale)) == (409, {"field-last_day-error": "Now stored: 2026-11-24"})
    assert stale["#field-last_day"].get("value") == "2026-11-30"
    for _twice in range(2):
        assert (await page.submit(".catalogue-end")).status == 303
    assert await rows("SELECT id FROM absence") == []
    assert [action for action, _ in await audited("leave.%")] == [
        "leave.added",
        "leave.changed",
        "leave.removed",
    ]
    assert (await sam.page(f"{path}/{stored['id']}")).status == 404


@pytest.mark.parametrize(
    ("typed", "beside"),
    [
        ({"last_day": "2026-11-22"}, {"field-last_day-error": "It can't end before it starts."}),
        (
            {"last_day": "2026-11-24", "starts": "13:00", "ends": "17:00"},
            {
                "field-ends-error": "Only a single day can be missed in part: leave the times empty, or choose one day."
            },
        ),
        ({"starts": "13:00"}, {"field-ends-error": "Say from when until when, or leave both empty."}),
        ({"starts": "13:00", "ends": "12:00"}, {"field-ends-error": "It must end after it starts."}),
    ],
)
async def test_leave_that_cannot_be_is_refused_beside_its_field(
    typed: dict[str, str], beside: dict[str, str], staff: Staff, open_as: OpenAs
) -> None:
    new = await (await open_as(staff.sam)).page(f"{HOURS}/{staff.anna.user}/leave/new")
    refused = await new.submit(**{"name": "Leave", "first_day": str(MONDAY), **typed})
    assert (refused.status, wrong(refused)) == (422, beside)
    assert refused["#field-name"].get("value") == "Leave"


async def test_a_holiday_lists_everybody_who_is_booked_and_closes_the_clinic(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    sam = await open_as(staff.sam)
    new = await sam.page(f"{HOLIDAYS}/new")
    asked = await new.submit(name="Founders’ day", first_day=str(MONDAY))
    assert (asked.status, len(asked.all("tbody tr"))) == (409, 1)
    afternoon = await asked.submit("#absence-form", starts="12:00", ends="18:00")
    assert afternoon.location == HOLIDAYS  # nobody is booked then
    assert "Founders’ day Mon 23 Nov, 12:00 – 18:00" in (await afternoon.follow()).text
    day = await (await open_as(staff.anna)).page("/diary/day/2026-11-23")
    assert day.all(".diary-note")[0].text == "1 today · Founders’ day 12:00 – 18:00"
    assert [action for action, _ in await audited("holiday.%")] == ["holiday.added"]


async def test_only_practitioners_have_hours(staff: Staff, open_as: OpenAs) -> None:
    sam = await open_as(staff.sam)
    for path in ("", "/days/new", "/leave/new"):
        assert (await sam.page(f"{HOURS}/{staff.dana.user}{path}")).status == 404
    assert (await sam.submit(f"{HOURS}/{staff.dana.user}", {"version": "0"})).status == 404
    assert await WorkingHours.count().where(WorkingHours.practitioner == staff.dana.user) == 0
