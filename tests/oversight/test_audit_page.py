"""The Audit page: what happened in plain words, found by who, what, when and where from, and taken along as CSV."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from pydantic import ValidationError

from app.accounts.user_list import staff_names
from app.audit.record import from_address, record
from app.db import database, rows, write
from app.oversight.entries import PAGE, read_entries
from app.oversight.export import as_text
from app.oversight.forms import EntryFilter
from tests.support.client import Answer, Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import Person, a_clinic, a_practitioner, an_administrator, logged_in, the_clinic
from tests.support.statements import counted_statements


@pytest.fixture
async def sam(database: object, frozen: FrozenClock) -> Person:
    await a_clinic()
    return await an_administrator()


@pytest.fixture
async def anna(sam: Person) -> Person:
    return await a_practitioner()


@pytest.fixture
async def admin(sam: Person, client: Client) -> Client:
    """Sam's browser."""
    return await logged_in(client, sam)


@pytest.fixture
async def a_day(sam: Person, anna: Person, frozen: FrozenClock) -> None:
    """What happened on Sunday, an hour after the other, and a log-in on Monday."""
    frozen.move_to(MORNING - timedelta(days=1))
    token = from_address.set("198.51.100.9")
    await record("login.failed", actor=None, subject="user", subject_id=anna.id, kind="password")
    frozen.tick(hours=1)
    await record("patient.viewed", actor=anna.id, subject="patient", subject_id=17)
    frozen.tick(hours=1)
    await record("appointment.status", actor=sam.id, subject="appointment", subject_id=5, status="cancelled")
    frozen.tick(hours=1)
    await record("clinic.changed", actor=sam.id, subject="clinic", fields="phone time_zone")
    from_address.reset(token)
    await record("portal.opened", actor=None, subject="portal")
    frozen.move_to(MORNING)
    await record("login.succeeded", actor=anna.id, subject="device", subject_id=1, kind="pin")


def sentences(page: Answer) -> list[str]:
    return [line.text for line in page.all("tbody th")]


async def test_it_reads_newest_first_in_plain_words(admin: Client, a_day: None) -> None:
    page = await admin.page("/admin/audit")
    assert sentences(page) == [
        "Anna Marsh logged in",
        "A command added Anna Marsh to the users",
        "A command added Sam Reyes to the users",
        "A command put the portal online",
        "Sam Reyes changed the clinic’s settings phone, time zone",
        "Sam Reyes cancelled an appointment",
        "Anna Marsh opened a patient’s record",
        "A log-in as Anna Marsh failed",
    ]
    assert page["a[href=/patients/17]"].text == "Patient 17"
    assert page["nav.rail [aria-current=page]"].text == "Audit"
    assert [cell.text for cell in page.all("td[data-label='From where']")][3:5] == [
        "this server",
        "198.51.100.9",
    ]


NARROWED: list[tuple[dict[str, str], list[str]]] = [
    ({"person": "nobody", "what": "clinic"}, ["A command put the portal online"]),
    ({"what": "logins"}, ["Anna Marsh logged in", "A log-in as Anna Marsh failed"]),
    ({"what": "patient.viewed"}, ["Anna Marsh opened a patient’s record"]),
    ({"what": "appointment.status cancelled"}, ["Sam Reyes cancelled an appointment"]),
    ({"what": "appointment.status completed"}, []),
    ({"first": "2026-11-23", "what": "logins"}, ["Anna Marsh logged in"]),
    ({"last": "2026-11-22", "what": "logins"}, ["A log-in as Anna Marsh failed"]),
    ({"address": "198.51.100.9", "what": "logins"}, ["A log-in as Anna Marsh failed"]),
    ({"about": "patient:17"}, ["Anna Marsh opened a patient’s record"]),
]


async def test_it_is_narrowed(sam: Person, a_day: None) -> None:
    clinic, people = await the_clinic(), await staff_names()
    for wanted, found in NARROWED:
        page = await read_entries(EntryFilter(**wanted), clinic, people)
        assert [entry.what for entry in page.entries] == found, wanted


async def test_one_person_s_doings(admin: Client, anna: Person, a_day: None) -> None:
    page = await (await admin.page("/admin/audit")).submit(person=anna.id)
    assert sentences(page) == ["Anna Marsh logged in", "Anna Marsh opened a patient’s record"]
    assert page["#field-person option[selected]"].text == "Anna Marsh"


@pytest.mark.parametrize(
    "wanted",
    [{"person": "x"}, {"person": "9" * 10}, {"what": "dancing"}, {"first": "soon"}, {"about": "moon:1"}],
)
def test_what_cannot_be_looked_for_is_refused(wanted: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        EntryFilter(**wanted)


async def test_an_address_that_somebody_made_up_is_told(admin: Client) -> None:
    page = await admin.page("/admin/audit", params={"what": "dancing"})
    assert (page.status, page[".banner.bad"].text) == (422, "Choose what happened from the list.")
    assert (await admin.page("/admin/audit/export", params={"what": "dancing"})).location == "/admin/audit"


async def test_older_goes_on_behind_what_is_shown(admin: Client, sam: Person, frozen: FrozenClock) -> None:
    async with write():
        for number in range(PAGE + 5):
            await record("patient.viewed", actor=sam.id, subject="patient", subject_id=number)
    first = await admin.page("/admin/audit", params={"what": "patient.viewed"})
    older = await admin.partial(first["#older-entries a"].get("hx-get"))
    shown = [link.text for page in (first, older) for link in page.all("td[data-label=About] a")]
    assert shown == [f"Patient {number}" for number in reversed(range(PAGE + 5))]
    assert "#older-entries" not in older


async def test_it_is_read_with_as_many_questions_however_much_there_is(admin: Client, sam: Person) -> None:
    with counted_statements(database()) as few:
        await admin.page("/admin/audit")
    async with write():
        for _ in range(PAGE):
            await record("user.changed", actor=sam.id, subject="user", subject_id=sam.id, fields="name")
    with counted_statements(database()) as many:
        await admin.page("/admin/audit")
    assert len(many) == len(few) == 4


async def test_it_is_taken_along_as_csv_which_is_on_record(admin: Client, sam: Person, a_day: None) -> None:
    page = await admin.page("/admin/audit", params={"what": "logins"})
    answer = await admin.get(page["a[download]"].get("href"))
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-2026-11-23.csv"'
    header, *lines = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert header == ["Time", "Person", "What", "About", "Address", "Action", "Details"]
    assert lines == [
        [
            "2026-11-23 08:41:00+00:00",
            "Anna Marsh",
            "Anna Marsh logged in",
            "",
            "",
            "login.succeeded",
            '{"kind": "pin"}',
        ],
        [
            "2026-11-22 08:41:00+00:00",
            "Somebody",
            "A log-in as Anna Marsh failed",
            "Anna Marsh",
            "198.51.100.9",
            "login.failed",
            '{"kind": "password"}',
        ],
    ]
    [entry] = await rows("SELECT actor, details FROM audit_entry WHERE action = 'audit.exported'")
    assert entry == {"actor": sam.id, "details": '{"what": "logins"}'}


async def test_a_name_like_a_formula_stays_a_name(admin: Client, sam: Person) -> None:
    evil = await a_practitioner('=HYPERLINK("https://evil.example")', email="evil@riverside.example")
    await record("portal.opened", actor=evil.id)
    text = (await admin.get("/admin/audit/export")).text
    assert "\"'=HYPERLINK(" in text
    assert ',"=HYPERLINK(' not in text


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_cells_that_begin_like_a_formula_are_text(cell: str) -> None:
    assert as_text(cell) == f"'{cell}"
