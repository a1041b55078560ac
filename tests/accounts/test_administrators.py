"""Administrators made from the machine itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.administrators import create_administrator, reset_password
from app.accounts.tables import User
from app.db import rows
from app.errors import Conflict, Invalid, NotFound
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD, Person, hire, log_in, logged_in


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


async def test_a_reset_password_replaces_the_old_one_at_once_and_the_owner_is_told(
    anna: Person, client: Client, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await logged_in(client, anna)
    phone = await logged_in(new_client(), anna, phone=True)
    _anna, password = await reset_password(anna.email.upper())
    assert (await client.page("/diary")).location.startswith("/login")
    assert (await phone.page("/m/today")).status == 200, "the mobile login is another one"
    assert (await log_in(new_client(), anna.email, PASSWORD)).status == 422
    frozen.tick(minutes=1)  # after a failure strangers wait a moment
    assert (await log_in(new_client(), anna.email, password)).status == 303
    assert await rows("SELECT temporary FROM credential WHERE kind = 'password'") == [{"temporary": True}]
    assert await rows("SELECT purpose, recipient FROM message ORDER BY id") == [
        {"purpose": "credential_changed", "recipient": anna.email},
        {"purpose": "new_device", "recipient": anna.email},
    ]
    [entry] = await rows("SELECT actor, subject_id FROM audit_entry WHERE action = 'password.reset'")
    assert entry == {"actor": None, "subject_id": str(anna.id)}


async def test_whoever_has_no_online_login_has_no_password_to_reset(clinic: object) -> None:
    ben = await hire("Ben Osei", practitioner=True)
    for email in (ben.email, "nobody@riverside.example"):
        with pytest.raises(NotFound):
            await reset_password(email)


async def test_whom_no_password_lets_in_gets_none(anna: Person, client: Client) -> None:
    await User.update({User.enabled_for_online: False}).where(User.id == anna.id)
    with pytest.raises(Conflict) as refused:
        await reset_password(anna.email)
    assert "Anna Marsh is not enabled for online" in refused.value.message
    await User.update({User.enabled_for_online: True, User.current: False}).where(User.id == anna.id)
    with pytest.raises(NotFound):
        await reset_password(anna.email)

    assert await rows("SELECT id FROM message") == []
    await User.update({User.current: True}).where(User.id == anna.id)
    assert (await log_in(client, anna.email, PASSWORD)).status == 303
