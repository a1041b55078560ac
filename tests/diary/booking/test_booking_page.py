"""Booking as people do it: the form, what is in the way, and what is free instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from app.accounts.tables import User
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.diary.catalogue.types import add_type
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.steps import audited, form_at, only_appointment, post_over, typed
from tests.support.client import Answer, Client

At = Callable[..., datetime]


async def test_an_empty_slot_books_a_patient_who_is_known(
    staff: Staff, kit: Clinicians, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    form = await form_at(anna, staff.anna.user)
    found = await form.submit(q="amel", button="button[value=find]")
    answer = await found.submit(patient=kit.amelia, type=kit.follow_up, room=kit.room, notes="Left knee.")
    assert (answer.status, answer.location) == (303, "/diary/day/2026-11-23")
    booked = await only_appointment()
    assert (booked["starts_at"], booked["ends_at"]) == (at(10), at(10, 30))
    assert (booked["practitioner"], booked["room"], booked["notes"]) == (
        staff.anna.user,
        kit.room,
        "Left knee.",
    )
    assert booked["location"] is not None
    day = await answer.follow()
    assert day["#notices p"].text == "Booked for Mon 23 Nov, 10:00."
    assert day["#notices button.notice-action"].text == "Undo"
    assert day[".diary-blocks li a"].get("aria-label").startswith("10:00 to 10:30, Amelia Hart")


async def test_a_new_patient_is_entered_in_the_same_form(
    staff: Staff, kit: Clinicians, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.dana), staff.anna.user)
    answer = await form.submit(new_name="Noah Fraser", new_born="3 May 1991", new_mobile="07911 654321")
    assert answer.status == 303
    (patient,) = await rows("SELECT id, mobile, created_by FROM patient WHERE name = 'Noah Fraser'")
    assert (patient["mobile"], patient["created_by"]) == ("+447911654321", staff.dana.user)
    attended = await rows("SELECT patient, new_patient FROM attendance")
    assert attended == [{"patient": patient["id"], "new_patient": True}]
    assert [action for action, _ in await audited("%.created")] == ["user.created"] * 4 + ["patient.created"]


class TestNamesakes:
    """Somebody who is entered as new may have a record: people decide whether it is theirs."""

    async def refused(self, client: Client, practitioner: int, at: str = "10:00", **typed: str) -> Answer:
        answer = await (await form_at(client, practitioner, at)).submit(new_name="amelia HART", **typed)
        assert answer.status == 409
        assert answer[".conflict strong"].text.startswith("There is somebody of this name already.")
        return answer

    async def test_the_record_that_is_there_is_taken_by_one_press(
        self, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        asked = await self.refused(await open_as(staff.dana), staff.anna.user, new_born="3 May 1980")
        (other,) = asked.all("button[name=instead]")
        assert other.text == "Amelia Hart, born 3 May 1980, ends in 3456"
        assert (await asked.submit(button="button[name=instead]")).status == 303
        assert await rows("SELECT patient FROM attendance") == [{"patient": kit.amelia}]
        assert len(await rows("SELECT id FROM patient")) == 2

    async def test_one_who_is_somebody_else_is_new_all_the_same(
        self, amelia_at_nine: int, staff: Staff, open_as: OpenAs
    ) -> None:
        asked = await self.refused(await open_as(staff.dana), staff.anna.user, "09:00")
        taken = await asked.submit(button="button[name=new_anyway]")
        assert taken[".conflict strong"].text == "There is already an appointment at that time."
        booked = await taken.submit(button="button[value='2026-11-23T09:30']")
        assert booked.status == 303, "it is asked once"
        assert len(await rows("SELECT id FROM patient WHERE search = 'amelia hart'")) == 2

    async def test_the_answer_holds_for_that_name_only(
        self, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        asked = await self.refused(await open_as(staff.dana), staff.anna.user, "07:00")
        outside = await asked.submit(button="button[name=new_anyway]")
        assert outside[".conflict strong"].text.startswith("That is outside working hours")
        again = await outside.submit(new_name="Zara Khan")
        assert again[".conflict strong"].text.startswith("There is somebody of this name already.")

    async def test_another_date_of_birth_tells_them_apart(
        self, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        form = await form_at(await open_as(staff.dana), staff.anna.user)
        assert (await form.submit(new_name="Amelia Hart", new_born="4 May 1980")).status == 303

    async def test_the_record_that_was_taken_stays_chosen_when_the_time_is_refused(
        self, amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
    ) -> None:
        asked = await self.refused(await open_as(staff.dana), staff.anna.user, "09:00")
        taken = await asked.submit(button="button[name=instead]")
        assert taken[".conflict strong"].text == "There is already an appointment at that time."
        assert taken["[name=patient][checked]"].get("value") == str(kit.amelia)
        assert taken["[name=new_name]"].get("value") == ""


async def test_over_the_diary_the_form_is_a_dialog_and_leaves_the_view_as_it_was(
    staff: Staff, kit: Clinicians, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    dialog = await anna.partial(f"/diary/book?practitioner={staff.anna.user}&at=2026-11-23T10:00")
    assert dialog["dialog h2"].text == "Book an appointment"
    form = dialog["#booking-form"]
    assert form.get("hx-post") == form.get("action") == "/diary/appointments"
    done = await post_over(anna, "/diary/appointments", **typed(dialog), patient=kit.amelia)
    assert (done.status, done.headers["hx-retarget"]) == (200, "#opened")
    assert done["hx-partial"].get("hx-target") == "#notices"
    assert done.headers["hx-trigger"] == '{"stale": {"target": "#diary-page"}}'


async def test_a_taken_time_is_refused_with_the_reason_and_what_is_free_next(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user, "09:15")
    refused = await form.submit(new_name="Noah Fraser", type=kit.massage, notes="Brings his scan.")
    assert refused.status == 409
    assert refused[".conflict strong"].text == "There is already an appointment at that time."
    assert [slot.text for slot in refused.all(".conflict-slots button")] == [
        "Mon 23 Nov, 09:30",
        "Mon 23 Nov, 10:30",
        "Mon 23 Nov, 11:30",
        "Mon 23 Nov, 13:45",
        "Mon 23 Nov, 14:45",
    ]
    assert refused["[name=new_name]"].get("value") == "Noah Fraser"
    assert refused["[name=notes]"].text == "Brings his scan."
    assert await rows("SELECT id FROM patient WHERE name = 'Noah Fraser'") == []

    booked = await refused.submit(button="button[value=2026-11-23T10:30]")
    assert booked.status == 303
    (second,) = await rows("SELECT starts_at, forced FROM appointment WHERE id <> {}", amelia_at_nine)
    assert second == {"starts_at": at(10, 30), "forced": False}


async def test_double_booking_is_a_choice_of_its_own_and_on_record(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user, "09:00")
    refused = await form.submit(new_name="Noah Fraser", type=kit.follow_up)
    meant = await refused.submit(button="button[name=despite]")
    assert meant.status == 303
    (second,) = await rows("SELECT forced FROM appointment WHERE id <> {}", amelia_at_nine)
    assert second["forced"] is True
    assert (await audited("appointment.booked"))[-1] == ("appointment.booked", '{"forced": true}')

    ordinary = await form_at(await open_as(staff.anna), staff.anna.user, "09:00")
    third = await ordinary.submit(new_name="Isla Byrne", type=kit.follow_up)
    assert (third.status, len(await rows("SELECT id FROM appointment"))) == (409, 2)


async def test_a_double_booking_of_what_became_free_is_an_ordinary_booking(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    sent = {**typed(await form_at(anna, staff.anna.user)), "patient": kit.zara, "despite": "taken"}
    assert (await anna.submit("/diary/appointments", sent)).status == 303
    assert (await only_appointment())["forced"] is False


async def test_a_taken_room_is_refused_and_the_times_offered_have_it_free(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.dana), staff.ben.user, "09:00")
    refused = await form.submit(new_name="Noah Fraser", type=kit.follow_up, room=kit.room)
    assert refused.status == 409
    assert refused[".conflict strong"].text == "The room is taken at that time."
    assert refused.all(".conflict-slots button")[0].text == "Mon 23 Nov, 09:30"


async def test_outside_working_hours_it_is_asked_first(
    kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user, "13:15")
    refused = await form.submit(new_name="Noah Fraser", type=kit.follow_up)
    assert refused.status == 409
    assert refused[".conflict strong"].text == "That is outside working hours, 08:00 – 13:00, 13:45 – 17:30."
    assert refused.all(".conflict-slots button")[0].text == "Mon 23 Nov, 13:45"
    assert await rows("SELECT id FROM appointment") == []
    booked = await refused.submit(button="button[name=despite]")
    assert booked.status == 303
    stored = await only_appointment()
    assert (stored["starts_at"], stored["forced"]) == (at(13, 15), False)


async def test_what_is_wrong_is_said_next_to_its_field_and_nothing_is_lost(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    refused = await form.submit(time="10:07", new_born="yesterday", notes="Keep this.")
    assert refused.status == 422
    assert refused["#field-time-error"].text == "Use steps of five minutes, such as 10:05."
    assert "#field-new_born-error" in refused
    assert refused["[name=time]"].get("value") == "10:07"
    assert refused["[name=notes]"].text == "Keep this."
    nobody = await refused.submit(time="10:05", new_born="")
    assert nobody["#field-patient-error"].text == "Choose a patient, or fill in a new one."
    assert nobody["#field-q"].get("aria-invalid") == "true", "and whoever can't see it hears it"


async def test_five_minute_steps_are_accepted(kit: Clinicians, staff: Staff, open_as: OpenAs, at: At) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    assert (await form.submit(time="10:05", new_name="Noah Fraser")).status == 303
    assert (await only_appointment())["starts_at"] == at(10, 5)


async def test_a_form_that_is_sent_twice_books_once(kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    sent = {**typed(await form_at(anna, staff.anna.user)), "new_name": "Noah Fraser"}
    first = await anna.submit("/diary/appointments", sent)
    again = await anna.submit("/diary/appointments", sent)
    assert (first.status, first.location) == (again.status, again.location) == (303, "/diary/day/2026-11-23")
    await only_appointment()
    assert len(await rows("SELECT id FROM patient WHERE name = 'Noah Fraser'")) == 1


async def test_a_form_that_comes_back_changed_asks_before_it_books_another(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    sent = {**typed(await form_at(anna, staff.anna.user)), "patient": kit.zara}
    await anna.submit("/diary/appointments", sent)
    other = await anna.submit("/diary/appointments", {**sent, "time": "14:00"})
    assert other.status == 409
    assert "This form has already booked Mon 23 Nov, 10:00." in other.text
    assert (await other.submit()).status == 303
    assert len(await rows("SELECT id FROM appointment")) == 2


async def test_practitioners_book_in_their_own_diary_and_read_their_colleagues(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    ben = await open_as(staff.ben)
    form = await form_at(ben, staff.anna.user)
    assert form["input[name=practitioner]"].get("value") == str(staff.ben.user)
    sent = {**typed(form), "practitioner": staff.anna.user, "patient": kit.zara}
    assert (await ben.submit("/diary/appointments", sent)).status == 403
    await allow(ColleagueAccess.NONE)
    assert (await ben.submit("/diary/appointments", sent)).status == 404
    assert await rows("SELECT id FROM appointment") == []


async def test_the_desk_chooses_among_all_practitioners(
    kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    form = await form_at(await open_as(staff.dana), staff.ben.user)
    chosen = form["select[name=practitioner] option[selected]"]
    assert chosen.text == "Ben Osei"


async def test_a_class_may_begin_without_anybody(kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    pilates = await add_type("Pilates", colour=6, minutes=60, capacity=8)
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    assert (await form.submit(type=pilates)).status == 303
    assert await rows("SELECT id FROM attendance") == []


async def test_book_next_is_a_week_later_for_the_same_patient(
    amelia_at_nine: int, kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    opened = await anna.page(f"/diary/appointments/{amelia_at_nine}")
    form = await anna.page(opened[f"[href='/diary/book?after={amelia_at_nine}']"].get("href"))
    assert form["[name=patient][checked]"].get("value") == str(kit.amelia)
    assert (await form.submit()).location == "/diary/day/2026-11-30"
    (following,) = await rows("SELECT * FROM appointment WHERE id <> {}", amelia_at_nine)
    assert (following["type"], following["room"]) == (kit.follow_up, kit.room)


async def test_book_next_asks_with_whom_where_that_one_has_left(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    await User.update({User.practitioner: False}).where(User.id == staff.anna.user)
    form = await (await open_as(staff.dana)).page(f"/diary/book?after={amelia_at_nine}")
    assert (
        form["#field-practitioner-error"].text
        == "Whom they saw treats nobody any more. Choose somebody else."
    )
    names = [option.text for option in form.all("select[name=practitioner] option")]
    assert names == ["Choose…", "Ben Osei"]
    assert (await form.submit()).status == 422
    assert (await form.submit(practitioner=staff.ben.user)).status == 303
    found = await rows("SELECT practitioner FROM appointment ORDER BY starts_at")
    assert [row["practitioner"] for row in found] == [staff.anna.user, staff.ben.user]


async def test_no_name_reaches_the_audit_trail(kit: Clinicians, staff: Staff, open_as: OpenAs) -> None:
    form = await form_at(await open_as(staff.anna), staff.anna.user)
    await form.submit(new_name="Noah Fraser", notes="Left knee.")
    kept = " ".join(str(row) for row in await rows("SELECT * FROM audit_entry"))
    assert "Noah" not in kept
    assert "knee" not in kept


@pytest.mark.parametrize("path", ["/diary/book", "/diary/block", "/diary/book?at=soon&practitioner=x"])
async def test_a_form_opens_whatever_the_link_says(path: str, staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna)).page(path)
    assert answer.status == 200
    assert answer["[name=day]"].get("value") == "2026-11-23"
