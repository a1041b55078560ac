"""In production without Vonage there are no texts, so no mobile logins: people are told why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.db import rows
from app.settings import Settings
from tests.provisioning.conftest import Wizard
from tests.support.people import Person, give_pin

REASON = "Text messages aren't set up here yet: Daybook needs the clinic's Vonage account."


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, environment="production", tray=False, vonage=None)


async def test_mobile_logins_are_shown_as_unavailable_with_the_reason(wizard: Wizard) -> None:
    page = await wizard.open()
    assert page["[name=mobile_login]"].has("disabled")
    assert REASON in page.text
    forced = await wizard.admin.submit(wizard.url("logins"), {"mobile_login": "true"})
    assert (forced.status, forced["#field-mobile_login-error"].text) == (422, REASON)


async def test_online_logins_are_created_all_the_same(wizard: Wizard) -> None:
    page = await wizard.create(mobile=False)
    assert "Clara Lund’s logins are created" in page.text


async def test_a_pin_cannot_be_reissued(wizard: Wizard, clara: Person) -> None:
    await give_pin(clara, temporary=True)
    page = await wizard.admin.page(f"/admin/users/{clara.id}/logins/pin")
    answer = await page.submit(f"form[action=/admin/users/{clara.id}/logins/pin/reissue]")
    assert (answer.status, REASON in answer.text) == (422, True)
    assert await rows("SELECT id FROM message") == []
