"""Photographs every page of the tour at three widths, light and dark, into var/shots: ``make shots``."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

from playwright.async_api import Page

from tests.browser.extremes import build
from tests.browser.tour import AT, WIDTHS, Tour, stopped
from tests.support.browser import Devices, launched
from tests.support.server import ROOT, Server

Lead = Callable[[Tour, Server], Awaitable[None]]
Prepare = Callable[[Path, datetime], Awaitable[None]]

FOLDER = ROOT / "var" / "shots"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# How much higher the window must be to show all of the page, which scrolls within itself; the diary stays as it is.
BELOW = (
    "() => Math.max(0, ...[document.documentElement, ...document.querySelectorAll('main')]"
    ".map(({scrollHeight, clientHeight}) => scrollHeight - clientHeight))"
)


async def photograph(page: Page, name: str) -> None:
    """The whole page as it stands, at each width, light and dark."""
    if dismiss := await page.get_by_role("button", name="Dismiss").all():
        await dismiss[0].click()
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for width, height in WIDTHS.items():
            await page.set_viewport_size({"width": width, "height": height})
            if below := await page.evaluate(BELOW):
                await page.set_viewport_size({"width": width, "height": height + below})
            dark = "-dark" if scheme == "dark" else ""
            await page.screenshot(path=FOLDER / f"{name}-{width}{dark}.png", caret="initial")


async def visit(command: str, lead: Lead, prepare: Prepare | None = None) -> None:
    """One installation of its own, prepared if it isn't to begin empty."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if prepare:
            await prepare(folder, AT)
        with stopped(folder, command) as server:
            async with launched() as browser, Devices(browser, server.url, server.at) as devices:
                await lead(Tour(devices, photograph), server)
                for complaint in devices.complaints:
                    print(complaint)


async def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    await visit("serve", Tour.of_an_empty_installation)
    await visit("demo", Tour.of_the_demo)
    await visit("serve", Tour.of_extremes, prepare=build)
    print(f"{len(list(FOLDER.iterdir()))} pictures are in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())
