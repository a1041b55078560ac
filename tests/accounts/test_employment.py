"""Made non-current when somebody leaves, and current when they come back."""

from __future__ import annotations

import asyncio

import pytest

from app.accounts.employment import make_current, make_non_current
from app.accounts.forms import UserForm
from app.accounts.users import change_user, load_user
from app.db import rows
from app.errors import Conflict
from tests.support.client import Client
from tests.support.people import (
    Person,
    a_clinic,
    a_practitioner,
    an_administrator,
    give_password,
    hire,
    logged_in,
)

pytestmark = pytest.mark.usefixtures("database", "frozen")


@pytest.fixture
async def sam() -> Person:
    await a_clinic()
    return await an_administrator()


async def test_whoever_leaves_is_logged_out_and_their_address_is_free(sam: Person, client: Client) -> None:
    anna = await a_practitioner(mobile="+447911123456")
    await logged_in(client, anna)
    assert (await client.page("/account")).status == 200
    await make_non_current(anna.id, by=sam.viewer)
    assert (await client.page("/account")).status == 303
    gone = await load_user(anna.id)
    assert (gone.current, gone.enabled_for_online) == (False, False)
    namesake = await hire("Anna Smith", mobile="+447911123456", front_desk=True)
    assert namesake.email == anna.email
    audited = await rows("SELECT action FROM audit_entry WHERE action LIKE {} ORDER BY id", "user.made%")
    assert [row["action"] for row in audited] == ["user.made_non_current"]


async def test_whose_address_is_somebody_elses_by_now_does_not_come_back_with_it(sam: Person) -> None:
    anna = await a_practitioner()
    await make_non_current(anna.id, by=sam.viewer)
    await hire("Anna Smith", front_desk=True)
    with pytest.raises(Conflict, match="Another current user has this e-mail address"):
        await make_current(anna.id, by=sam.viewer)
    assert not (await load_user(anna.id)).current


async def test_the_record_takes_somebody_back(sam: Person, client: Client) -> None:
    anna = await a_practitioner()
    await make_non_current(anna.id, by=sam.viewer)
    page = await (await logged_in(client, sam)).page(f"/admin/users/{anna.id}")
    assert "can't log in, and has no column" in page.text
    await page.submit(".banner form")
    assert (await load_user(anna.id)).current


async def test_one_administrator_cannot_leave_while_the_other_is_demoted(sam: Person) -> None:
    robin = await an_administrator("Robin Hale")
    for person in (sam, robin):
        await give_password(person)
    sams = UserForm(name=sam.name, email=sam.email, practitioner=True, version=1)
    outcomes = await asyncio.gather(
        make_non_current(robin.id, by=sam.viewer),
        change_user(sams, sam.id, by=robin.viewer),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [Conflict]
    assert len(await rows('SELECT id FROM staff_user WHERE administrator AND "current"')) == 1


async def test_nobody_leaves_by_their_own_hand_or_as_the_last_administrator(sam: Person) -> None:
    with pytest.raises(Conflict, match="yourself"):
        await make_non_current(sam.id, by=sam.viewer)
    await give_password(sam)
    other = await an_administrator("Sue Lund")
    with pytest.raises(Conflict, match="only administrator"):
        await make_non_current(sam.id, by=other.viewer)
