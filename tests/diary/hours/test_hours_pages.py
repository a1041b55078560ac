"""Admin › Clinic › Hours and Holidays: weeks, single days, leave, and who is booked then."""

from __future__ import annotations

from datetime import date, time

import pytest

from app.clinic.tables import Location
from app.db import rows
from app.diary.tables import Appointment, Status, WorkingHours
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff
from tests.diary.steps import audited
from tests.support.client import Answer

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
    monday = {"starts_0": "10:00", "ends_0": "00:00", "break_starts_0": "", "break_ends_0": ""}
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
    await page.submit("#week-form", ends_0="18:00")
    stale = await page.submit("#week-form", ends_0="19:00", partial=True)
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
    assert (await page.submit("#week-form", break_location_0=north)).status == 303
    again = await sam.page(path)
    assert again["#field-break_location_0 option[selected]"].text == "North"
    assert "Mon 08:00 – 13:00, 13:45 – 17:30 North Tue – Sun" in (await sam.page(HOURS)).text
    assert (await sam.page("/diary/day/2026-11-23")).all(".diary-note")[0].text == "North"
    nowhere = await again.submit("#week-form", break_location_0=2**31 - 1)
    assert (nowhere.status, list(wrong(nowhere))) == (422, ["field-break_location_0-error"])


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
