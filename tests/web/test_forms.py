"""Reading forms: every field's error at once, what was typed kept, and nothing that could hurt further in."""

from __future__ import annotations

import pytest

from app.errors import Conflict, NotFound
from app.forms import Form
from app.web.forms import FormState
from tests.support.client import Client
from tests.support.people import a_clinic, an_administrator, logged_in


class Guest(Form):
    name: str


async def welcome(guest: Guest, *, by: str) -> str:
    if guest.name == "Anna":
        raise Conflict("Anna is here already.", "name")
    if guest.name == "Ben":
        raise NotFound("There is no room.")
    return f"{guest.name}, let in by {by}"


async def test_a_form_that_is_fine_reaches_its_verb() -> None:
    form = FormState(values={"name": "Zoë"}, data=Guest(name="Zoë"))
    assert await form.apply(welcome, by="Sam") == "Zoë, let in by Sam"
    assert (form.is_valid, form.status) == (True, 200)


@pytest.mark.parametrize(
    ("name", "errors", "status"),
    [("Anna", {"name": "Anna is here already."}, 409), ("Ben", {"": "There is no room."}, 404)],
)
async def test_a_verb_s_refusal_stands_next_to_its_field_or_above_the_form(
    name: str, errors: dict[str, str], status: int
) -> None:
    form = FormState(values={"name": name}, data=Guest(name=name))
    assert await form.apply(welcome, by="Sam") is None
    assert (form.errors, form.status, form.is_valid) == (errors, status, False)


async def test_a_form_that_could_not_be_read_never_reaches_its_verb() -> None:
    form: FormState[Guest] = FormState(values={}, errors={"name": "Please fill this in."}, status=422)
    assert await form.apply(welcome, by="Sam") is None
    assert form.status == 422


@pytest.fixture
async def admin(database: object, client: Client) -> Client:
    await a_clinic()
    return await logged_in(client, await an_administrator())


NEW = {"name": "Ben Osei", "practitioner": "true"}


async def test_control_characters_are_dropped(admin: Client) -> None:
    """PostgreSQL takes no text with a NUL in it."""
    answer = await admin.submit("/admin/users", {**NEW, "name": "Ben\x00 \x1bOs\x07ei", "key": "k\x00"})
    page = await answer.follow()
    assert page["h1"].text == "Ben Osei"


async def test_letters_arrive_in_one_form_however_a_keyboard_makes_them(admin: Client) -> None:
    page = await (await admin.submit("/admin/users", {**NEW, "name": "Zoe\u0308"})).follow()
    assert page["h1"].text == "Zo\u00eb"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/x-www-form-urlencoded", b"name=%ff%fe&practitioner=%c3%28"),
        ("application/x-www-form-urlencoded", b"&&=&name"),
        ("application/x-www-form-urlencoded", b""),
        ("application/json", b'{"name": "Ben"}'),
        ("text/plain", b"name=Ben"),
        ("multipart/form-data", b"name=Ben"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("nonsense", b"name=Ben"),
    ],
)
async def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(
    admin: Client, content_type: str, body: bytes
) -> None:
    headers = {"content-type": content_type, "x-csrftoken": await admin.token()}
    answer = await admin.post("/admin/users", content=body, headers=headers)
    assert answer.status_code in (400, 422), answer.text[:300]


async def test_a_file_in_place_of_a_text_is_nothing(admin: Client) -> None:
    headers = {"x-csrftoken": await admin.token()}
    answer = await admin.post("/admin/users", files={"name": ("x.txt", b"Ben")}, headers=headers)
    assert answer.status_code == 422


async def test_a_field_that_comes_twice_is_read_once(admin: Client) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", "x-csrftoken": await admin.token()}
    body = b"name=Ben&name=Cas&practitioner=true&email=a@b.example&email=c@d.example&key=1"
    answer = await admin.post("/admin/users", content=body, headers=headers)
    assert answer.status_code in (303, 422)


async def test_a_form_that_is_too_large_is_told_as_such(admin: Client) -> None:
    answer = await admin.submit("/admin/users", {**NEW, "name": "x" * 300_000})
    assert (answer.status, "That is too much" in answer.text) == (413, True)
