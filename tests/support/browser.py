"""Chromium, driven by Playwright: each device is a browser profile of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    async_playwright,
    expect,
)

from tests.support import chromium

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
DEVICES: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1440, "height": 900}},
    "tablet": {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    "phone": {
        "viewport": {"width": 360, "height": 780},
        "has_touch": True,
        "is_mobile": True,
        "device_scale_factor": 2,
        "user_agent": IPHONE,
    },
}
PATIENCE = 30_000  # ms; a loaded machine is no fault of ours
# What the console calls errors but is none: a status of 4xx or 5xx is the application's answer, and the frame of a mail
# takes no scripts, not even a test's own. Anything else is one, what the content security policy stopped included.
NO_FAULTS = ("Failed to load resource", "Blocked script execution in ")
expect.set_options(timeout=PATIENCE)
PAGE_RULES = Path(__file__).with_name("page_rules.js")


class Devices:
    """Opens devices on one server, and remembers what was wrong with the pages they showed; leaving it closes them.

    With ``at`` their clocks show that moment.
    """

    def __init__(self, browser: Browser, url: str, at: datetime | None = None) -> None:
        self._browser = browser
        self._url = url
        self._at = at
        self._opened = AsyncExitStack()
        self.complaints: list[str] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_failure: object) -> None:
        await self._opened.aclose()

    async def context(self, kind: str = "desktop", *, dark: bool = False, **options: Any) -> BrowserContext:
        """A device that nobody has used yet: desktop, tablet or phone."""
        context = await self._browser.new_context(
            base_url=self._url,
            locale="en-GB",
            color_scheme="dark" if dark else "light",
            **{**DEVICES[kind], **options},
        )
        self._opened.push_async_callback(context.close)
        context.set_default_timeout(PATIENCE)
        await context.add_init_script(path=PAGE_RULES)
        if self._at is not None:
            await context.clock.set_fixed_time(self._at)
        context.on("console", self._listen)
        context.on("request", self._watch)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        return context

    async def open(self, kind: str = "desktop", path: str = "/", **options: Any) -> Page:
        """A new device with that page open."""
        page = await (await self.context(kind, **options)).new_page()
        await page.goto(path)
        return page

    async def photograph(self, folder: Path) -> None:
        """Keep what each open page shows, for whoever looks into a failed test."""
        pages = [page for context in self._browser.contexts for page in context.pages]
        for number, page in enumerate(pages, start=1):
            path = folder / f"page-{number}.png"
            await page.screenshot(path=path)
            print(f"{page.url} looked like {path}")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NO_FAULTS):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def _watch(self, request: Request) -> None:
        if urlsplit(request.url).netloc != urlsplit(self._url).netloc:
            self.complaints.append(f"a page asked another host: {request.url}")


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """The system's Chromium, without a window. Raises RuntimeError when there is none."""
    path = chromium.path()
    if path is None:
        raise RuntimeError(chromium.MISSING)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        try:
            yield browser
        finally:
            await browser.close()
