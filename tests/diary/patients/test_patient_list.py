"""The list of patients, its search, and the look-up of a form that books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from runpy import run_path

import pytest

from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import execute
from app.db.engine import Engine
from app.diary.patients.forms import PatientForm
from app.diary.patients.patients import NewPatient, add_patient, create_patient
from app.diary.patients.search import LISTED, find_namesakes, find_patients, list_patients
from app.diary.tables import Status
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.patients.people import AMELIA, add_several, viewed, visit
from tests.support.client import Answer, Client
from tests.support.statements import counted_statements
from tests.support.tree import ROOT

MIGRATION = ROOT / "migrations/daybook_2026_11_22t22_02_00_patient_word_rules.py"
At = Callable[..., datetime]


def listed(answer: Answer) -> list[str]:
    return [link.text for link in answer.all("a.row-link")]


async def test_everybody_is_listed_by_name_whatever_its_accents(staff: Staff, open_as: OpenAs) -> None:
    await add_several("zoe Hart", "Ángel Ruiz", "Łukasz Nowak", "anna Bell", "Émile Zed")
    answer = await (await open_as(staff.dana)).page("/patients")
    assert answer.status == 200
    assert listed(answer) == ["Ángel Ruiz", "anna Bell", "Émile Zed", "Łukasz Nowak", "zoe Hart"]
    assert answer["nav.rail a[aria-current=page]"].text == "Patients"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_line_tells_people_apart_and_leads_to_the_record(staff: Staff, open_as: OpenAs) -> None:
    patient = await add_patient(AMELIA)
    answer = await (await open_as(staff.anna)).page("/patients")
    assert answer["tbody tr"].text == "Amélia O’Hart “Millie” 3 May 1980 +44 7911 123456"
    assert answer["tbody a.row-link"].get("href") == f"/patients/{patient}"
    assert answer["tbody .patient-alert"].get("title") == "Latex allergy"


async def test_a_search_finds_by_name_number_and_birth(staff: Staff, open_as: OpenAs) -> None:
    await add_patient(AMELIA)
    await add_several("Zara Khan", "Amos Bell")
    dana = await open_as(staff.dana)
    answer = await (await dana.page("/patients")).submit("form[role=search]", q="3 May 1980 am")
    assert listed(answer) == ["Amélia O’Hart “Millie”"]
    assert answer["input[name=q]"].get("value") == "3 May 1980 am"
    for typed in (
        "amelia",
        "OHART",
        "o'h ame",
        "mill",
        "hart",
        "07911 123",
        "+44 7911",
        "0161 496",
        "3/5/1980",
    ):
        part = await dana.partial("/patients", params={"q": typed})
        assert (typed, listed(part)) == (typed, ["Amélia O’Hart “Millie”"])
        assert "html" not in part


async def test_a_search_that_finds_nobody_says_so(staff: Staff, open_as: OpenAs) -> None:
    await add_patient(AMELIA)
    dana = await open_as(staff.dana)
    for typed in ("zz", "4/5/1980", "07911 9", "elia", "amelia zara"):
        answer = await dana.page("/patients", params={"q": typed})
        assert answer["#patient-list h2"].text == "Nobody found"
    for typed in ("%", "_", "07", "3/5/"):  # tells nobody apart: nobody is left out
        assert len(listed(await dana.page("/patients", params={"q": typed}))) == 1


async def test_without_patients_the_list_says_where_they_come_from(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.dana)).page("/patients")
    assert answer["#patient-list h2"].text == "No patients yet"


async def test_the_list_goes_on_where_it_ended(staff: Staff, open_as: OpenAs) -> None:
    names = [f"Ann {surname}" for surname in ("Bell", "Lee") for _ in range(LISTED)]
    await add_several(*reversed(names), "Cy Bell", "Bo Dee")
    dana = await open_as(staff.dana)
    for search, expected in (("", [*names, "Bo Dee", "Cy Bell"]), ("bell", [*names[:LISTED], "Cy Bell"])):
        answer = await dana.page("/patients", params={"q": search})
        found = listed(answer)
        while "tr.more" in answer:
            onward = answer["tr.more a"]
            assert onward.get("href") == onward.get("hx-get")
            part = await dana.partial(onward.get("href"))
            answer = await dana.page(onward.get("href"))
            assert listed(part) == listed(answer)
            assert part.all("a.row-link")[0].has("autofocus")
            found += listed(answer)
        assert found == expected


async def test_patients_from_before_there_were_words_get_theirs(staff: Staff, clinic: ClinicSettings) -> None:
    await add_patient(AMELIA)
    await execute("DELETE FROM patient_word")
    await execute("UPDATE patient SET search = ''")
    await run_path(str(MIGRATION))["add_words"]()
    (found,) = await find_patients("ohart 3/5/1980 0161", staff.anna, clinic)
    assert await find_namesakes("amelia o’hart", None, staff.anna, clinic) == [found]


async def test_lists_and_look_ups_are_no_views(staff: Staff, open_as: OpenAs) -> None:
    await add_patient(AMELIA)
    dana = await open_as(staff.dana)
    await dana.page("/patients?q=amelia")
    await dana.page("/patients/look-up?q=amelia")
    assert await viewed() == []


async def test_as_many_reads_however_many_patients_and_words(
    staff: Staff, clinic: ClinicSettings, database: Engine
) -> None:
    await add_several(*(f"Ann Bell {n}" for n in range(30)))
    for viewer in (staff.dana, staff.anna):
        with counted_statements(database) as statements:
            await list_patients("ann bell 3 may 1980 07911", viewer, clinic, after=3)
            await find_patients("ann", viewer, clinic)
        assert len(statements) == 2


async def test_a_stranger_is_led_to_the_log_in(staff: Staff, client: Client) -> None:
    for path in ("/patients", "/patients/1", "/patients/new", "/patients/look-up?q=a"):
        assert (await client.page(path)).location.startswith("/login")


class TestWhoSeesWhom:
    """The clinic decides what practitioners see of each other's patients; the desk sees all."""

    @pytest.mark.parametrize("access", [ColleagueAccess.NONE, ColleagueAccess.FREE_BUSY])
    async def test_where_diaries_are_closed_practitioners_see_whom_they_treat(
        self, access: ColleagueAccess, staff: Staff, kit: Clinicians, at: At
    ) -> None:
        clinic = await allow(access)
        await visit(kit.amelia, staff.anna, at(9), status=Status.CANCELLED)
        await visit(kit.amelia, staff.ben, at(9))
        await visit(kit.zara, staff.ben, at(10))
        assert [p.name for p in (await list_patients("", staff.anna, clinic)).patients] == ["Amelia Hart"]
        assert [p.name for p in await find_patients("zara", staff.anna, clinic)] == []
        assert [p.name for p in await find_patients("zara", staff.ben, clinic)] == ["Zara Khan"]
        for keeper in (staff.dana, staff.sam):
            assert len((await list_patients("", keeper, clinic)).patients) == 2

    async def test_and_whom_they_entered(self, staff: Staff) -> None:
        clinic = await allow(ColleagueAccess.NONE)
        await create_patient(PatientForm(name="Nora New", key="k"), clinic, by=staff.anna)
        assert [p.name for p in await find_patients("nora", staff.anna, clinic)] == ["Nora New"]
        assert await find_patients("nora", staff.ben, clinic) == []

    async def test_where_they_are_open_practitioners_see_all(self, staff: Staff, kit: Clinicians) -> None:
        clinic = await allow(ColleagueAccess.FULL)
        assert len((await list_patients("", staff.anna, clinic)).patients) == 2


class TestLookUp:
    """What a form that books lets one choose from."""

    async def test_it_offers_the_first_few_as_radio_buttons(self, staff: Staff, open_as: OpenAs) -> None:
        patient = await add_patient(AMELIA)
        await add_several(*(f"Amelia Bell {n}" for n in range(9)))
        answer = await (await open_as(staff.anna)).partial("/patients/look-up?q=amelia")
        choices = answer.all("fieldset#patient-choices label.patient-choice")
        assert len(choices) == 8
        hart = (await (await open_as(staff.anna)).partial("/patients/look-up?q=hart"))["label.patient-choice"]
        assert hart.text == "Amélia O’Hart “Millie” born 3 May 1980 · ends in 3456"
        radio = hart["input[type=radio][name=patient]"]
        assert (radio.get("value"), radio.has("checked")) == (str(patient), False)

    async def test_who_is_chosen_stays_so_whatever_is_typed_next(
        self, staff: Staff, kit: Clinicians, open_as: OpenAs
    ) -> None:
        anna = await open_as(staff.anna)
        for typed in ("amelia", "zara"):
            answer = await anna.partial(f"/patients/look-up?q={typed}&patient={kit.amelia}")
            assert answer.all("label")[0].text.startswith("Amelia Hart")
            assert answer["input[checked]"].get("value") == str(kit.amelia)
        assert len(answer.all("label")) == 2

    async def test_nothing_typed_offers_nobody(self, staff: Staff, kit: Clinicians, open_as: OpenAs) -> None:
        anna = await open_as(staff.anna)
        assert (await anna.partial("/patients/look-up"))["fieldset"].text == "Patient"
        assert "Nobody found" in (await anna.partial("/patients/look-up?q=zz&patient=new")).text

    async def test_a_newcomer_may_be_known_already(self, staff: Staff, clinic: ClinicSettings) -> None:
        await add_patient(NewPatient("Amélia Hart"))
        (found,) = await find_patients("amelia", staff.anna, clinic, limit=1)
        assert (found.name, found.born, found.phone_tail) == ("Amélia Hart", "", "")
