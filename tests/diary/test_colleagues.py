"""What a practitioner learns of a colleague's day, as the clinic allows it: every page and form is asked for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.diary.booking.booking import Booking, book
from app.diary.catalogue.types import TYPES, add_type
from app.diary.patients.patients import NewPatient, add_patient
from tests.diary.conftest import MONDAY, Clinicians, OpenAs, Staff, allow
from tests.support.client import PARTIAL, Client
from tests.support.routes import Route, declared

# Nobody else at the clinic has these.
PATIENT, NOTES, ALERT, TYPE, REASON = (
    "Quirina Vexley",
    "canary-knee",
    "canary-latex",
    "Zygomatics",
    "canary-ill",
)
TOLD_APART = re.compile("|".join([*PATIENT.split(), NOTES, ALERT, TYPE]), re.IGNORECASE)
NOT_OF_THE_DIARY = re.compile(r"/(account|confirm|lock|presence|events)")


@pytest.fixture
async def annas(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: Callable[..., datetime]
) -> dict[str, str]:
    """What stands for the parameters of an address: an appointment of Anna's, its patient and its day."""
    patient = await add_patient(NewPatient(PATIENT, mobile="+447911999111", alert=ALERT, notes=NOTES))
    kind = await add_type(TYPE, colour=5, minutes=30)
    booking = Booking(staff.anna.user, kind, at(9), (patient,), room=kit.room, notes=NOTES)
    appointment = await book(booking, clinic, by=staff.anna)
    await TYPES.set_active(kind, False, by=staff.sam.user)  # so that no form offers it
    ids = {"appointment": appointment, "patient": patient, "practitioner": staff.anna.user}
    return {
        **{name: str(value) for name, value in ids.items()},
        "change": "1",
        "request_id": "1",
        "day_name": str(MONDAY),
        "status": "cancelled",
    }


def of_the_diary() -> list[Route]:
    return [
        route
        for route, who in declared().items()
        if who == "staff" and not NOT_OF_THE_DIARY.match(route.path)
    ]


def typed(staff: Staff, kit: Clinicians, annas: dict[str, str]) -> list[dict[str, str]]:
    """Forms that meet with Anna's appointment: by its room, by its time, by its patient."""
    common = {"date": str(MONDAY), "time": "09:00", "type": str(kit.follow_up), "version": "1", "key": "k"}
    status = {"status": "cancelled", "reason": "ill", "minutes": "30", "colleague": str(staff.ben.user)}
    return [
        {},
        {
            **common,
            **status,
            "practitioner": str(staff.ben.user),
            "patient": str(kit.zara),
            "room": str(kit.room),
        },
        {**common, **status, "practitioner": annas["practitioner"], "patient": annas["patient"]},
    ]


async def test_no_page_and_no_form_tells_who_comes_to_a_colleague_or_why(
    annas: dict[str, str], kit: Clinicians, staff: Staff, open_as: OpenAs
) -> None:
    ben = await open_as(staff.ben)
    seen = await told(ben, staff, kit, annas)
    assert any(TOLD_APART.search(text) for text in seen.values()), "where all is allowed it is to be found"
    for access in (ColleagueAccess.FREE_BUSY, ColleagueAccess.NONE):
        await allow(access)
        seen = await told(ben, staff, kit, annas)
        found = {where: TOLD_APART.findall(text) for where, text in seen.items()}
        assert {where: words for where, words in found.items() if words} == {}, access
        assert len(found) > 80
    stored = await rows(
        "SELECT practitioner, notes FROM appointment WHERE id = {}", int(annas["appointment"])
    )
    assert stored == [{"practitioner": staff.anna.user, "notes": NOTES}], "nor does any form change it"


async def told(browser: Client, staff: Staff, kit: Clinicians, annas: dict[str, str]) -> dict[str, str]:
    """All that is answered, by what was asked for."""
    answers = {}
    token = await browser.token()
    queries = (
        f"q=quiri&practitioner={annas['practitioner']}",
        f"at={MONDAY}T09:00&patient={annas['patient']}",
    )
    for route in of_the_diary():
        address = re.sub(r"{(\w+)}", lambda name: annas[name[1]], route.path)
        if route.method == "GET":
            for query, headers in ((queries[0], {}), (queries[0], PARTIAL), (queries[1], PARTIAL)):
                answer = await browser.get(f"{address}?{query}", headers=headers)
                answers[f"{address}?{query} {len(headers)}"] = answer.text
            continue
        for number, form in enumerate(typed(staff, kit, annas)):
            answer = await browser.post(address, data={"_csrf_token": token, **form}, headers=PARTIAL)
            answers[f"POST {address} {number}"] = answer.text
    return answers
