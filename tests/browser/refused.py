"""Dialogs over the diary that ask something or say no, one after the other, for whoever looks at pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playwright.async_api import Locator, Page

from tests.browser.pages import Diary

TOO_LONG = "Rang to say that the bus doesn't run in the snow. " * 5


@dataclass(frozen=True, slots=True)
class Refusals:
    """The demo's diary at today; it stops to ``look`` at each dialog."""

    page: Page
    look: Callable[[Page, str], Awaitable[None]]

    async def all(self) -> None:
        """What is taken, who is known already, what repeats, what was changed meanwhile, and what is cancelled."""
        await self.page.goto("/diary")
        last = (
            self.page.locator(".diary-column").first.locator(".diary-blocks a[aria-label$=', booked']").last
        )
        label, address = await last.get_attribute("aria-label") or "", await last.get_attribute("href") or ""
        starts, who = label[:5], label.split(", ")[1]
        await self._booking(starts, who)
        await self._series(starts)
        await self._edit(address)
        await self._cancellation(address)
        await self._undo(address)

    async def _booking(self, starts: str, who: str) -> None:
        form = await self._book(starts, "Nora Castellanos")
        await self._press(form, "Book")
        await self._asked(form, "booking-refused")
        form = await self._book(starts, who)
        await self._press(form, "Book")
        await self._asked(form, "booking-namesakes")
        form = await self._book(starts, "N" * 81)
        await form.get_by_label("Date", exact=True).fill("")
        await self._press(form, "Book")
        await form.locator("[aria-invalid=true]").first.wait_for()
        await self.look(self.page, "booking-faults")

    async def _series(self, starts: str) -> None:
        form = await self._book(starts, "Nora Castellanos")
        await form.get_by_text("Repeat").click()
        await form.get_by_label("How many times").fill("6")
        await self._press(form, "Book")
        await form.locator(".review-sum").wait_for()
        await self.look(self.page, "series-conflicts")

    async def _edit(self, address: str) -> None:
        await self.page.goto("/diary")
        await self._open(address, "Change")
        form = Diary(self.page).opened()
        await form.get_by_label("Notes").fill("Bring the scan.")
        other = await self.page.context.new_page()
        await other.goto(f"{address}/edit")
        await other.get_by_label("Notes").fill("Has no scan, and asked for the ground floor.")
        await other.get_by_role("button", name="Save", exact=True).click()
        await other.wait_for_url("**/diary/day/*")
        await other.close()
        await self._press(form, "Save")
        await form.get_by_text("Now stored:").first.wait_for()
        await self.look(self.page, "edit-stale")

    async def _cancellation(self, address: str) -> None:
        await self.page.goto("/diary")
        await self._open(address, "Cancel…")
        form = Diary(self.page).opened()
        await form.get_by_label("Reason").wait_for()
        await self.look(self.page, "cancel")
        await form.get_by_label("Reason").fill(TOO_LONG)
        await self._press(form, "Cancel the appointment")
        await form.locator("[aria-invalid=true]").wait_for()
        await self.look(self.page, "cancel-fault")

    async def _undo(self, address: str) -> None:
        """Moved, its former time given to somebody else, and undone."""
        await self.page.goto(f"{address}/edit")
        starts = await self.page.get_by_label("Time", exact=True).input_value()
        await self.page.get_by_label("Time", exact=True).fill("21:00")
        await self.page.get_by_label("Minutes").fill("5")
        await self.page.get_by_role("button", name="Save", exact=True).last.click()
        await self.page.get_by_role("button", name="Book anyway").click()
        undo = self.page.get_by_role("button", name="Undo")
        await undo.wait_for()
        other = await self.page.context.new_page()
        elsewhere = Refusals(other, self.look)
        await self._press(await elsewhere._book(starts, "Nora Castellanos"), "Book")
        await Diary(other).opened().wait_for(state="hidden")
        await other.close()
        await undo.click()
        await self._asked(self.page.locator("#undo-form"), "undo-refused")

    async def _book(self, starts: str, name: str) -> Locator:
        """The form over the diary, for a new patient in the first column."""
        await self.page.goto("/diary")
        await self.page.locator("#book").click()
        form = Diary(self.page).opened()
        whose = await self.page.locator(".diary-column").first.get_attribute("data-practitioner")
        await form.get_by_label("Practitioner").select_option(whose)
        await form.get_by_label("Type").select_option(label="Follow-up · 30 min")
        await form.get_by_label("Time", exact=True).fill(starts)
        await form.get_by_text("New patient").click()
        await form.get_by_label("Name", exact=True).fill(name)
        return form

    async def _open(self, address: str, link: str) -> None:
        await self.page.locator(f".diary-blocks a[href='{address}']").click()
        await Diary(self.page).opened().get_by_role("link", name=link, exact=True).click()
        await Diary(self.page).opened().locator("form").first.wait_for()

    async def _asked(self, form: Locator, name: str) -> None:
        await form.locator("[role=alert]").wait_for()
        await self.look(self.page, name)

    async def _press(self, form: Locator, button: str) -> None:
        await form.get_by_role("button", name=button, exact=True).last.click()
