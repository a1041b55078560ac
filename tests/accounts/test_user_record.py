"""A user's record: created once, changed from the version it was read at, and what follows from it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from app.accounts.tables import User
from app.accounts.users import load_user
from app.db import rows
from tests.support.client import Answer, Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import (
    MOBILE,
    PASSWORD,
    Person,
    a_practitioner,
    an_administrator,
    give_password,
    logged_in,
)

NEW = {"name": "Ben Osei", "email": "ben@riverside.example", "mobile": "07911 123457"}


@pytest.fixture
async def admin(sam: Person, client: Client) -> Client:
    """Sam's browser."""
    return await logged_in(client, sam)


async def create(admin: Client, **typed: str | None) -> Answer:
    return await (await admin.page("/admin/users/new")).submit(**{**NEW, **typed})


def errors(answer: Answer) -> dict[str, str]:
    """What is wrong, by field."""
    return {
        e.get("id").removeprefix("field-").removesuffix("-error"): e.text for e in answer.all(".field-error")
    }


async def staff_count() -> int:
    return len(await rows("SELECT id FROM staff_user"))


async def test_a_new_user_gets_a_record(admin: Client) -> None:
    page = await (await create(admin)).follow()
    assert "The user is created." in page.text
    [found] = await rows("SELECT * FROM staff_user WHERE email = 'ben@riverside.example'")
    assert (found["name"], found["mobile"], found["version"]) == ("Ben Osei", "+447911123457", 1)
    assert (found["practitioner"], found["administrator"], found["enabled_for_online"]) == (
        True,
        False,
        False,
    )
    assert found["created_at"] == MORNING
    assert page["[name=mobile]"].get("value") == "+44 7911 123457"


@pytest.mark.parametrize("partial", [False, True])
async def test_create_leads_an_enabled_user_on_to_the_wizard(admin: Client, partial: bool) -> None:
    page = await admin.page("/admin/users/new")
    answer = await page.submit(
        button="[name=then][value=create]", partial=partial, enabled_for_online="true", **NEW
    )
    assert answer.location.endswith("/wizard")


async def test_create_without_the_tick_leads_to_the_record(admin: Client) -> None:
    page = await admin.page("/admin/users/new")
    answer = await page.submit(button="[name=then][value=create]", **NEW)
    assert not answer.location.endswith("/wizard")


async def test_a_form_that_is_sent_twice_creates_once(admin: Client) -> None:
    page = await admin.page("/admin/users/new")
    answers = await asyncio.gather(*(page.submit(**NEW) for _ in range(5)))
    assert len({answer.location for answer in answers}) == 1
    assert {answer.status for answer in answers} == {303}
    assert await staff_count() == 2


async def test_every_fault_is_told_at_once_beside_its_field_and_what_was_typed_is_kept(admin: Client) -> None:
    answer = await create(admin, name="x" * 81, email="ben@", mobile="0161 496 0001", practitioner=None)
    assert answer.status == 422
    assert errors(answer) == {
        "name": "Too long: 80 characters at most.",
        "email": "This isn't an e-mail address. It looks like name@example.com.",
        "mobile": "This isn't a mobile number, so it can't receive texts.",
        "administrator": "Choose at least one role: it decides what this person sees.",
    }
    kept = {name: answer[f"[name={name}]"].get("value") for name in ("name", "email", "mobile")}
    assert kept == {"name": "x" * 81, "email": "ben@", "mobile": "0161 496 0001"}
    assert not answer["[name=practitioner]"].has("checked")
    assert await staff_count() == 1


@pytest.mark.parametrize(
    ("mobile", "fault"),
    [
        ("07911 12345", "There is no such number. Check the digits, and the country code if it is abroad."),
        ("07911 123456 ext. 5", "Leave out the extension: texts can't reach one."),
        ("call me", "This isn't a phone number."),
        ("7" * 41, "Too long: 40 characters at most."),
    ],
)
async def test_a_number_that_is_none_is_told(admin: Client, mobile: str, fault: str) -> None:
    answer = await create(admin, mobile=mobile)
    assert (answer.status, errors(answer)) == (422, {"mobile": fault})


@pytest.mark.parametrize(
    ("field", "typed"), [("email", "ANNA@Riverside.Example"), ("mobile", "+44 (0)7911 123456")]
)
async def test_an_address_of_another_current_user_is_taken_in_any_spelling(
    anna: Person, admin: Client, field: str, typed: str
) -> None:
    answer = await create(admin, **{field: typed})
    told = {
        "email": "Another current user has this e-mail address.",
        "mobile": "Another current user has this mobile number.",
    }
    assert (answer.status, errors(answer)) == (409, {field: told[field]})
    assert answer[f"[name={field}]"].get("value") == typed
    corrected = await answer.submit(**{field: NEW[field]})
    assert corrected.status == 303, "the form may be sent again once it is put right"


async def test_an_address_of_somebody_who_left_is_free(anna: Person, admin: Client) -> None:
    await User.update({User.current: False}).where(User.id == anna.id)
    assert (await create(admin, email=anna.email, mobile=MOBILE)).status == 303


async def test_people_without_an_address_are_as_many_as_there_are(admin: Client) -> None:
    for name in ("Ben Osei", "Cas Lund"):
        assert (await create(admin, name=name, email="", mobile="")).status == 303


@pytest.mark.parametrize("name", ["Zoë O'Brien-Müller", "李小龍", "عمر", "N’Golo"])
async def test_names_are_kept_as_they_are_written(admin: Client, name: str) -> None:
    page = await (await create(admin, name=f"  {name} ")).follow()
    assert page["h1"].text == name


async def test_a_name_of_wide_letters_does_not_break_the_search(admin: Client) -> None:
    """One ligature becomes eighteen letters when it is folded."""
    assert (await create(admin, name="\ufdfa" * 80)).status == 303


async def test_a_name_of_nothing_visible_is_none(admin: Client) -> None:
    assert errors(await create(admin, name="\u200b\u200d")) == {"name": "Please fill this in."}


async def test_a_change_is_stored_and_raises_the_version(anna: Person, admin: Client) -> None:
    page = await admin.page(f"/admin/users/{anna.id}")
    answer = await page.submit("#user-form", name="Anna Marsh-Lund", front_desk="true")
    assert "The record is saved." in (await answer.follow()).text
    stored = await load_user(anna.id)
    assert (stored.name, stored.front_desk, stored.version) == ("Anna Marsh-Lund", True, 2)


async def test_a_stale_form_shows_both_versions_and_can_then_be_saved(anna: Person, admin: Client) -> None:
    page, other = await admin.page(f"/admin/users/{anna.id}"), await admin.page(f"/admin/users/{anna.id}")
    await other.submit("#user-form", name="Anna Lund", front_desk="true")
    answer = await page.submit("#user-form", name="Anna M. Marsh")
    assert answer.status == 409
    assert "Somebody else has changed this record meanwhile. Check it and save again." in answer.text
    assert errors(answer) == {"name": "Now stored: Anna Lund", "front_desk": "Now stored: ticked"}
    assert answer["[name=name]"].get("value") == "Anna M. Marsh"
    assert (await load_user(anna.id)).name == "Anna Lund"
    assert (await answer.submit("#user-form", front_desk="true")).status == 303
    stored = await load_user(anna.id)
    assert (stored.name, stored.front_desk) == ("Anna M. Marsh", True)


async def test_a_change_that_is_sent_twice_is_made_once(anna: Person, admin: Client) -> None:
    page = await admin.page(f"/admin/users/{anna.id}")
    answers = [await page.submit("#user-form", name="Anna Lund") for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    assert (await load_user(anna.id)).version == 2


@pytest.mark.parametrize("version", ["", "-1", "x", "9" * 30])
async def test_a_version_that_nobody_read_is_a_stale_one(anna: Person, admin: Client, version: str) -> None:
    answer = await admin.submit(
        f"/admin/users/{anna.id}", {"name": "Anna Lund", "practitioner": "true", "version": version}
    )
    assert answer.status == 409


async def test_of_changes_at_once_one_is_stored(anna: Person, admin: Client) -> None:
    page = await admin.page(f"/admin/users/{anna.id}")
    answers = await asyncio.gather(*(page.submit("#user-form", name=f"Anna {n}") for n in range(5)))
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409, 409]
    assert (await load_user(anna.id)).version == 2


async def test_a_login_keeps_its_user_name(anna: Person, admin: Client) -> None:
    page = await admin.page(f"/admin/users/{anna.id}")
    assert page["[name=email]"].has("readonly")
    await page.submit("#user-form", email="somebody@else.example", mobile="07911 999999")
    stored = await load_user(anna.id)
    assert (stored.email, stored.mobile) == (anna.email, MOBILE)


async def test_the_last_administrator_who_can_log_in_stays_one(sam: Person, admin: Client) -> None:
    await give_password(sam)
    await an_administrator("Robin Hale")  # who has no login
    page = await admin.page(f"/admin/users/{sam.id}")
    answer = await page.submit("#user-form", administrator=None, practitioner="true")
    assert answer.status == 409
    assert errors(answer) == {
        "administrator": "This is the only administrator who can log in. Make somebody else one first."
    }
    assert (await load_user(sam.id)).administrator


async def test_two_administrators_cannot_demote_each_other_at_once(sam: Person, admin: Client) -> None:
    robin = await an_administrator("Robin Hale")
    for person in (sam, robin):
        await give_password(person)
    pages = [await admin.page(f"/admin/users/{person.id}") for person in (sam, robin)]
    answers = await asyncio.gather(
        *(page.submit("#user-form", administrator=None, practitioner="true") for page in pages)
    )
    # Whoever comes second is refused: by the rule, or at the door when the first has been stored already.
    assert sorted(answer.status for answer in answers) in ([303, 409], [303, 404])
    assert len(await rows("SELECT id FROM staff_user WHERE administrator")) == 1


@pytest.mark.parametrize(
    "typed", [{"email": "somebody@else.example"}, {"mobile": "07911 777777"}, {"administrator": "true"}]
)
async def test_what_decides_who_gets_in_takes_the_administrator_s_password(
    sam: Person, admin: Client, frozen: FrozenClock, typed: dict[str, str]
) -> None:
    await give_password(sam)
    ben = await a_practitioner("Ben Osei", mobile="+447911123457")
    frozen.tick(minutes=11)
    page = await admin.page(f"/admin/users/{ben.id}")
    asked = await page.submit("#user-form", **typed)
    assert (asked.status, errors(asked)) == (
        422,
        {"password": "Please type your own password to confirm this."},
    )
    wrong = await asked.submit("#user-form", password="not this one")
    assert errors(wrong) == {"password": "This isn't your password."}
    assert (await load_user(ben.id)).version == 1
    assert (await wrong.submit("#user-form", password=PASSWORD)).status == 303
    assert (await load_user(ben.id)).version == 2
    actions = await rows("SELECT action FROM audit_entry WHERE actor = {} ORDER BY id", sam.id)
    assert [row["action"] for row in actions] == ["login.not_confirmed", "user.changed"]


async def test_a_name_is_changed_without_it(anna: Person, admin: Client, frozen: FrozenClock) -> None:
    frozen.tick(minutes=11)
    page = await admin.page(f"/admin/users/{anna.id}")
    assert (await page.submit("#user-form", name="Anna Lund", enabled_for_online=None)).status == 303


async def test_unticking_enabled_ends_sessions_and_devices_at_once(
    anna: Person, admin: Client, new_client: Callable[..., Client]
) -> None:
    desktop, phone = await logged_in(new_client(), anna), await logged_in(new_client(), anna, phone=True)
    page = await admin.page(f"/admin/users/{anna.id}")
    await page.submit("#user-form", enabled_for_online=None)
    assert (await desktop.page("/diary")).location.startswith("/login")
    assert (await phone.page("/m/today")).location.startswith("/m?")
    ended = await rows('SELECT end_reason FROM login_session WHERE "user" = {}', anna.id)
    assert [row["end_reason"] for row in ended] == ["disabled", "disabled"]
    devices = await rows('SELECT ended_at FROM device WHERE "user" = {}', anna.id)
    assert [row["ended_at"] for row in devices] == [MORNING, MORNING]


async def test_who_changed_what_is_on_record_by_id(anna: Person, sam: Person, admin: Client) -> None:
    await create(admin)
    page = await admin.page(f"/admin/users/{anna.id}")
    await page.submit("#user-form", name="Anna Lund")
    entries = await rows(
        "SELECT action, actor, subject_id, details FROM audit_entry WHERE actor = {} ORDER BY id", sam.id
    )
    assert [entry["action"] for entry in entries] == ["user.created", "user.changed"]
    assert (entries[1]["subject_id"], json.loads(entries[1]["details"])) == (str(anna.id), {"fields": "name"})
    assert not any(word in json.dumps(entries) for word in ("Anna", "Ben", "riverside", "7911"))


async def test_a_record_that_is_not_there_is_told_as_such(admin: Client) -> None:
    for answer in (
        await admin.page("/admin/users/999"),
        await admin.submit("/admin/users/999", {**NEW, "practitioner": "true"}),
    ):
        assert (answer.status, "There is no such user." in answer.text) == (404, True)


async def test_a_practitioner_who_is_found_by_a_new_number(admin: Client) -> None:
    ben = await a_practitioner("Ben Osei", mobile="+447911123457")
    page = await admin.page(f"/admin/users/{ben.id}")
    await page.submit("#user-form", mobile="07911 777777")
    listed = await admin.page("/admin/users", params={"q": "07911777"})
    assert [row.text for row in listed.all("tbody th")] == ["Ben Osei"]
