"""Asking for a check: how often, by whom, and what is remembered of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.accounts.viewer import Viewer
from app.clinic.settings import change_settings, stored_settings
from app.clock import now
from app.db import rows
from app.errors import Invalid, TooMany
from app.portal.checks import check_portal, last_check
from app.portal.tables import CheckOutcome, PortalCheck
from app.settings import Settings
from tests.support.client import Client
from tests.support.clock import FrozenClock

PAGE = "/admin/web-booking"
NOWHERE = "https://nowhere.invalid"
SAM = Viewer(1, "Sam Reyes", True, False, False, 1, "desktop")


async def move_portal(url: str) -> None:
    await change_settings(replace(await stored_settings(), portal_url=url), by=SAM.user)


async def test_without_an_address_there_is_nothing_to_check(settings: Settings, clinic: None) -> None:
    with pytest.raises(Invalid):
        await check_portal("", by=SAM, settings=settings)
    assert await rows("SELECT id FROM portal_check") == []


async def test_the_last_result_is_remembered(frozen: FrozenClock, settings: Settings, clinic: None) -> None:
    await check_portal(NOWHERE, by=SAM, settings=settings)
    frozen.tick(minutes=2)
    found = await last_check(NOWHERE)
    assert found is not None
    assert (found.outcome, found.is_good, found.tls_version) == (CheckOutcome.DNS, False, "")
    assert found.checked_at < frozen.now


async def test_a_result_belongs_to_its_address(settings: Settings, clinic: None) -> None:
    await check_portal(NOWHERE, by=SAM, settings=settings)
    assert await last_check("https://elsewhere.invalid") is None


async def test_five_checks_a_minute_are_enough(frozen: FrozenClock, settings: Settings, clinic: None) -> None:
    for _ in range(5):
        await check_portal(NOWHERE, by=SAM, settings=settings)
        frozen.tick(seconds=10)
    with pytest.raises(TooMany) as refused:
        await check_portal(NOWHERE, by=SAM, settings=settings)
    assert refused.value.retry_after == 10
    frozen.tick(seconds=10)
    await check_portal(NOWHERE, by=SAM, settings=settings)
    assert len(await rows("SELECT id FROM portal_check")) == 6


async def test_ten_clicks_at_once_are_five_checks(settings: Settings, clinic: None) -> None:
    clicks = (check_portal(NOWHERE, by=SAM, settings=settings) for _ in range(10))
    answers = await asyncio.gather(*clicks, return_exceptions=True)
    assert [type(answer) for answer in answers if answer].count(TooMany) == 5
    assert len(await rows("SELECT id FROM portal_check")) == 5


async def test_the_page_tells_what_was_found(admin: Client) -> None:
    await move_portal(NOWHERE)
    page = await admin.page(PAGE)
    assert "The address hasn't been checked yet" in page["#portal-check"].text
    page = await (await page.submit("#portal-check form")).follow()
    assert "The address isn't known" in page["#portal-check"].text
    assert "nowhere.invalid" in page["#portal-check"].text


async def test_htmx_swaps_the_result_and_the_steps(admin: Client) -> None:
    await move_portal(NOWHERE)
    part = await (await admin.page(PAGE)).submit("#portal-check form", partial=True)
    assert "The address isn't known" in part["#portal-check"].text
    assert part["hx-partial"].get("hx-target") == "#next-steps"


async def test_a_new_address_has_not_been_checked(settings: Settings, admin: Client) -> None:
    await move_portal(NOWHERE)
    await check_portal(NOWHERE, by=SAM, settings=settings)
    await move_portal("https://elsewhere.invalid")
    assert "hasn't been checked yet" in (await admin.page(PAGE))["#portal-check"].text


async def test_the_sixth_click_is_told_to_wait(settings: Settings, admin: Client) -> None:
    await move_portal(NOWHERE)
    for _ in range(5):
        await check_portal(NOWHERE, by=SAM, settings=settings)
    page = await admin.page(PAGE)
    answer = await page.submit("#portal-check form")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) <= 60
    part = await page.submit("#portal-check form", partial=True)
    assert (part.status, part.headers["hx-retarget"]) == (429, "#notices")


@pytest.mark.parametrize("outcome", list(CheckOutcome))
async def test_every_outcome_has_its_words(outcome: CheckOutcome, admin: Client) -> None:
    await move_portal(NOWHERE)
    await PortalCheck.insert(
        PortalCheck(
            checked_at=now(),
            checked_by=SAM.user,
            address=NOWHERE,
            outcome=outcome,
            milliseconds=84,
            tls_version="TLSv1.3",
        )
    )
    page = await admin.page(PAGE)
    assert page["#portal-check button"].text == "Check again"
    if outcome is CheckOutcome.OK:
        assert "answered in 84 ms over TLS 1.3" in page["#portal-check"].text
    else:
        assert "84 ms" not in page["#portal-check"].text
