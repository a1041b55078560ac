"""The users' list: search as one types it, current and non-current, and how each login stands."""

from __future__ import annotations

import pytest

from app.accounts.tables import Credential, User
from app.accounts.user_list import list_users
from tests.support.client import Client
from tests.support.clock import MORNING
from tests.support.people import (
    MOBILE,
    Person,
    a_front_desk,
    a_practitioner,
    give_password,
    give_pin,
    logged_in,
)


@pytest.fixture
async def staff(sam: Person) -> None:
    await a_practitioner("Zoë Müller-Strauß", email="zoe@riverside.example", mobile=MOBILE)
    await a_practitioner("Amélie O'Brien", email="amelie_100%@riverside.example", mobile="+33612345678")
    await a_front_desk("Dana Fox", email="")
    gone = await a_practitioner("Gil Hope")
    await User.update({User.current: False}).where(User.id == gone.id)


async def found(search: str) -> set[str]:
    return {user.name.partition(" ")[0] for user in await list_users(search)}


@pytest.mark.parametrize(
    ("search", "names"),
    [
        ("", {"Sam", "Zoë", "Amélie", "Dana"}),
        ("zoe", {"Zoë"}),
        ("ZOË", {"Zoë"}),
        ("muller-strauss", {"Zoë"}),
        ("  o'b ", {"Amélie"}),
        ("Zoë  Müller", {"Zoë"}),
        ("riverside.example", {"Sam", "Zoë", "Amélie"}),
        ("SAM@RIVER", {"Sam"}),
        ("07911", {"Zoë"}),
        ("07911 123", {"Zoë"}),
        ("+44 7911 123456", {"Zoë"}),
        ("0044 7911", {"Zoë"}),
        ("+44 (0)7911", {"Zoë"}),
        ("(07911) 123-456", {"Zoë"}),
        ("123456", {"Zoë", "Amélie"}),
        ("06 12 34", {"Amélie"}),
        ("%", {"Amélie"}),
        ("_", {"Amélie"}),
        ("e_1", {"Amélie"}),
        ("\\", set()),
        ("gil", set()),
        ("nobody", set()),
        ("\x00", {"Sam", "Zoë", "Amélie", "Dana"}),
        ("'; DROP TABLE staff_user; --", set()),
    ],
)
async def test_name_address_and_number_are_found_as_people_type_them(
    staff: None, search: str, names: set[str]
) -> None:
    assert await found(search) == names


async def test_the_page_narrows_the_list(staff: None, sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    page = await client.page("/admin/users")
    assert [row.text for row in page.all("#user-list tbody th")] == [
        "Amélie O'Brien",
        "Dana Fox",
        "Sam Reyes",
        "Zoë Müller-Strauß",
    ]
    narrowed = await page.submit("form.search", q="07911")
    assert [row.text for row in narrowed.all("#user-list tbody th")] == ["Zoë Müller-Strauß"]
    assert narrowed["#user-search"].get("value") == "07911"


async def test_htmx_gets_the_list_alone(staff: None, sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    part = await client.partial("/admin/users", params={"q": "zoe"})
    assert (part.document.all("html"), part["#user-list"].text.count("Zoë")) == ([], 1)
    assert {"HX-Request", "HX-Request-Type"} <= {name.strip() for name in part.headers["vary"].split(",")}


async def test_nobody_found_is_said_with_what_was_typed(staff: None, sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    page = await client.page("/admin/users", params={"q": "<b>nobody"})
    assert "No user’s name, e-mail or number contains “<b>nobody”." in page.text


async def test_non_current_people_have_a_list_of_their_own(staff: None, sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    page = await (await client.page("/admin/users")).submit("form.search", show="non-current")
    assert [row.text for row in page.all("#user-list tbody th")] == ["Gil Hope"]
    assert page["option[value=non-current]"].has("selected")


async def test_each_login_s_state_stands_in_its_column(sam: Person, client: Client) -> None:
    for name, give, enabled in [("Ann", "waiting", True), ("Bea", "used", True), ("Cas", "own", False)]:
        person = await a_practitioner(name, mobile=f"+4479111234{ord(name[0])}", enabled=enabled)
        await give_password(person, temporary=give != "own")
        await give_pin(person)
        if give == "used":
            await Credential.update({Credential.first_used_at: MORNING}).where(
                Credential.user == person.id, Credential.kind == "password"
            )
    await logged_in(client, sam)
    page = await client.page("/admin/users")
    cells = {row["th"].text: [cell.text for cell in row.all("td")][1:] for row in page.all("tbody tr")}
    assert cells == {
        "Ann": ["not used yet", "in use"],
        "Bea": ["temporary password", "in use"],
        "Cas": ["disabled", "disabled"],
        "Sam Reyes": ["none", "none"],
    }
