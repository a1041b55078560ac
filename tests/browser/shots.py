"""Photographs every page of the demo at three widths, light and dark, into var/shots: ``make shots``."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import Page

from tests.support.browser import Devices, launched
from tests.support.server import ROOT, Server, serving

FOLDER = ROOT / "var" / "shots"
WIDTHS = {360: 780, 820: 1180, 1440: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
DEVELOPMENT = {"ENVIRONMENT": "development"}

# Who looks, what the picture is called, and where. A second address leads on, by the first link that begins so.
PAGES: dict[str, list[tuple[str, ...]]] = {
    "stranger": [
        ("log-in", "/login"),
        ("desk-log-in", "/admin/login"),
        ("not-found", "/nowhere"),
    ],
    "administrator": [
        ("day", "/diary/day"),
        ("agenda", "/diary/agenda"),
        ("appointment", "/diary/day", "/diary/appointments/"),
        ("users", "/admin/users"),
        ("user", "/admin/users", "/admin/users/2"),
        ("user-new", "/admin/users/new"),
        ("login", "/admin/users/3/logins/password"),
        ("web-booking", "/admin/web-booking"),
        ("web-booking-offline", "/admin/web-booking/offline"),
        ("web-booking-settings", "/admin/web-booking/settings"),
        ("account", "/account"),
        ("tray", "/tray"),
    ],
    "front desk": [("day-front-desk", "/diary/day")],
    "practitioner": [
        ("day-practitioner", "/diary/day"),
        ("agenda-practitioner", "/diary/agenda"),
        ("account-practitioner", "/account"),
    ],
    "phone": [
        ("phone-today", "/m/today"),
        ("phone-appointment", "/m/today", "/diary/appointments/"),
        ("phone-days", "/m/days"),
    ],
}


@dataclass(frozen=True, slots=True)
class Camera:
    """Takes pictures of an open page, and counts them."""

    taken: list[Path]

    async def photograph(self, page: Page, name: str) -> None:
        """The page as it stands, at each width, light and dark."""
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for width, height in WIDTHS.items():
                await page.set_viewport_size({"width": width, "height": height})
                path = FOLDER / f"{name}-{width}{'-dark' if scheme == 'dark' else ''}.png"
                await page.screenshot(path=path, full_page=True)
                self.taken.append(path)

    async def tour(self, page: Page, pages: list[tuple[str, ...]]) -> None:
        """One page after the other."""
        for name, *addresses in pages:
            answer = await page.goto(addresses[0])
            for onward in addresses[1:]:
                link = page.locator(f"main a[href^='{onward}']").first
                answer = await page.goto(str(await link.get_attribute("href")))
            if answer is not None and not answer.ok:
                print(f"{name} shows an answer of {answer.status}")
            await self.photograph(page, name)


async def log_in(page: Page, credential: dict[str, Any]) -> None:
    """Log in by e-mail and password, or on the phone's page by number and PIN."""
    if "/m" in page.url:
        await page.get_by_label("Mobile number").fill(credential["phone"])
        await page.get_by_label("PIN").fill(credential["pin"])
    else:
        await page.get_by_label("E-mail").fill(credential["email"])
        await page.get_by_label("Password", exact=True).fill(credential["password"])
    before = page.url
    await page.get_by_role("button", name="Log in").click()
    await page.wait_for_url(lambda url: url != before)


async def first_start(devices: Devices, camera: Camera, server: Server) -> None:
    """What an empty installation shows."""
    link = next(word for word in server.log.split() if "/setup/" in word)
    page = await devices.open("desktop", link)
    await camera.photograph(page, "set-up")


async def demo(devices: Devices, camera: Camera, server: Server) -> None:
    """What each role sees of a clinic at work."""
    path = server.log_file.parent / "var" / "demo-credentials.json"
    credentials = {entry["role"]: entry for entry in reversed(json.loads(path.read_text()))}
    administrator = await devices.open("desktop", "/login")
    await log_in(administrator, credentials["administrator"])
    for role, pages in PAGES.items():
        page = await devices.open(
            "phone" if role == "phone" else "desktop", "/m" if role == "phone" else "/login"
        )
        if role == "phone":
            await camera.photograph(page, "phone-log-in")
        if role != "stranger":
            await log_in(page, credentials["practitioner" if role == "phone" else role])
        await camera.tour(page, pages)
    await wizard(administrator, camera)
    await offline(administrator, devices, camera)


async def wizard(page: Page, camera: Camera) -> None:
    """The Online User Wizard, step by step, for a new user."""
    await page.goto("/admin/users/new")
    await page.get_by_label("Name").fill("Nora Castellanos")
    await page.get_by_label("E-mail").fill("nora.castellanos@riverside-physio.example")
    await page.get_by_label("Practitioner", exact=True).check()
    await page.get_by_label("Enabled for Online").check()
    await page.get_by_role("button", name="Create").click()
    await page.wait_for_url("**/wizard/**")
    for step, choose in WIZARD.items():
        await page.wait_for_url(f"**/wizard/{step}")
        await camera.photograph(page, f"wizard-{step}")
        await choose(page)
    await page.wait_for_url("**/wizard/delivery")
    await camera.photograph(page, "wizard-delivery")


async def _choose_logins(page: Page) -> None:
    await page.get_by_label("Create Online Login").check()
    await page.get_by_label("Create Mobile Login").check()
    await _go_on(page)


async def _give_number(page: Page) -> None:
    await page.get_by_label("Mobile number").fill("07911 123499")
    await _go_on(page)


async def _go_on(page: Page) -> None:
    await page.locator("#wizard form .primary").click()


WIZARD: dict[str, Callable[[Page], Awaitable[None]]] = {
    "logins": _choose_logins,
    "email": _go_on,
    "mobile": _give_number,
    "check": _go_on,
}


async def offline(administrator: Page, devices: Devices, camera: Camera) -> None:
    """What is shown while the portal is offline."""
    await administrator.goto("/admin/web-booking")
    await administrator.locator("#portal-switch").click()
    await administrator.get_by_role("dialog").wait_for()
    await camera.photograph(administrator, "web-booking-dialog")
    await administrator.get_by_role("dialog").get_by_role("button", name="Take offline").click()
    await administrator.get_by_role("button", name="Put online").wait_for()
    await camera.photograph(administrator, "web-booking-while-offline")
    await camera.photograph(await devices.open("phone", "/login"), "portal-offline")


async def main() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    camera = Camera([])
    for command, journey in (("serve", first_start), ("demo", demo)):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder), DEVELOPMENT, command) as server:
            async with launched() as browser:
                devices = Devices(browser, server.url)
                await journey(devices, camera, server)
                for complaint in devices.complaints:
                    print("A page complained:", complaint)
    print(f"{len(camera.taken)} pictures are in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    asyncio.run(main())
