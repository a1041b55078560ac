"""The diary on phones, and the agenda on desktops, which is the same list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.diary.booking.booking import Booking, book
from app.diary.tables import Appointment, Status
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.support.clock import FrozenClock

At = Callable[..., datetime]


async def test_today_begins_with_who_is_in_session_and_can_be_called(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    await Appointment.update({Appointment.status: Status.IN_SESSION}).where(Appointment.id == amelia_at_nine)
    frozen.tick(minutes=30)
    answer = await (await open_as(staff.anna, phone=True)).page("/m/today")
    assert answer.status == 200
    assert answer["h1"].text == "Today, Mon 23 Nov"
    assert "as of 09:11" in answer[".phone-head"].text
    card = answer[".now-card"]
    assert card.text == "In session until 09:30 [N] Amelia Hart Follow-up · Room 2 Complete Open Call"
    assert card["a[href=tel:+447911123456]"].text == "Call"
    assert card["h2 a"].get("href") == f"/diary/appointments/{amelia_at_nine}"
    done = await answer.submit(".now-actions form", button="button[name=status]")
    assert (done.status, done.location) == (303, "/m/day/2026-11-23")
    assert (await done.follow())["#notices p"].text == "Now: completed."


async def test_what_comes_is_listed_and_gaps_are_gaps(
    amelia_at_nine: int, kit: Clinicians, clinic: ClinicSettings, staff: Staff, open_as: OpenAs, at: At
) -> None:
    await book(Booking(staff.anna.user, kit.massage, at(10), (kit.zara,)), clinic, by=staff.anna)
    answer = await (await open_as(staff.anna, phone=True)).page("/m/today")
    lines = [line.text for line in answer.all("main .agenda li")]
    assert lines == [
        "08:00 – 09:00 · free",
        "09:30 – 10:00 · free",
        "10:00 11:00 [N] Zara Khan Sports massage · Latex allergy booked",
        "11:00 – 13:00 · free",
        "13:00 – 13:45 · break",
        "13:45 – 17:30 · free",
    ]


async def test_what_is_over_is_folded_away(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    frozen.tick(hours=2)
    answer = await (await open_as(staff.anna, phone=True)).page("/m/today")
    assert answer["details summary"].text == "1 earlier today"
    assert "Amelia Hart" in answer["details .agenda li"].text
    assert ".now-card" not in answer


async def test_another_days_agenda_is_whole_and_turns(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna, phone=True)).page("/m/day/2026-11-24")
    assert answer["h1"].text == "Tue 24 Nov"
    assert "No appointments" in answer.text
    assert [link.get("href") for link in answer.all(".pager a")] == ["/m/day/2026-11-23", "/m/day/2026-11-25"]
    assert answer[".phone-bar a[aria-current=page]"].text == "Next days"


async def test_the_next_days_lead_to_their_agendas(
    kit: Clinicians, clinic: ClinicSettings, staff: Staff, open_as: OpenAs, at: At
) -> None:
    booking = Booking(staff.anna.user, kit.massage, at(9) + timedelta(days=1), (kit.zara,))
    await book(booking, clinic, by=staff.anna)
    answer = await (await open_as(staff.anna, phone=True)).page("/m/days")
    days = answer.all("main .agenda a")
    assert [day.get("href") for day in days][:2] == ["/m/day/2026-11-24", "/m/day/2026-11-25"]
    assert days[0].text == "Tue 24 Nov 1 appointment · 09:00 – 10:00"
    assert days[1].text == "Wed 25 Nov No appointments"


@pytest.mark.usefixtures("amelia_at_nine")
async def test_the_desks_agenda_names_each_practitioner(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    answer = await dana.page("/diary/agenda/2026-11-23")
    assert "Anna Marsh" in answer["main"].text
    assert "Ben Osei" in answer["main"].text
    assert answer[".segmented a[aria-current=page]"].text == "Agenda"
    part = await dana.partial("/diary/agenda/2026-11-24")
    assert part["h1"].text == "Tue 24 November"
    assert "html" not in part


async def test_a_page_that_there_is_not_still_has_the_way_to_the_others(
    staff: Staff, open_as: OpenAs
) -> None:
    answer = await (await open_as(staff.anna, phone=True)).page("/nowhere")
    assert (answer.status, ".phone-bar" in answer) == (404, True)
