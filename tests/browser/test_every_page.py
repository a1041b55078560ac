"""Every page of the tour keeps to the rules for pages, at every width and by touch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Page

from tests.browser.tour import WIDTHS, Tour, stopped
from tests.support.browser import Devices
from tests.support.server import Server


@pytest.fixture
def live_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """The application at the tour's moment; the test's parameter is the command."""
    with stopped(tmp_path, request.param) as server:
        yield server


async def at_every_width(page: Page, _name: str) -> None:
    """Let the page check itself; what is wrong stands on its console, where the devices hear it."""
    for width, height in WIDTHS.items():
        await page.set_viewport_size({"width": width, "height": height})
        await page.evaluate("checkPage()")


@pytest.mark.parametrize("live_server", ["serve"], indirect=True)
async def test_an_empty_installation_keeps_to_the_rules_for_pages(
    live_server: Server, devices: Devices
) -> None:
    await Tour(devices, at_every_width, kind="tablet").of_an_empty_installation(live_server)


@pytest.mark.parametrize("live_server", ["demo"], indirect=True)
async def test_a_clinic_at_work_keeps_to_the_rules_for_pages(live_server: Server, devices: Devices) -> None:
    await Tour(devices, at_every_width, kind="tablet").of_the_demo(live_server)
