"""Adding a patient and changing a record: what is stored, what is refused, and that nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.diary.patients.forms import PatientForm
from app.diary.patients.patients import DETAILS, NewPatient, add_patient
from app.diary.patients.search import find_patients
from app.forms import sentence
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.patients.people import AMELIA, viewed, visit
from tests.support.client import Answer
from tests.support.clock import FrozenClock

At = Callable[..., datetime]
TYPED = {
    "name": "  Amélia   O’Hart ",
    "preferred_name": "Millie",
    "date_of_birth": "3.5.1980",
    "mobile": "07911 123456",
    "phone": "(0161) 496-0142",
    "email": "Amelia@Mail.example",
    "alert": "Latex allergy",
    "notes": "Comes by bus.\nNever before nine.",
}


async def stored(name: str = "") -> list[dict[str, Any]]:
    return await rows(
        f"SELECT {', '.join(DETAILS)}, version FROM patient WHERE name LIKE {{}} ORDER BY id", f"%{name}"
    )


def errors(answer: Answer) -> dict[str, str]:
    return {
        e.get("id").removeprefix("field-").removesuffix("-error"): e.text for e in answer.all(".field-error")
    }


async def test_a_new_patient_is_stored_as_meant_and_opened(staff: Staff, open_as: OpenAs) -> None:
    form = await (await open_as(staff.anna)).page("/patients/new")
    answer = await form.submit(**TYPED)
    assert answer.status == 303
    record = await answer.follow()
    assert (record["h1"].text, record["#notices .notice p"].text) == (
        "Amélia O’Hart",
        "The patient is added.",
    )
    (patient,) = await stored()
    assert patient == {**{name: getattr(AMELIA, name) for name in DETAILS}, "version": 1}
    assert await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'patient.created'") == [
        {"actor": staff.anna.user, "subject_id": answer.location.rsplit("/", 1)[1]}
    ]


async def test_only_the_name_is_needed(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page("/patients/new")
    assert errors(await form.submit(partial=True)) == {"name": "Please fill this in."}
    assert (await form.submit(name="Nora New")).status == 303
    assert len(await stored()) == 1


async def test_a_form_that_is_sent_twice_adds_one_patient(staff: Staff, open_as: OpenAs) -> None:
    form = await (await open_as(staff.anna)).page("/patients/new")
    first, second = await form.submit(**TYPED), await form.submit(**TYPED)
    assert first.location == second.location
    assert len(await stored()) == 1


async def test_what_cannot_be_is_told_next_to_its_field_and_kept(staff: Staff, open_as: OpenAs) -> None:
    wrong = {"date_of_birth": "31/02/1980", "mobile": "0161 496 0142"}
    form = await (await open_as(staff.anna)).page("/patients/new")
    answer = await form.submit(**{**TYPED, **wrong})
    assert answer.status == 422
    assert errors(answer) == {
        "date_of_birth": "There is no such date. Write it like 23 Nov 1980.",
        "mobile": "This isn't a mobile number. Put it under Other phone.",
    }
    assert {name: answer[f"#field-{name}"].get("value") for name in wrong} == wrong
    assert answer["#field-notes"].text == "Comes by bus. Never before nine."
    assert await stored() == []
    assert (await answer.submit(**{name: TYPED[name] for name in wrong})).status == 303


@pytest.mark.parametrize(
    ("field", "typed", "told"),
    [
        ("name", "x" * 81, "Too long: 80 characters at most."),
        ("date_of_birth", "3/5/19", "Write all four digits of the year."),
        ("date_of_birth", "25/11/2026", "This day is yet to come. Check the year."),
        ("date_of_birth", "3/5/1895", "Nobody is older than 130. Check the year."),
        ("mobile", "12", "That is too short or too long for a phone number. Check the digits."),
        ("phone", "ask her", "This isn't a phone number."),
        ("phone", "0161 496 0142 ext. 7", "Leave out the extension, or put it into the notes."),
        ("email", "amelia", "This isn't an e-mail address. It looks like name@example.com."),
        ("alert", "x" * 201, "Too long: 200 characters at most."),
    ],
)
def test_each_fault_has_a_sentence(field: str, typed: str, told: str, frozen: FrozenClock) -> None:
    with pytest.raises(ValidationError) as refused:
        PatientForm.model_validate({"name": "Ann", field: typed}, context={"country": "GB"})
    assert [(fault["loc"], sentence(fault)) for fault in refused.value.errors()] == [((field,), told)]


def test_numbers_and_dates_are_read_as_the_country_writes_them(frozen: FrozenClock) -> None:
    typed = {"name": "Ann", "mobile": "(201) 555-0123", "date_of_birth": "5/3/1980", "notes": "One.\r\nTwo."}
    form = PatientForm.model_validate(typed, context={"country": "US"})
    assert (form.mobile, form.date_of_birth, form.notes) == ("+12015550123", date(1980, 5, 3), "One.\nTwo.")


async def test_whoever_is_born_today_has_a_record(staff: Staff, open_as: OpenAs) -> None:
    form = await (await open_as(staff.anna)).page("/patients/new")
    assert (await form.submit(name="Nora New", date_of_birth="23/11/2026")).status == 303


class TestNamesakes:
    """Two records for one person are a nuisance, two persons in one record a danger: people decide."""

    async def test_somebody_of_that_name_and_day_is_shown_first(self, staff: Staff, open_as: OpenAs) -> None:
        there = await add_patient(AMELIA)
        form = await (await open_as(staff.anna)).page("/patients/new")
        asked = await form.submit(name="amelia o’hart", date_of_birth="3 May 1980", notes="New.")
        assert asked.status == 409
        assert asked[".banner li"].text == "Amélia O’Hart, born 3 May 1980, +44 7911 123456"
        assert asked[".banner li a"].get("href") == f"/patients/{there}"
        assert asked["#field-notes"].text == "New."
        added = await asked.submit(button="button[name=anyway]")
        again = await asked.submit(button="button[name=anyway]")
        assert added.location == again.location != f"/patients/{there}"
        assert len(await stored()) == 2

    @pytest.mark.parametrize(
        ("theirs", "typed", "asks"),
        [
            (date(1980, 5, 3), "3/5/1980", True),
            (date(1980, 5, 3), "4/5/1980", False),
            (date(1980, 5, 3), "", True),
            (None, "3/5/1980", True),
            (None, "", True),
        ],
    )
    async def test_only_a_known_other_day_tells_them_apart(
        self, theirs: date | None, typed: str, asks: bool, staff: Staff, open_as: OpenAs
    ) -> None:
        await add_patient(NewPatient("Ann Bell", date_of_birth=theirs))
        form = await (await open_as(staff.anna)).page("/patients/new")
        answer = await form.submit(name="Ann Bell", date_of_birth=typed)
        assert answer.status == (409 if asks else 303)

    async def test_whom_the_viewer_may_not_see_is_not_given_away(self, staff: Staff, open_as: OpenAs) -> None:
        await allow(ColleagueAccess.NONE)
        await add_patient(AMELIA)
        form = await (await open_as(staff.ben)).page("/patients/new")
        answer = await form.submit(name=AMELIA.name)
        assert answer.status == 303
        assert (await answer.follow())["h1"].text == AMELIA.name

    async def test_a_form_that_has_added_somebody_asks_before_it_adds_another(
        self, staff: Staff, open_as: OpenAs
    ) -> None:
        form = await (await open_as(staff.anna)).page("/patients/new")
        await form.submit(name="Ann Bell")
        asked = await form.submit(name="Bo Bell")
        assert (asked.status, asked[".banner li"].text) == (409, "Ann Bell")
        assert asked["#field-name"].get("value") == "Bo Bell"
        await asked.submit(button="button[name=anyway]")
        assert [patient["name"] for patient in await stored()] == ["Ann Bell", "Bo Bell"]


async def test_a_record_opens_as_it_is_shown_and_saves_unchanged(staff: Staff, open_as: OpenAs) -> None:
    """Numbers that are kept free for invented people are among those that no table of numbers knows."""
    patient = await add_patient(
        NewPatient("Ann Bell", mobile="+447700900123", date_of_birth=date(1980, 9, 30))
    )
    form = await (await open_as(staff.anna)).page(f"/patients/{patient}/edit")
    assert form["#field-date_of_birth"].get("value") == "30 Sept 1980"
    assert form["#field-mobile"].get("value") == "+44 7700 900123"
    assert (await form.submit()).location == f"/patients/{patient}"
    assert (await stored())[0]["version"] == 1
    assert await rows("SELECT id FROM audit_entry WHERE action = 'patient.changed'") == []


async def test_a_change_is_stored_found_and_on_record(
    staff: Staff, clinic: ClinicSettings, open_as: OpenAs
) -> None:
    patient = await add_patient(AMELIA)
    form = await (await open_as(staff.anna)).page(f"/patients/{patient}/edit")
    answer = await form.submit(name="Amélia Khan", alert="", notes=AMELIA.notes)
    assert (await answer.follow())["#notices .notice p"].text == "The record is saved."
    (changed,) = await stored()
    assert (changed["name"], changed["alert"], changed["version"]) == ("Amélia Khan", "", 2)
    assert [p.id for p in await find_patients("khan 07911", staff.anna, clinic)] == [patient]
    assert await find_patients("hart", staff.anna, clinic) == []
    (entry,) = await rows("SELECT actor, details FROM audit_entry WHERE action = 'patient.changed'")
    assert entry == {"actor": staff.anna.user, "details": '{"fields": "name alert"}'}


async def test_a_stale_record_shows_both_versions_and_keeps_what_was_typed(
    staff: Staff, open_as: OpenAs
) -> None:
    patient = await add_patient(AMELIA)
    anna, dana = await open_as(staff.anna), await open_as(staff.dana)
    stale = await anna.page(f"/patients/{patient}/edit")
    await (await dana.page(f"/patients/{patient}/edit")).submit(
        mobile="07911 123499", date_of_birth="", notes=""
    )
    answer = await stale.submit(notes="Prefers mornings.", alert="", partial=True)
    assert answer.status == 409
    assert errors(answer) == {
        "mobile": "Now stored: +44 7911 123499",
        "date_of_birth": "Now stored: nothing",
        "notes": "Now stored: nothing",
        "alert": "Now stored: Latex allergy",
    }
    assert answer["#field-notes"].text == "Prefers mornings."
    assert (await stored())[0]["notes"] == ""
    opened_by_anna = (staff.anna.user, str(patient))
    assert (await viewed()).count(opened_by_anna) == 2, "what is stored was shown to her again"
    decided = await answer.submit("form", mobile="07911 123499")
    assert decided.status == 303
    (patient_now,) = await stored()
    assert (patient_now["mobile"], patient_now["notes"], patient_now["version"]) == (
        "+447911123499",
        "Prefers mornings.",
        3,
    )


async def test_a_change_that_is_sent_twice_is_made_once(staff: Staff, open_as: OpenAs) -> None:
    patient = await add_patient(AMELIA)
    form = await (await open_as(staff.anna)).page(f"/patients/{patient}/edit")
    assert [(await form.submit(alert="None now")).status for _ in range(2)] == [303, 303]
    assert (await stored())[0]["version"] == 2


async def test_a_change_is_told_to_the_days_that_may_stand_open(
    staff: Staff, kit: Clinicians, at: At, open_as: OpenAs
) -> None:
    for days in (-400, -32, -31, -1, 0, 1, 91, 93, 400):
        await visit(kit.amelia, staff.anna, at(9) + timedelta(days=days))
    await visit(kit.amelia, staff.anna, at(11))
    await visit(kit.amelia, staff.ben, at(23, 45))
    await visit(kit.zara, staff.ben, at(9) + timedelta(days=2))
    form = await (await open_as(staff.dana)).page(f"/patients/{kit.amelia}/edit")
    await form.submit(alert="Pacemaker")
    bumped = await rows("SELECT practitioner, day, version FROM day_version ORDER BY practitioner, day")
    today = at(9).date()
    anna = [today + timedelta(days=days) for days in (-31, -1, 0, 1, 91)]
    assert bumped == [
        *({"practitioner": staff.anna.user, "day": day, "version": 1} for day in anna),
        *({"practitioner": staff.ben.user, "day": today + timedelta(days=n), "version": 1} for n in (0, 1)),
    ]
