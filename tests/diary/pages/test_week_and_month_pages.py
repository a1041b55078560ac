"""The week of one practitioner and the month's loads, as each role's browser gets them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import database
from app.diary.booking.booking import Booking, book
from app.diary.pages.loads import Load, loads_between
from app.diary.pages.shown import weeks_of_month
from app.diary.tables import Appointment, Status
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff, allow
from tests.support.client import Answer
from tests.support.statements import counted_statements

At = Callable[..., datetime]
WEEK = "/diary/week/2026-11-25"
MONTH = "/diary/month/2026-11-25"


def of_day(answer: Answer, day: date) -> str:
    """What the month's page says of that day."""
    (link,) = answer.all(f".month a[href='/diary/day/{day}']")
    return link.text


@pytest.mark.usefixtures("amelia_at_nine")
async def test_a_week_has_a_column_for_each_day_of_ones_own(staff: Staff, open_as: OpenAs) -> None:
    page = await (await open_as(staff.anna)).page(WEEK)
    assert page["h1"].text == "23 – 29 November"
    columns = page.all(".diary-column")
    assert [column.get("data-day") for column in columns] == [f"2026-11-{day}" for day in range(23, 30)]
    assert [column["h2 a"].get("href") for column in columns][:2] == [
        "/diary/day/2026-11-23",
        "/diary/day/2026-11-24",
    ]
    assert "Amelia Hart" in columns[0].text
    assert page["option[selected]"].text == "Anna Marsh"


@pytest.mark.usefixtures("amelia_at_nine")
async def test_a_week_can_be_somebody_elses_and_stays_so_when_turned(staff: Staff, open_as: OpenAs) -> None:
    ben = await open_as(staff.ben)
    of_anna = f"{WEEK}?practitioner={staff.anna.user}"
    page = await ben.page(of_anna)
    assert "Amelia Hart" in page["#diary"].text
    assert page["#next-day"].get("href") == f"/diary/week/2026-12-02?practitioner={staff.anna.user}"
    picked = await page.submit(".whose", practitioner=staff.ben.user)
    assert picked.location == f"/diary/week/2026-11-25?practitioner={staff.ben.user}"
    await allow(ColleagueAccess.FREE_BUSY)
    assert "Amelia Hart" not in (await ben.page(of_anna)).response.text
    await allow(ColleagueAccess.NONE)
    assert (await ben.page(of_anna)).status == 404


async def test_what_runs_over_midnight_is_on_both_days_of_the_week(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    await book(Booking(staff.anna.user, kit.massage, at(23, 30), (kit.zara,)), clinic, by=staff.anna)
    page = await (await open_as(staff.anna)).page(WEEK)
    where = [column.get("data-day") for column in page.all(".diary-column") if "Zara Khan" in column.text]
    assert where == ["2026-11-23", "2026-11-24"]


@pytest.mark.usefixtures("amelia_at_nine")
async def test_a_month_says_how_full_each_day_is(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    await book(Booking(staff.ben.user, kit.massage, at(9), (kit.zara,)), clinic, by=staff.dana)
    dana = await open_as(staff.dana)
    page = await dana.page(MONTH)
    assert page["h1"].text == "November 2026"
    assert "2 appointments" in of_day(page, MONDAY)
    assert "appointment" not in of_day(page, MONDAY + timedelta(days=1))
    shares = page.all("a[href='/diary/day/2026-11-23'] .month-load")
    assert [share.get("aria-label") for share in shares] == ["9 % of the working time"]
    of_anna = await dana.page(f"{MONTH}?practitioner={staff.anna.user}")
    assert "1 appointment" in of_day(of_anna, MONDAY)
    assert "1 appointment" in of_day(await (await open_as(staff.anna)).page(MONTH), MONDAY)


async def test_a_load_counts_what_takes_time_from_patients(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At
) -> None:
    await book(Booking(staff.anna.user, kit.massage, at(23, 30), (kit.zara,)), clinic, by=staff.anna)
    await Appointment.update({Appointment.status: Status.DID_NOT_ATTEND}).where(
        Appointment.id == amelia_at_nine
    )
    mondays = {MONDAY: Load(2, 90)}
    assert await loads_between([staff.anna.user], MONDAY, MONDAY + timedelta(days=1), clinic.zone) == mondays
    assert await loads_between([staff.ben.user], MONDAY, MONDAY, clinic.zone) == {}
    await Appointment.update({Appointment.status: Status.CANCELLED}).where(Appointment.id == amelia_at_nine)
    assert (await loads_between([staff.anna.user], MONDAY, MONDAY, clinic.zone))[MONDAY].booked == 1


async def test_loads_know_the_days_on_which_clocks_change(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings
) -> None:
    spring = date(2026, 3, 29)
    last_hour = datetime(2026, 3, 29, 23, tzinfo=clinic.zone)
    await book(Booking(staff.anna.user, kit.massage, last_hour, (kit.zara,)), clinic, by=staff.anna)
    found = await loads_between(
        [staff.anna.user], spring - timedelta(days=1), spring + timedelta(days=1), clinic.zone
    )
    assert found == {spring: Load(1, 60)}


@pytest.mark.parametrize(
    ("path", "reads"),
    [
        ("/diary/day/2026-11-25", 2),
        (WEEK, 2),
        ("/diary/agenda/2026-11-25", 2),
        (MONTH, 2),
        ("/m/today", 2),
        ("/m/day/2026-11-25", 2),
        ("/m/days", 3),
    ],
)
async def test_every_view_costs_the_same_reads_however_much_there_is(
    path: str, reads: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    dana = await open_as(staff.dana)
    await dana.page(path)
    with counted_statements(database()) as empty:
        await dana.page(path)
    for day in range(7):
        for hour in (9, 11, 15):
            booking = Booking(staff.anna.user, kit.follow_up, at(hour) + timedelta(days=day), (kit.zara,))
            await book(booking, clinic, by=staff.dana)
    with counted_statements(database()) as full:
        page = await dana.page(path)
    assert "Zara Khan" in page.text or "3 appointments" in page.text
    assert len(full) == len(empty) == reads


def test_a_month_is_shown_in_whole_weeks() -> None:
    weeks = weeks_of_month(date(2026, 2, 14))
    assert (weeks[0][0], weeks[-1][-1]) == (date(2026, 1, 26), date(2026, 3, 1))
    assert {len(week) for week in weeks} == {7}


async def test_the_calendar_leads_to_each_day_in_the_same_view(staff: Staff, open_as: OpenAs) -> None:
    page = await (await open_as(staff.anna)).page(WEEK)
    links = page.all(".calendar td a")
    assert [link.get("href") for link in links][:2] == ["/diary/week/2026-10-26", "/diary/week/2026-10-27"]
    assert page[".calendar [aria-current=page]"].text == "25"
    assert page[".calendar [aria-current=date]"].text == "23"
