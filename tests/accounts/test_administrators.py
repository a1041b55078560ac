"""Administrators made from the machine itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.administrators import create_administrator
from app.db import rows
from app.errors import Conflict, Invalid
from tests.support.client import Client
from tests.support.people import Person, log_in, logged_in


async def test_a_new_one_logs_in_with_the_password_that_is_printed(clinic: object, client: Client) -> None:
    password = await create_administrator("Robin Hale", "Robin@Riverside.example")
    answer = await log_in(client, "robin@riverside.example", password, door="/admin/login")
    assert answer.status == 303
    [stored] = await rows("SELECT administrator, enabled_for_online FROM staff_user")
    assert stored == {"administrator": True, "enabled_for_online": False}
    assert await rows("SELECT temporary FROM credential") == [{"temporary": True}]


async def test_somebody_who_is_there_becomes_one_and_what_they_had_is_over(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await logged_in(client, anna)
    password = await create_administrator("Whatever", anna.email)
    assert (await client.page("/diary")).location.startswith("/login")
    fresh = new_client()
    await log_in(fresh, anna.email, password)
    assert (await fresh.page("/admin/users")).status == 200
    assert await rows("SELECT name, practitioner FROM staff_user") == [
        {"name": "Anna Marsh", "practitioner": True}
    ]


async def test_it_is_on_record(clinic: object) -> None:
    await create_administrator("Robin Hale", "robin@riverside.example")
    entries = await rows("SELECT action, actor, address FROM audit_entry ORDER BY id")
    assert entries == [
        {"action": "user.created", "actor": None, "address": ""},
        {"action": "administrator.created", "actor": None, "address": ""},
    ]


@pytest.mark.parametrize(
    ("name", "email", "fault"),
    [
        ("", "robin@riverside.example", "Please fill this in."),
        ("Robin Hale", "robin", "This isn't an e-mail address. It looks like name@example.com."),
        ("Robin Hale", "", "Give an e-mail address: it is the user name."),
    ],
)
async def test_what_is_no_name_or_address_is_refused(
    clinic: object, name: str, email: str, fault: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await create_administrator(name, email)
    assert refused.value.message == fault
    assert await rows("SELECT id FROM staff_user") == []


async def test_before_there_is_a_clinic_the_set_up_link_makes_the_first(database: object) -> None:
    with pytest.raises(Conflict) as refused:
        await create_administrator("Robin Hale", "robin@riverside.example")
    assert "`python -m app setup-link`" in refused.value.message
    assert await rows("SELECT id FROM staff_user") == []
