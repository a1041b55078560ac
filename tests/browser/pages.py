"""The screens as people use them: what is on each, and what one does there. They work with scripts and without."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from playwright.async_api import FrameLocator, Locator, Page, expect

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Screen:
    """A page of the application, open in some browser."""

    page: Page

    async def press(self, name: str) -> None:
        """Click the button of that name in the page's main part."""
        await self.page.locator("main").get_by_role("button", name=name, exact=True).click()

    async def shows(self, path: str) -> None:
        """Wait until the address is that path, whatever its query."""
        await expect(self.page).to_have_url(re.compile(rf"^[^/]+//[^/]+{path}(\?.*)?$"))

    async def says(self, text: str) -> None:
        """Wait until the page says that somewhere one can see it."""
        await expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def heading(self) -> Locator:
        return self.page.get_by_role("heading", level=1)


class SetUp(Screen):
    """The form behind the set-up link."""

    async def fill(self, *, clinic: str, administrator: str, email: str, password: str) -> None:
        field = self.page.get_by_label
        await field("Clinic name").fill(clinic)
        await field("Country").select_option("United Kingdom")
        await field("Time zone").select_option("Europe/London")
        await field("Phone", exact=True).fill("0161 496 0000")
        await field("Your name").fill(administrator)
        await field("E-mail").fill(email)
        await field("Password", exact=True).fill(password)
        await self.press("Set up")
        await self.shows("/admin/login")


class LogIn(Screen):
    """The three doors, which have the same button."""

    async def with_password(self, email: str, password: str) -> None:
        await self.page.get_by_label("E-mail").fill(email)
        await self.page.get_by_label("Password", exact=True).fill(password)
        await self.press("Log in")

    async def with_pin(self, mobile: str, pin: str) -> None:
        await self.page.get_by_label("Mobile number").fill(mobile)
        await self.page.get_by_label("PIN", exact=True).fill(pin)
        await self.press("Log in")


class WebBooking(Screen):
    """Admin › Web Booking and its Settings tab."""

    async def open(self) -> None:
        await self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Web Booking").click()
        await self.shows("/admin/web-booking")

    async def open_settings(self) -> None:
        await self.page.get_by_role("link", name="Settings", exact=True).click()
        await self.shows("/admin/web-booking/settings")

    async def put_online(self) -> None:
        await self.press("Put the portal online")
        await expect(self.status()).to_contain_text("online")

    async def take_offline(self, whom_it_concerns: str, *, log_everybody_out: bool = False) -> None:
        """Answer the question that is asked first."""
        await self.page.get_by_role("link", name="Take offline…").click()
        question = self.page.get_by_role("dialog")
        await expect(question).to_contain_text(whom_it_concerns)
        if log_everybody_out:
            await question.get_by_label("Also log everybody out").check()
        await question.get_by_role("button", name="Take offline").click()
        await expect(self.status()).to_contain_text("offline")

    def status(self) -> Locator:
        """*Patient Portal Status* with its word."""
        return self.page.get_by_role("heading", name="Patient Portal Status")


class UserRecord(Screen):
    """A user's record under Admin › Users, new or stored."""

    async def open_new(self, name: str) -> None:
        """Admin › Users → New user, a practitioner of that name."""
        await self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Users").click()
        await self.page.get_by_role("link", name="New user").click()
        await self.page.get_by_label("Name", exact=True).fill(name)
        await expect(self.page.get_by_label("Practitioner")).to_be_checked()

    async def find(self, name: str) -> None:
        """Admin › Users → search → the record."""
        await self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Users").click()
        await self.page.get_by_label("Search users").fill(name)
        await expect(self.page.get_by_role("rowheader")).to_have_count(1)
        await self.page.get_by_role("rowheader", name=name).get_by_role("link").click()
        await expect(self.heading()).to_have_text(name)

    async def create(self) -> Wizard:
        """*Enabled for Online* → **Create**: the Online User Wizard opens."""
        await self.page.get_by_label("Enabled for Online").check()
        await self.press("Create")
        wizard = Wizard(self.page)
        await wizard.stands_at("logins")
        return wizard


class Wizard(Screen):
    """The Online User Wizard."""

    async def stands_at(self, step: str) -> None:
        """Wait for that step: logins, email, mobile, check or delivery."""
        await self.shows(rf"/admin/users/\d+/wizard/{step}")

    def box(self, login: str) -> Locator:
        """The checkbox *Create Online Login* or *Create Mobile Login*."""
        return self.page.get_by_label(f"Create {login} Login")

    async def choose(self, *logins: str) -> None:
        for login in logins:
            await self.box(login).check()
        await self.press("Next")

    async def give_email(self, email: str) -> None:
        await self.stands_at("email")
        await self.page.get_by_label("E-mail").fill(email)
        await self.press("Next")

    async def give_mobile(self, mobile: str) -> None:
        await self.stands_at("mobile")
        await self.page.get_by_label("Mobile number").fill(mobile)
        await self.press("Next")

    async def create_logins(self) -> None:
        await self.stands_at("check")
        await self.press("Create logins")
        await self.stands_at("delivery")

    def delivery(self, login: str) -> Locator:
        """How the message of the *Online* or *Mobile* login fares."""
        return self.page.locator("#deliveries .row").filter(has_text=f"{login} login")


class Diary(Screen):
    """The diary's day."""

    async def turn_to(self, name: str) -> None:
        """*Previous day*, *Today* or *Next day*."""
        await (
            self.page.get_by_role("navigation", name="Turn to another day")
            .get_by_role("link", name=name)
            .click()
        )

    async def go_to(self, day: date) -> None:
        """By the calendar button."""
        await self.page.get_by_label("Go to a date").click()
        await self.page.get_by_label("Date", exact=True).fill(str(day))
        await self.page.get_by_role("button", name="Go", exact=True).click()

    def appointment(self, patient: str) -> Locator:
        return self.page.get_by_role("link", name=patient)

    async def unfold(self) -> None:
        """Show what an agenda folds away once it is over: what is on it depends on the time of day."""
        for folded in await self.page.get_by_text("earlier today").all():
            await folded.click()

    def block(self, column: str, label: str) -> Locator:
        """What stands in a column's grid, by the beginning of its accessible name: *09:00 to 09:30, Amelia Hart*."""
        return (
            self.page.get_by_role("region", name=column, exact=True)
            .locator(".diary-blocks")
            .get_by_role("link", name=re.compile(f"^{re.escape(label)}"))
        )

    async def place(self, column: str, clock: str) -> Place:
        """Where that time of the column stands on the screen."""
        hours, minutes = (int(part) for part in clock.split(":"))
        day = self.page.get_by_role("region", name=column, exact=True).locator(".diary-day")
        opens, closes = await day.evaluate(
            "day => ['--opens', '--closes'].map(name => Number(getComputedStyle(day).getPropertyValue(name)))"
        )
        box = await day.bounding_box()
        assert box is not None
        down = (hours + minutes / 60 - opens) / (closes - opens)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] * down

    def opened(self) -> Locator:
        """The dialog over the diary."""
        return self.page.get_by_role("dialog")


class Account(Screen):
    """/account."""

    async def choose_password(self, new: str, *, current: str = "") -> None:
        """Change the password; the current one is asked for unless a temporary one has just been used."""
        if current:
            await self.page.get_by_label("Current password").fill(current)
        await self.page.get_by_label("New password").fill(new)
        await self.press("Change password")


class Tray(Screen):
    """/tray: what would have been sent, as it looks on the device."""

    def mail(self, recipient: str) -> FrameLocator:
        """The body of the newest e-mail to that address."""
        return self.page.get_by_role("article", name=f"E-mail to {recipient}").first.frame_locator("iframe")

    def text(self, recipient: str) -> Locator:
        """The newest text to that number, in its international form."""
        return self.page.get_by_role("article", name=f"Text to {recipient}").first
