"""Whoever gives, replaces or moves somebody else's login has given their own password within ten minutes."""

from __future__ import annotations

import pytest

from app.db import rows
from tests.provisioning.conftest import Wizard
from tests.support.clock import FrozenClock
from tests.support.people import Person, give_password

SAMS = "harbour velvet anchor"


@pytest.fixture
async def tired(sam: Person, frozen: FrozenClock) -> Person:
    """Sam, who has a password."""
    await give_password(sam, SAMS)
    return sam


async def test_creating_logins_asks_for_it_and_keeps_the_wizard_where_it_is(
    tired: Person, wizard: Wizard, frozen: FrozenClock
) -> None:
    page = await wizard.to_check()
    assert "[name=password]" not in page, "the session is fresh"
    frozen.tick(minutes=10)
    for typed, fault in (
        ({}, "Please type your own password to confirm this."),
        ({"password": "a guess"}, "This isn't your password."),
    ):
        page = await page.submit(**typed)
        assert (page.status, page["#field-password-error"].text) == (422, fault)
    assert await rows("SELECT id FROM credential WHERE kind = 'pin'") == []
    assert (await page.submit(password=SAMS)).location.endswith("/wizard/delivery")


async def test_so_does_sending_one_again_that_nobody_has_used(
    tired: Person, wizard: Wizard, frozen: FrozenClock
) -> None:
    delivery = await wizard.create(mobile=False)
    frozen.tick(minutes=10)
    asked = await wizard.admin.page(f"/admin/users/{wizard.user}/logins/password")
    assert len(asked.all("[name=password]")) == 3, "each of the forms asks"
    form = f"form[action=/admin/users/{wizard.user}/logins/password/reissue]"
    assert (await asked.submit(form)).status == 422
    assert (await asked.submit(form, password=SAMS)).status == 303
    assert delivery.status == 200
