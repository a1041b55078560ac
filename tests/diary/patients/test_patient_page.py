"""A patient's record, opened: what it shows, who may open it, and the record of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db.engine import Engine
from app.diary.patients.patients import NewPatient, add_patient
from app.diary.patients.visits import LISTED, coming_visits, earlier_visits
from app.diary.tables import Status
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.patients.people import AMELIA, viewed, visit
from tests.support.client import Answer
from tests.support.statements import counted_statements

At = Callable[..., datetime]
DAY = timedelta(days=1)


def visits(answer: Answer, heading: str) -> list[str]:
    """The lines under that heading."""
    return [line.text for line in answer.all(f"section[aria-labelledby={heading}] .agenda-item")]


async def test_a_record_shows_all_there_is_to_know(staff: Staff, open_as: OpenAs) -> None:
    patient = await add_patient(AMELIA)
    answer = await (await open_as(staff.anna)).page(f"/patients/{patient}")
    assert (answer.status, answer["h1"].text) == (200, "Amélia O’Hart")
    assert {fact["dt"].text: fact["dd"].text for fact in answer.all(".facts div")} == {
        "Preferred name": "Millie",
        "Born": "3 May 1980 · 46 years",
        "Mobile": "+44 7911 123456",
        "Other phone": "+44 161 496 0142",
        "E-mail": "amelia@mail.example",
        "Notes": "Comes by bus. Never before nine.",
    }
    assert answer["main .banner.warning"].text == "Latex allergy"
    assert answer[".facts a[href=tel:+447911123456]"].text == "+44 7911 123456"
    assert answer[".topbar-end a"].get("href") == f"/patients/{patient}/edit"
    assert answer.headers["cache-control"] == "no-store"


async def test_what_is_not_known_is_said(staff: Staff, open_as: OpenAs) -> None:
    patient = await add_patient(NewPatient("Nora New"))
    answer = await (await open_as(staff.anna)).page(f"/patients/{patient}")
    assert {fact["dt"].text: fact["dd"].text for fact in answer.all(".facts div")} == {
        "Born": "not known",
        "Mobile": "not known",
        "E-mail": "not known",
    }
    assert "Nothing is booked." in answer.text
    assert "None yet." in answer.text


async def test_the_next_appointment_comes_first(
    staff: Staff, kit: Clinicians, at: At, open_as: OpenAs
) -> None:
    now_on = await visit(kit.amelia, staff.anna, at(8, 30), kind=kit.follow_up, status=Status.IN_SESSION)
    await visit(kit.amelia, staff.ben, at(9) + 7 * DAY, kind=kit.massage)
    await visit(kit.amelia, staff.ben, at(9) + 50 * DAY, kind=kit.massage, status=Status.CONFIRMED)
    await visit(kit.amelia, staff.ben, at(8), status=Status.COMPLETED)
    await visit(kit.amelia, staff.ben, at(8) - 400 * DAY, status=Status.DID_NOT_ATTEND, reason="Forgot")
    answer = await (await open_as(staff.anna)).page(f"/patients/{kit.amelia}")
    assert visits(answer, "next-visit") == ["Mon 23 Nov 08:30 – 09:00 Follow-up Anna Marsh in session"]
    assert answer["section[aria-labelledby=next-visit] a"].get("href") == f"/diary/appointments/{now_on}"
    assert visits(answer, "coming-visits") == [
        "Mon 30 Nov 09:00 – 09:30 Sports massage Ben Osei booked",
        "Tue 12 Jan 2027 09:00 – 09:30 Sports massage Ben Osei confirmed",
    ]
    assert visits(answer, "earlier-visits") == [
        "Mon 23 Nov 08:00 – 08:30 Ben Osei completed",
        "Sun 19 Oct 2025 09:00 – 09:30 Ben Osei · Forgot did not attend",
    ]


async def test_what_was_cancelled_is_not_waited_for(
    staff: Staff, kit: Clinicians, at: At, open_as: OpenAs
) -> None:
    await visit(kit.amelia, staff.anna, at(10), status=Status.CANCELLED, own_status=Status.BOOKED)
    await visit(kit.amelia, staff.ben, at(11), own_status=Status.LATE_CANCELLED, reason="Unwell")
    answer = await (await open_as(staff.anna)).page(f"/patients/{kit.amelia}")
    assert visits(answer, "next-visit") == []
    assert visits(answer, "earlier-visits") == [
        "Mon 23 Nov 11:00 – 11:30 Ben Osei · Unwell late cancelled",
        "Mon 23 Nov 10:00 – 10:30 Anna Marsh cancelled",
    ]


async def test_long_lists_go_on_page_by_page(staff: Staff, kit: Clinicians, at: At, open_as: OpenAs) -> None:
    coming = [await visit(kit.amelia, staff.anna, at(9) + n * DAY) for n in range(1, 2 * LISTED + 2)]
    earlier = [await visit(kit.amelia, staff.anna, at(8) - n * DAY) for n in range(2 * LISTED)]
    anna = await open_as(staff.anna)
    answer = await anna.page(f"/patients/{kit.amelia}")
    for name, expected in (("coming", coming), ("earlier", earlier)):
        found = (
            [*answer.all("section[aria-labelledby=next-visit] .agenda-item a")] if name == "coming" else []
        )
        found += answer.all(f"section[aria-labelledby={name}-visits] .agenda-item a")
        part = answer
        while f"#more-{name}" in part:
            onward = part[f"#more-{name} a"].get("href")
            page, part = await anna.page(onward), await anna.partial(onward)
            lines = part.all(".agenda-item a")
            assert lines[0].has("autofocus")
            assert visits(page, f"{name}-visits") == [line.text for line in part.all(".agenda-item")]
            found += lines
        assert [link.get("href") for link in found] == [f"/diary/appointments/{each}" for each in expected]


async def test_opening_a_record_is_on_record(staff: Staff, kit: Clinicians, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    await anna.page(f"/patients/{kit.amelia}")
    await anna.page(f"/patients/{kit.zara}/edit")
    assert await viewed() == [(staff.anna.user, str(kit.amelia)), (staff.anna.user, str(kit.zara))]


async def test_as_many_reads_however_much_there_is(
    staff: Staff, kit: Clinicians, at: At, clinic: ClinicSettings, database: Engine
) -> None:
    for n in range(30):
        await visit(kit.amelia, staff.anna, at(9) + n * DAY)
    with counted_statements(database) as statements:
        await coming_visits(kit.amelia, staff.anna, clinic)
        await earlier_visits(kit.amelia, staff.anna, clinic)
    assert len(statements) == 2


@pytest.mark.parametrize("access", [ColleagueAccess.NONE, ColleagueAccess.FREE_BUSY])
async def test_to_an_outsider_there_is_no_such_patient(
    access: ColleagueAccess, staff: Staff, kit: Clinicians, at: At, open_as: OpenAs
) -> None:
    await allow(access)
    await visit(kit.amelia, staff.anna, at(9))
    ben = await open_as(staff.ben)
    nothing = await ben.page("/patients/999")
    for path in (f"/patients/{kit.amelia}", f"/patients/{kit.amelia}/edit"):
        answer = await ben.page(path)
        assert answer.status == nothing.status == 404
        assert answer["main"].text == nothing["main"].text
    assert (await ben.submit(f"/patients/{kit.amelia}", {"name": "Mine now", "version": 1})).status == 404
    assert await viewed() == []


async def test_where_diaries_are_closed_a_record_shows_ones_own_appointments(
    staff: Staff, kit: Clinicians, at: At, open_as: OpenAs
) -> None:
    await allow(ColleagueAccess.FREE_BUSY)
    await visit(kit.amelia, staff.anna, at(8), status=Status.COMPLETED)
    await visit(kit.amelia, staff.ben, at(9))
    answer = await (await open_as(staff.anna)).page(f"/patients/{kit.amelia}")
    assert "Nothing is booked with you." in answer.text
    assert visits(answer, "earlier-visits") == ["Mon 23 Nov 08:00 – 08:30 Anna Marsh completed"]
    for_dana = await (await open_as(staff.dana)).page(f"/patients/{kit.amelia}")
    assert visits(for_dana, "next-visit") == ["Mon 23 Nov 09:00 – 09:30 Ben Osei booked"]


async def test_an_address_that_never_was_ours_is_refused(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    for path in (f"/patients/{2**40}", "/patients/0", "/patients?after=x", f"/patients/1?after={2**40}"):
        assert (await anna.page(path)).status in (400, 404)


async def test_a_phone_opens_it_in_its_own_frame(staff: Staff, kit: Clinicians, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna, phone=True)
    for path in ("/patients", f"/patients/{kit.amelia}", "/patients/new"):
        assert ".phone-bar" in await anna.page(path)
