"""The tour's way through a forgotten password and a forgotten PIN, up to where a new one is chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.async_api import Page


@dataclass(frozen=True, slots=True)
class Forgotten:
    """In a stranger's browser, with the tray open in another."""

    page: Page
    tray: Page
    look: Callable[[Page, str], Awaitable[None]]

    async def all(self, *, email: str, phone: str) -> None:
        """Both; neither is chosen in the end, so that whoever it is can still log in."""
        await self.password(email)
        await self.pin(email, phone)

    async def password(self, email: str) -> None:
        """Ask for a link, and open it."""
        await self.page.goto("/login/forgotten")
        await self._fill_and_press("E-mail", email, "Send me a link")
        await self.page.get_by_role("heading", name="Look at your e-mail").wait_for()
        await self.look(self.page, "forgotten-asked")
        await self.page.goto(await self._mailed(email, "A new password for"))
        await self._fill_and_press("New password", "too short", "Store it")
        await self.page.locator("[aria-invalid=true]").wait_for()
        await self.look(self.page, "forgotten-password-choice")

    async def pin(self, email: str, phone: str) -> None:
        """Likewise, and have a code sent."""
        await self.page.goto("/m/forgotten")
        await self._fill_and_press("Mobile number", phone, "Send me a link")
        await self.page.get_by_role("heading", name="Look at your e-mail").wait_for()
        await self.page.goto(await self._mailed(email, "A new PIN for"))
        await self.look(self.page, "forgotten-pin-link")
        await self.page.get_by_role("button", name="Text me a code").click()
        await self._fill_and_press("New PIN", "1234", "Store it")
        await self.page.locator("[aria-invalid=true]").first.wait_for()
        await self.look(self.page, "forgotten-pin-choice")

    async def _fill_and_press(self, label: str, text: str, button: str) -> None:
        await self.page.get_by_label(label, exact=True).fill(text)
        await self.page.get_by_role("button", name=button).click()

    async def _mailed(self, email: str, subject: str) -> str:
        """The path to which that mail's button leads."""
        mail = self.tray.get_by_role("article", name=f"E-mail to {email}").filter(has_text=subject)
        while not await mail.count():  # on a clock that stands still the tray finds none newer by itself
            await self.tray.reload()
        link = mail.frame_locator("iframe").get_by_role("link")
        return urlsplit(str(await link.get_attribute("href"))).path
