"""What people drag with: a mouse, and a finger, whose touches go through the browser as a screen's do."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import CDPSession, Page, expect

from tests.browser.pages import Diary, Place


@dataclass(frozen=True, slots=True)
class Mouse:
    """Begins to drag by moving."""

    page: Page

    async def lift(self, at: Place) -> None:
        await self.page.mouse.move(*at)
        await self.page.mouse.down()

    async def carry(self, *way: Place) -> None:
        for place in way:
            await self.page.mouse.move(*place, steps=3)

    async def drop(self) -> None:
        await self.page.mouse.up()

    async def take_edge(self, column: str, starts: str, ends: str) -> None:
        """Take hold of the lower edge of what stands there."""
        x, y = await Diary(self.page).place(column, ends)
        await self.lift((x, y - 2))


@dataclass(frozen=True, slots=True)
class Finger:
    """Begins to drag by resting."""

    page: Page
    screen: CDPSession

    async def lift(self, at: Place) -> None:
        await self._touch("touchStart", at)
        await expect(self.page.locator("html")).to_have_class("is-dragging")

    async def carry(self, *way: Place) -> None:
        for x, y in way:
            await self._touch("touchMove", (x, y - 12))
            await self._touch("touchMove", (x, y))

    async def drop(self) -> None:
        await self._touch("touchEnd")

    async def take_edge(self, column: str, starts: str, ends: str) -> None:
        """Rest on it, and take hold of the grip that it then has."""
        diary = Diary(self.page)
        await self.lift(await diary.place(column, starts))
        await self.drop()
        await expect(self.page.locator(".has-grip")).to_be_visible()
        await self.touch(await diary.place(column, ends))

    async def touch(self, at: Place) -> None:
        """Put it down, without waiting for anything to come of it."""
        await self._touch("touchStart", at)

    async def _touch(self, kind: str, *at: Place) -> None:
        points = [{"x": x, "y": y} for x, y in at]
        await self.screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


Hand = Mouse | Finger


async def hand_on(page: Page, kind: str) -> Hand:
    """What that kind of device is used with."""
    if kind == "desktop":
        return Mouse(page)
    return Finger(page, await page.context.new_cdp_session(page))
