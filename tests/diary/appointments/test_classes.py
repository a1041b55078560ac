"""Classes: who comes, up to how many, and everybody's own status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.clinic.clinic import ClinicSettings
from app.db import rows
from app.diary.appointments.attendees import add_attendee
from app.diary.booking.booking import Booking, book
from app.diary.booking.forms import AttendeeForm
from app.diary.booking.series import book_series
from app.diary.catalogue.types import add_type
from app.diary.patients.patients import NewPatient, add_patient
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import at_ten, audited, post_over, stored

At = Callable[..., datetime]


@pytest.fixture
async def pilates(kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> int:
    """Anna's class of two at ten, to which Amelia comes."""
    kind = await add_type("Pilates", colour=6, minutes=60, capacity=2)
    return await book(Booking(staff.anna.user, kind, at(10), (kit.amelia,)), clinic, by=staff.dana)


async def attended(appointment: int) -> dict[int, str]:
    found = await rows("SELECT patient, status FROM attendance WHERE appointment = {}", appointment)
    return {row["patient"]: row["status"] for row in found}


async def test_a_class_of_one_is_still_a_class_wherever_it_is_shown(
    pilates: int, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    day = await anna.page("/diary/day/2026-11-23")
    assert day[".block-who"].text == "10:00 [N] Pilates"
    assert day[".block-what"].text == "1 of 2"
    for agenda in (
        await anna.page("/diary/agenda/2026-11-23"),
        await (await open_as(staff.anna, phone=True)).page("/m/today"),
    ):
        assert agenda[".now-card h2"].text == "[N] Pilates"
        assert "Amelia Hart" not in agenda.text
        assert "a[href=tel:+447911123456]" not in agenda, "nobody is the one to call"


async def test_somebody_joins_while_there_is_room(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    page = await (await open_as(staff.anna)).page(f"/diary/appointments/{pilates}")
    assert page["h1"].text == "Pilates"
    found = await page.submit(".attending-new form", q="zara", button="button[value=find]")
    joined = await found.submit(".attending-new form", patient=kit.zara)
    assert (joined.status, joined.location) == (303, f"/diary/appointments/{pilates}")
    assert await attended(pilates) == {kit.amelia: "booked", kit.zara: "booked"}
    assert await audited("appointment.attendee%") == [
        ("appointment.attendee_added", f'{{"patient": {kit.zara}}}')
    ]
    assert ".attending-new" not in await joined.follow()


async def test_a_newcomer_to_a_class_may_have_a_record_already(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    page = await (await open_as(staff.anna)).page(f"/diary/appointments/{pilates}")
    asked = await page.submit(".attending-new form", new_name="Zara Khan")
    assert (asked.status, asked["button[name=instead]"].text) == (409, "Zara Khan")
    assert ".banner.bad" not in asked
    await asked.submit(".attending-new form", button="button[name=instead]")
    assert await attended(pilates) == {kit.amelia: "booked", kit.zara: "booked"}


async def test_a_full_class_takes_nobody_but_in_a_cancelled_ones_place(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    path = f"/diary/appointments/{pilates}/attendees"
    noah = await add_patient(NewPatient("Noah Fraser"))
    await anna.submit(path, {"patient": kit.zara, "version": 1})
    full = await anna.submit(path, {"patient": noah, "version": 2})
    assert (full.status, full["main .banner.bad"].text) == (409, "This class is full: 2 patients.")
    sent = {"patient": kit.zara, "status": "cancelled", "version": 2}
    assert (await anna.submit(f"/diary/appointments/{pilates}/status", sent)).status == 303
    assert (await anna.submit(path, {"patient": noah, "version": 3})).status == 303
    assert await attended(pilates) == {kit.amelia: "booked", kit.zara: "cancelled", noah: "booked"}


async def test_of_two_who_join_at_once_neither_overwrites_the_other(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    path = f"/diary/appointments/{pilates}/attendees"
    await anna.submit(path, {"patient": kit.zara, "version": 1})
    stale = await anna.submit(path, {"new_name": "Noah Fraser", "version": 1})
    assert stale.status == 409
    assert "Somebody else has changed this meanwhile." in stale.text
    assert await rows("SELECT id FROM patient WHERE name = 'Noah Fraser'") == []


async def test_one_patients_status_is_theirs_and_makes_the_classs(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    await anna.submit(f"/diary/appointments/{pilates}/attendees", {"patient": kit.zara, "version": 1})
    path = f"/diary/appointments/{pilates}/status"
    over = await post_over(anna, path, patient=kit.zara, status="in_session", version=2)
    assert over["dialog h2"].text == "Pilates"
    assert over["hx-partial p"].text == "Now: in session."
    assert await attended(pilates) == {kit.amelia: "booked", kit.zara: "in_session"}
    assert (await stored(pilates))["status"] == "in_session"
    await anna.submit(path, {"patient": kit.zara, "status": "booked", "version": 3})
    assert (await stored(pilates))["status"] == "booked"


async def test_a_cancelled_class_cancels_everybody_and_brings_them_back(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    path = f"/diary/appointments/{pilates}/status"
    await anna.submit(f"/diary/appointments/{pilates}/attendees", {"patient": kit.zara, "version": 1})
    await anna.submit(path, {"patient": kit.zara, "status": "did_not_attend", "version": 2})
    await anna.submit(path, {"status": "cancelled", "reason": "Teacher unwell.", "version": 3})
    assert await attended(pilates) == {kit.amelia: "cancelled", kit.zara: "did_not_attend"}
    assert (await stored(pilates))["status"] == "cancelled"
    await anna.submit(path, {"status": "booked", "version": 4})
    assert await attended(pilates) == {kit.amelia: "booked", kit.zara: "did_not_attend"}
    assert (await stored(pilates))["status"] == "booked"


async def test_a_class_whose_patients_all_cancelled_still_takes_its_time(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    sent = {"patient": kit.amelia, "status": "cancelled", "version": 1}
    await (await open_as(staff.anna)).submit(f"/diary/appointments/{pilates}/status", sent)
    assert (await stored(pilates))["status"] == "booked"


async def test_taking_somebody_off_the_list_can_be_undone(
    pilates: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    page = await (await open_as(staff.anna)).page(f"/diary/appointments/{pilates}")
    removed = await page.submit(f"[action='/diary/appointments/{pilates}/attendees/{kit.amelia}/removal']")
    assert await attended(pilates) == {}
    after = await removed.follow()
    await after.submit("#notices form")
    assert await attended(pilates) == {kit.amelia: "booked"}
    found = await rows("SELECT new_patient FROM attendance")
    assert found == [{"new_patient": True}]


async def test_an_ordinary_appointment_takes_no_second_patient(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    path = f"/diary/appointments/{amelia_at_nine}/attendees"
    answer = await (await open_as(staff.anna)).submit(path, {"patient": kit.zara, "version": 1})
    assert answer.status == 404


class TestASeriesOfClasses:
    """Anna's Pilates on four Mondays, to which Amelia comes, and Zara from the second on."""

    @pytest.fixture
    async def mondays(self, kit: Clinicians, staff: Staff, clinic: ClinicSettings) -> list[int]:
        kind = await add_type("Pilates", colour=6, minutes=60, capacity=2)
        await book_series(at_ten(staff, kind, kit.amelia), clinic, by=staff.dana)
        booked = [row["id"] for row in await rows("SELECT id FROM appointment ORDER BY starts_at")]
        for one in booked[1:]:
            joins = AttendeeForm(patient=kit.zara, version=1)
            await add_attendee(joins, one, clinic, by=staff.dana)
        return booked

    async def test_one_patient_cancels_this_and_the_following(
        self, mondays: list[int], kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        anna = await open_as(staff.anna)
        ask = f"/diary/appointments/{mondays[2]}/status/cancelled?patient={kit.zara}"
        form = await anna.page(ask)
        assert [label.text for label in form.all(".scope label")] == [
            "Only this one",
            "This and the following, 2 in all",
            "All still to come, 3 in all",
        ]
        done = await form.submit(scope="following", reason="Moves away.")
        after = await done.follow()
        assert after["#notices p"].text == "2 cancelled."
        theirs = [(await attended(one)).get(kit.zara) for one in mondays]
        assert theirs == [None, "booked", "cancelled", "cancelled"]
        assert {(await attended(one))[kit.amelia] for one in mondays} == {"booked"}
        assert {(await stored(one))["status"] for one in mondays} == {"booked"}
        assert (await audited("series.place%")) == [
            ("series.place_cancelled", f'{{"appointments": 2, "patient": {kit.zara}}}')
        ]
        await after.submit("#notices form")
        assert [(await attended(one)).get(kit.zara) for one in mondays[1:]] == ["booked"] * 3

    async def test_a_series_that_was_changed_meanwhile_is_looked_at_again(
        self, mondays: list[int], kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        anna = await open_as(staff.anna)
        form = await anna.page(f"/diary/appointments/{mondays[1]}/status/cancelled?patient={kit.zara}")
        await anna.submit(f"/diary/appointments/{mondays[3]}/status", {"status": "confirmed", "version": 2})
        assert (await form.submit(scope="all")).status == 409
        assert [(await attended(one)).get(kit.zara) for one in mondays[1:]] == [
            "booked",
            "booked",
            "confirmed",
        ]
