"""How it goes with an appointment: every status, and the way back from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.statuses import status_of_class
from app.diary.tables import Status
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import audited, day_versions, post_over, stored
from tests.support.client import Client

At = Callable[..., datetime]


async def give(client: Client, appointment: int, status: Status, **more: object) -> int:
    """Press the status's button as the appointment now is; the answer's status."""
    version = (await stored(appointment))["version"]
    path = f"/diary/appointments/{appointment}/status"
    return (await client.submit(path, {"status": status.value, "version": version, **more})).status


async def attended(appointment: int) -> tuple[str, str]:
    (row,) = await rows("SELECT status, reason FROM attendance WHERE appointment = {}", appointment)
    return row["status"], row["reason"]


@pytest.mark.parametrize("status", [status for status in Status if status != Status.BOOKED])
async def test_every_status_is_given_to_the_patient_too_and_can_be_taken_back(
    status: Status, amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    assert await give(anna, amelia_at_nine, status) == 303
    assert (await stored(amelia_at_nine))["status"] == status
    assert (await attended(amelia_at_nine))[0] == status
    assert await give(anna, amelia_at_nine, Status.BOOKED) == 303
    assert (await stored(amelia_at_nine))["status"] == "booked"
    assert (await attended(amelia_at_nine))[0] == "booked"
    assert (await audited("appointment.status"))[0][1] == f'{{"status": "{status}"}}'
    assert (await day_versions())[staff.anna.user, "2026-11-23"] == 3


async def test_the_usual_course_is_one_button_after_the_other(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    pressed = []
    for _step in range(3):
        page = await anna.page(f"/diary/appointments/{amelia_at_nine}")
        (primary,) = page.all(".appointment-actions button.primary")
        pressed.append(primary.text)
        version = (await stored(amelia_at_nine))["version"]
        path = f"/diary/appointments/{amelia_at_nine}/status"
        await anna.submit(path, {"status": primary.get("value"), "version": version})
    assert pressed == ["Arrived", "Start", "Complete"]
    done = await anna.page(f"/diary/appointments/{amelia_at_nine}")
    assert done.all(".appointment-actions button.primary") == []


async def test_a_reason_is_asked_for_and_kept(amelia_at_nine: int, staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    page = await anna.page(f"/diary/appointments/{amelia_at_nine}")
    question = await anna.page(
        page[f"[href='/diary/appointments/{amelia_at_nine}/status/did_not_attend']"].get("href")
    )
    assert (await question.submit(reason="Forgot.")).status == 303
    assert await attended(amelia_at_nine) == ("did_not_attend", "Forgot.")
    await give(anna, amelia_at_nine, Status.ARRIVED)
    assert await attended(amelia_at_nine) == ("arrived", "")
    assert "Forgot" not in str(await audited("%"))


async def test_whoever_cancels_at_short_notice_cancels_late_unless_somebody_says_otherwise(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    question = await (await open_as(staff.anna)).page(
        f"/diary/appointments/{amelia_at_nine}/status/cancelled"
    )
    assert question["[name=status][checked]"].get("value") == "late_cancelled"
    await question.submit(status="cancelled", reason="Snow.")
    assert await attended(amelia_at_nine) == ("cancelled", "Snow.")


async def test_a_cancelled_one_frees_its_time_and_comes_back_only_while_it_is_free(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    await give(anna, amelia_at_nine, Status.CANCELLED)
    second = await book(Booking(staff.anna.user, kit.follow_up, at(9), (kit.zara,)), clinic, by=staff.anna)
    refused = await post_over(
        anna, f"/diary/appointments/{amelia_at_nine}/status", status="booked", version=2
    )
    assert refused.status == 409
    assert "There is already an appointment at that time." in refused["dialog .banner"].text
    assert (await stored(amelia_at_nine))["status"] == "cancelled"
    assert await give(anna, amelia_at_nine, Status.BOOKED, despite="taken") == 303
    assert (await stored(amelia_at_nine))["forced"] is True
    assert (await stored(second))["status"] == "booked"


async def test_one_whose_time_was_given_away_comes_back_at_another_that_is_free(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    await give(anna, amelia_at_nine, Status.CANCELLED)
    await book(Booking(staff.anna.user, kit.follow_up, at(9), (kit.zara,)), clinic, by=staff.anna)
    page = await anna.page(f"/diary/appointments/{amelia_at_nine}")
    refused = await page.submit(".appointment-actions form", button="button[value=booked]")
    assert [slot.text for slot in refused.all(".conflict-slots button")][:2] == [
        "Mon 23 Nov, 09:30",
        "Mon 23 Nov, 10:00",
    ]
    back = await refused.submit("#despite-form", button="button[value='2026-11-23T10:00']")
    assert (await back.follow())["#notices p"].text == "It is booked again, for Mon 23 Nov, 10:00."
    row = await stored(amelia_at_nine)
    assert (row["status"], row["forced"], row["starts_at"], row["ends_at"]) == (
        "booked",
        False,
        at(10),
        at(10, 30),
    )
    assert await attended(amelia_at_nine) == ("booked", "")


async def test_a_status_of_a_double_booked_one_is_no_new_double_booking(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    sent = {"despite": "taken", "practitioner": staff.anna.user, "day": "2026-11-23", "time": "09:00"}
    more = {"type": kit.follow_up, "patient": kit.zara, "key": "k"}
    await anna.submit("/diary/appointments", {**sent, **more})
    (forced,) = await rows("SELECT id FROM appointment WHERE forced")
    assert await give(anna, forced["id"], Status.ARRIVED) == 303
    assert (await stored(forced["id"]))["forced"] is True


async def test_a_button_pressed_on_an_outdated_page_says_how_it_is_now(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    await give(anna, amelia_at_nine, Status.COMPLETED)
    answer = await anna.submit(
        f"/diary/appointments/{amelia_at_nine}/status", {"status": "arrived", "version": 1}
    )
    assert answer.status == 409
    assert "Somebody else has changed this meanwhile." in answer.text
    assert answer.all(".facts .badge")[0].text == "completed"


async def test_a_button_pressed_twice_changes_once(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    for _press in range(2):
        sent = {"status": "arrived", "version": 1}
        answer = await anna.submit(f"/diary/appointments/{amelia_at_nine}/status", sent)
        assert answer.status == 303
    assert (await stored(amelia_at_nine))["version"] == 2


@pytest.mark.parametrize(
    ("theirs", "its"),
    [
        ([], "booked"),
        (["booked", "confirmed"], "confirmed"),
        (["booked", "arrived", "cancelled"], "arrived"),
        (["completed", "booked"], "in_session"),
        (["completed", "did_not_attend"], "completed"),
        (["cancelled", "did_not_attend"], "booked"),
    ],
)
def test_a_class_is_where_its_furthest_attendee_is(theirs: list[str], its: str) -> None:
    assert status_of_class(theirs) == its
