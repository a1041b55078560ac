"""Booking: what is stored, what the database refuses, and what people are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.catalogue.types import add_type
from app.diary.versions import days_touched
from app.errors import Conflict, Invalid, NotFound
from tests.diary.conftest import MONDAY, Clinicians, Staff, allow

At = Callable[..., datetime]


@pytest.fixture
def zara_at_ten(kit: Clinicians, staff: Staff, at: At) -> Booking:
    return Booking(staff.anna.user, kit.massage, at(10), (kit.zara,), room=kit.room)


async def test_a_booking_is_stored_with_its_patient_and_the_types_length(
    zara_at_ten: Booking, kit: Clinicians, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    appointment = await book(zara_at_ten, clinic, by=staff.anna)
    (stored,) = await rows("SELECT * FROM appointment")
    assert (stored["id"], stored["starts_at"], stored["ends_at"]) == (appointment, at(10), at(11))
    assert (stored["status"], stored["created_by"]) == ("booked", staff.anna.user)
    (attended,) = await rows("SELECT * FROM attendance")
    assert (attended["appointment"], attended["patient"], attended["new_patient"]) == (
        appointment,
        kit.zara,
        True,
    )


async def test_only_the_first_appointment_is_a_new_patients(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    await book(zara_at_ten, clinic, by=staff.anna)
    await book(replace(zara_at_ten, starts_at=at(14)), clinic, by=staff.anna)
    attended = await rows("SELECT new_patient FROM attendance ORDER BY id")
    assert [row["new_patient"] for row in attended] == [True, False]


async def test_a_booking_is_counted_on_its_day_and_recorded(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    appointment = await book(zara_at_ten, clinic, by=staff.anna)
    await book(replace(zara_at_ten, starts_at=at(14)), clinic, by=staff.anna)
    (version,) = await rows("SELECT practitioner, day, version FROM day_version")
    assert version == {"practitioner": staff.anna.user, "day": MONDAY, "version": 2}
    entry = (
        await rows(
            "SELECT actor, subject_id FROM audit_entry WHERE action = 'appointment.booked' ORDER BY id"
        )
    )[0]
    assert entry == {"actor": staff.anna.user, "subject_id": str(appointment)}


async def test_a_taken_time_is_refused_and_nothing_of_the_attempt_is_kept(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    await book(zara_at_ten, clinic, by=staff.anna)
    with pytest.raises(Conflict) as refused:
        await book(replace(zara_at_ten, starts_at=at(10, 30), room=None), clinic, by=staff.anna)
    assert refused.value.message == "There is already an appointment at that time."
    for table in ("appointment", "attendance", "day_version"):
        assert len(await rows(f"SELECT id FROM {table}")) == 1
    assert (await rows("SELECT version FROM day_version"))[0]["version"] == 1


async def test_a_taken_room_is_refused(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    await book(zara_at_ten, clinic, by=staff.anna)
    with pytest.raises(Conflict) as refused:
        await book(replace(zara_at_ten, practitioner=staff.ben.user), clinic, by=staff.dana)
    assert refused.value.message == "The room is taken at that time."


async def test_what_begins_as_another_ends_is_welcome(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff, at: At
) -> None:
    await book(zara_at_ten, clinic, by=staff.anna)
    assert await book(replace(zara_at_ten, starts_at=at(11)), clinic, by=staff.anna)


async def test_no_more_patients_come_than_the_type_takes(
    zara_at_ten: Booking, kit: Clinicians, clinic: ClinicSettings, staff: Staff
) -> None:
    both = (kit.zara, kit.amelia)
    with pytest.raises(Invalid) as refused:
        await book(replace(zara_at_ten, patients=both), clinic, by=staff.anna)
    assert (refused.value.field, refused.value.message) == ("patient", "1 patient can come.")
    pilates = await add_type("Pilates", colour=6, minutes=60, capacity=8)
    await book(replace(zara_at_ten, patients=both, type=pilates), clinic, by=staff.anna)
    assert len(await rows("SELECT id FROM attendance")) == 2


async def test_a_type_that_is_not_there_cannot_be_booked(
    zara_at_ten: Booking, clinic: ClinicSettings, staff: Staff
) -> None:
    with pytest.raises(Invalid):
        await book(replace(zara_at_ten, type=999), clinic, by=staff.anna)


async def test_a_diary_that_cannot_be_seen_cannot_be_booked(zara_at_ten: Booking, staff: Staff) -> None:
    clinic = await allow(ColleagueAccess.FREE_BUSY)
    with pytest.raises(NotFound):
        await book(zara_at_ten, clinic, by=staff.ben)


def test_the_days_touched_are_the_wall_calendars(clinic: ClinicSettings, at: At) -> None:
    evening = at(23)
    assert days_touched(evening, evening + timedelta(hours=1), clinic.zone) == [MONDAY]
    assert days_touched(evening, evening + timedelta(hours=2), clinic.zone) == [MONDAY, date(2026, 11, 24)]
