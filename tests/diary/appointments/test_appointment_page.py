"""An appointment opened: what it shows, who may open it, and the record of that."""

from __future__ import annotations

import pytest

from app.clinic.tables import ColleagueAccess
from app.clock import now
from app.db import rows
from app.diary.tables import Appointment, Attendance
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow


async def test_an_appointment_opens_with_all_there_is_to_know(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    answer = await (await open_as(staff.anna)).page(f"/diary/appointments/{amelia_at_nine}")
    assert (answer.status, answer["h1"].text) == (200, "Amelia Hart")
    facts = {fact["dt"].text: fact["dd"].text for fact in answer.all(".facts div")}
    assert facts == {
        "Status": "booked",
        "Type": "Follow-up",
        "Practitioner": "Anna Marsh",
        "Where": "Room 2, High Street",
        "Patient": "Amelia Hart",
        "Visit": "new patient",
        "Born": "3 May 1980",
        "Mobile": "+44 7911 123456",
        "Notes": "Left knee. Bring the scan.",
    }
    assert answer[".appointment-when"].text == "Mon 23 November, 09:00 – 09:30"
    assert answer[".facts a[href=/patients/1]"].text == "Amelia Hart"
    assert answer[".facts a[href=tel:+447911123456]"].text == "+44 7911 123456"
    assert answer["nav.pager a"].get("href") == "/diary/day/2026-11-23"


async def test_over_the_diary_it_opens_as_a_dialog_with_the_same_content(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    page = await anna.page(f"/diary/appointments/{amelia_at_nine}")
    part = await anna.partial(f"/diary/appointments/{amelia_at_nine}")
    assert part["dialog"].has("open")
    assert part["dialog h2"].text == "Amelia Hart"
    assert part[".appointment"].text == page[".appointment"].text
    assert "html" not in part


async def test_opening_is_on_record_for_the_appointment_and_its_patient(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await (await open_as(staff.anna)).page(f"/diary/appointments/{amelia_at_nine}")
    viewed = await rows(
        "SELECT action, actor, subject, subject_id, address FROM audit_entry WHERE action LIKE '%.viewed' ORDER BY id"
    )
    common = {"actor": staff.anna.user, "address": "203.0.113.7"}
    assert viewed == [
        {
            "action": "appointment.viewed",
            "subject": "appointment",
            "subject_id": str(amelia_at_nine),
            **common,
        },
        {"action": "patient.viewed", "subject": "patient", "subject_id": str(kit.amelia), **common},
    ]


async def test_its_form_shows_its_notes_so_that_is_a_view_too(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    await (await open_as(staff.anna)).page(f"/diary/appointments/{amelia_at_nine}/edit")
    [entry] = await rows("SELECT subject_id FROM audit_entry WHERE action = 'appointment.viewed'")
    assert entry == {"subject_id": str(amelia_at_nine)}


async def test_the_day_is_a_list_and_no_view(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    await (await open_as(staff.anna)).page("/diary/day/2026-11-23")
    assert await rows("SELECT id FROM audit_entry WHERE action LIKE '%.viewed'") == []


@pytest.mark.parametrize("access", [ColleagueAccess.NONE, ColleagueAccess.FREE_BUSY])
async def test_to_an_outsider_there_is_no_such_appointment(
    access: ColleagueAccess, amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    await allow(access)
    ben = await open_as(staff.ben)
    answer = await ben.page(f"/diary/appointments/{amelia_at_nine}")
    nothing = await ben.page("/diary/appointments/999")
    assert answer.status == nothing.status == 404
    assert answer["main"].text == nothing["main"].text
    assert await rows("SELECT id FROM audit_entry WHERE action LIKE '%.viewed'") == []


async def test_an_alert_stands_out(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await Attendance.update({Attendance.patient: kit.zara}).where(Attendance.appointment == amelia_at_nine)
    answer = await (await open_as(staff.anna)).page(f"/diary/appointments/{amelia_at_nine}")
    assert answer["main .banner.warning"].text == "Latex allergy"


async def test_a_class_lists_who_comes(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    await Attendance.insert(Attendance(appointment=amelia_at_nine, patient=kit.zara))
    answer = await (await open_as(staff.anna)).page(f"/diary/appointments/{amelia_at_nine}")
    assert answer["h1"].text == "Follow-up"
    assert [who.text for who in answer.all(".attending h3")] == ["Amelia Hart", "Zara Khan"]
    assert answer["main .banner.warning"].text == "Zara Khan: Latex allergy"


async def test_a_block_opens_too(staff: Staff, open_as: OpenAs) -> None:
    lunch = Appointment(
        practitioner=staff.anna.user,
        title="Lunch",
        starts_at=now(),
        ends_at=now().replace(hour=10),
        created_at=now(),
    )
    (created,) = await Appointment.insert(lunch)
    answer = await (await open_as(staff.anna)).page(f"/diary/appointments/{created['id']}")
    assert answer["h1"].text == "Lunch"
    assert [fact.text for fact in answer.all(".facts dt")] == ["Practitioner"]


async def test_a_phone_opens_it_in_its_own_frame(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna, phone=True)).page(f"/diary/appointments/{amelia_at_nine}")
    assert ".phone-bar" in answer
    assert answer["nav.pager a"].get("href") == "/m/day/2026-11-23"
