"""Every page in every state that a person may find it in: what ``make shots`` and the rules for pages look at."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
from playwright.async_api import Page

from tests.browser.extremes import OVERLAPS
from tests.browser.forgotten import Forgotten
from tests.browser.journey import set_up, setup_link
from tests.browser.pages import Diary, LogIn, Tray, UserRecord, WebBooking, Wizard
from tests.browser.refused import Refusals
from tests.support.browser import Devices
from tests.support.people import PASSWORD
from tests.support.server import Server, serving

# A Monday at its busiest, so that pictures are the same at any hour.
AT = datetime(2026, 11, 23, 10, 40, tzinfo=UTC)
DEVELOPMENT = {"ENVIRONMENT": "development"}
WIDTHS = {360: 780, 820: 1180, 1440: 900}
NEWCOMER = ("nora.castellanos@riverside-physio.example", "07911 123499")
TOO_LONG = "Wolfeschlegelsteinhausenbergerdorff " * 4

Look = Callable[[Page, str], Awaitable[None]]

STRANGER = {
    "log-in": "/login",
    "desk-log-in": "/admin/login",
    "not-found": "/nowhere",
    "appointment-of-a-patient": "/a/demo",
    "no-more-messages": "/a/demo/stop",
    "forgotten-password": "/login/forgotten",
    "forgotten-pin": "/m/forgotten",
    "forgotten-link-over": "/login/forgotten/over",
}
ADMINISTRATOR = {
    "day": "/diary",
    "day-without-appointments": "/diary/day/2030-01-06",
    "no-such-day": "/diary/day/2026-02-30",
    "week": "/diary/week",
    "agenda": "/diary/agenda",
    "month": "/diary/month",
    "running-late": "/diary/late/3",
    "off-sick": "/diary/handover/3",
    "patients": "/patients",
    "patients-found": "/patients?q=mar",
    "patients-nobody-found": "/patients?q=nobody",
    "patient": "/patients/231",
    "patient-edit": "/patients/231/edit",
    "patient-new": "/patients/new",
    "requests": "/diary/requests",
    "messages-to-patients": "/admin/messages",
    "reminders": "/admin/messages/reminders",
    "reminders-by-e-mail": "/admin/messages/reminders/clinic/email",
    "reminders-by-text": "/admin/messages/reminders/1/text",
    "users": "/admin/users",
    "users-nobody-found": "/admin/users?q=nobody",
    "users-nobody-left": "/admin/users?show=non-current",
    "user": "/admin/users/3",
    "user-sessions": "/admin/users/3/sessions",
    "user-new": "/admin/users/new",
    "reissue-password": "/admin/users/3/logins/password",
    "reissue-pin": "/admin/users/3/logins/pin",
    "web-booking": "/admin/web-booking",
    "web-booking-take-offline": "/admin/web-booking/offline",
    "web-booking-settings": "/admin/web-booking/settings",
    "audit": "/admin/audit",
    "audit-nothing-found": "/admin/audit?address=nowhere",
    "clinic-hours": "/admin/clinic/hours",
    "clinic-hours-of-one": "/admin/clinic/hours/4",
    "clinic-hours-day": "/admin/clinic/hours/4/days/new",
    "clinic-leave-new": "/admin/clinic/hours/4/leave/new",
    "clinic-leave-in-the-way": "/admin/clinic/hours/4/leave/2",
    "clinic-holidays": "/admin/clinic/holidays",
    "clinic-types": "/admin/clinic/types",
    "clinic-type": "/admin/clinic/types/1",
    "clinic-locations": "/admin/clinic/locations",
    "clinic-rooms": "/admin/clinic/rooms",
    "clinic-room": "/admin/clinic/rooms/1",
    "account": "/account",
    "confirm": "/confirm",
    "passkeys-none": "/account/passkeys",
    "authenticator-none": "/account/authenticator",
    "recovery-codes-none": "/account/recovery-codes",
    "user-factors": "/admin/users/3/factors",
    "tray-empty": "/tray",
}
PRACTITIONER = {
    "day-practitioner": "/diary",
    "agenda-practitioner": "/diary/agenda",
    "new-pin": "/account/new-pin",
    "account-practitioner": "/account",
    "not-for-you": "/admin/users",
}
PHONE = {
    "phone-today": "/m",
    "phone-days": "/m/days",
    "phone-empty-day": "/m/day/2030-01-06",
    "phone-late-or-sick": "/diary/plans/3/2026-11-23",
    "phone-account": "/account",
    "phone-passkeys": "/account/passkeys",
}
EXTREMES = {
    "day-of-8-columns": "/diary",
    "day-of-overlaps": f"/diary/day/{OVERLAPS}",
    "day-empty": f"/diary/day/{OVERLAPS + timedelta(days=1)}",
    "week-full": "/diary/week",
    "agenda-full": "/diary/agenda",
}


@contextmanager
def stopped(folder: Path, command: str) -> Iterator[Server]:
    """The application at that Monday, with the tray for its messages."""
    with serving(folder, DEVELOPMENT, command, at=AT) as server:
        yield server


@dataclass(frozen=True, slots=True)
class Tour:
    """Leads through the pages and stops to ``look`` at each; ``kind`` is the device for all but the phone's pages."""

    devices: Devices
    look: Look
    kind: str = "desktop"

    async def of_an_empty_installation(self, server: Server) -> None:
        """From the set-up link to the first pages, which have nothing to show yet."""
        page = await self.devices.open(self.kind, setup_link(server))
        await self.look(page, "set-up")
        await self._press(page, "Set up")
        await page.locator("[aria-invalid=true]").first.wait_for()
        await self.look(page, "set-up-faults")
        page = await set_up(self.devices, setup_link(server), kind=self.kind)
        await self.pages(
            page,
            {
                "first-day": "/diary",
                "first-web-booking": "/admin/web-booking",
                "messages-none": "/admin/messages",
            },
        )

    async def of_the_demo(self, server: Server) -> None:
        """A clinic at work: what a stranger, each role and a phone see of it."""
        path = server.log_file.parent / "var" / "demo-credentials.json"
        logins = {entry["role"]: entry for entry in reversed(json.loads(path.read_text()))}
        stranger = await self.devices.open(self.kind, "/login")
        await self.pages(stranger, STRANGER)
        await stranger.goto("/login")
        await LogIn(stranger).with_password("nobody@riverside-physio.example", "a wrong password")
        await LogIn(stranger).says("That didn't work.")
        await self.look(stranger, "log-in-failed")

        administrator = await self._logged_in(logins["administrator"])
        await self.pages(administrator, ADMINISTRATOR)
        await self._appointment(administrator)
        await Refusals(administrator, self.look).all()
        await self._faults(administrator)
        practitioner = await self._logged_in(logins["practitioner"])
        await self.pages(practitioner, PRACTITIONER)
        await self._second_step(practitioner, logins["practitioner"])
        await self._lock(practitioner)
        phone = await self.devices.open("phone", "/")
        await self.look(phone, "phone-log-in")
        await LogIn(phone).with_pin(logins["practitioner"]["phone"], "918273")
        await LogIn(phone).shows("/m/code")
        await self.look(phone, "phone-code")
        await phone.goto("/m")
        await LogIn(phone).with_pin(logins["practitioner"]["phone"], logins["practitioner"]["pin"])
        await LogIn(phone).shows("/m/today")
        await self.look(phone, "phone-not-vouched-for")
        await administrator.goto("/admin/users/3")
        await self.look(administrator, "user-with-a-new-phone")
        await administrator.get_by_role("button", name="It is theirs: show names").click()
        await phone.reload()
        await self.pages(phone, PHONE)
        await phone.goto("/m")
        await phone.get_by_role("link", name="Open", exact=True).click()
        await phone.wait_for_url("**/appointments/*")
        await self.look(phone, "phone-appointment")
        whose = logins["practitioner"]
        tray = await self.devices.open(self.kind, "/tray")
        await Forgotten(stranger, tray, self.look).all(email=whose["email"], phone=whose["phone"])
        await self._wizard(administrator)
        await self._messages(administrator)
        await self._offline(administrator)

    async def of_extremes(self, _server: Server) -> None:
        """The diary as full as it gets, and as empty."""
        sam = await self._logged_in({"email": "sam@riverside.example", "password": PASSWORD})
        await self.pages(sam, EXTREMES)
        dana = await self._logged_in({"email": "dana@riverside.example", "password": PASSWORD})
        await self.pages(dana, {"day-of-3-columns": "/diary"})

    async def pages(self, page: Page, addresses: dict[str, str]) -> None:
        """One address after the other."""
        for name, address in addresses.items():
            await page.goto(address)
            await self.look(page, name)

    async def _logged_in(self, login: dict[str, str]) -> Page:
        page = await self.devices.open(self.kind, "/login")
        await LogIn(page).with_password(login["email"], login["password"])
        await Diary(page).shows("/diary/day/.*")
        return page

    async def _second_step(self, page: Page, login: dict[str, str]) -> None:
        await page.goto("/account/authenticator")
        await self._press(page, "Set up")
        key = page.locator("#authenticator-key")
        await key.wait_for()
        await self.look(page, "authenticator")
        code = pyotp.TOTP((await key.inner_text()).replace(" ", "")).at(AT)
        await page.get_by_label("Code", exact=True).fill(code)
        await self._press(page, "Use this app")
        await page.locator(".recovery-codes").wait_for()
        await self.look(page, "recovery-codes")
        again = await self.devices.open(self.kind, "/login")
        await LogIn(again).with_password(login["email"], login["password"])
        await LogIn(again).shows("/login/factor")
        await self.look(again, "second-step")

    async def _appointment(self, page: Page) -> None:
        await page.goto("/diary")
        link = page.locator(".diary-blocks a[href]").first
        await link.click()
        await Diary(page).opened().wait_for()
        await self.look(page, "appointment")
        await page.goto(str(await link.get_attribute("href")))
        await self.look(page, "appointment-page")

    async def _faults(self, page: Page) -> None:
        record = UserRecord(page)
        await record.open_new(TOO_LONG)
        await page.get_by_label("E-mail").fill("nora")
        await page.get_by_label("Mobile number").fill("0791")
        await self._press(page, "Create")
        await page.locator("[aria-invalid=true]").first.wait_for()
        await self.look(page, "user-new-faults")
        await page.goto("/admin/web-booking/settings")
        await page.get_by_label("URL for Daybook Online").fill("diary.riverside-physio.example")
        await page.get_by_label("Clinic name").fill("")
        await self._press(page, "Save")
        await page.locator("[aria-invalid=true]").first.wait_for()
        await self.look(page, "web-booking-settings-faults")

    async def _wizard(self, page: Page) -> None:
        email, mobile = NEWCOMER
        await UserRecord(page).open_new("Nora Castellanos-Featherstonehaugh")
        wizard = await UserRecord(page).create()
        await self.look(page, "wizard-logins")
        await wizard.choose()
        await wizard.says("Tick at least one")
        await self.look(page, "wizard-logins-fault")
        await wizard.choose("Online", "Mobile")
        await wizard.stands_at("email")
        await self.look(page, "wizard-email")
        await wizard.give_email(email)
        await wizard.stands_at("mobile")
        await self.look(page, "wizard-mobile")
        await wizard.give_mobile("0161 496 0001")
        await page.locator("[aria-invalid=true]").wait_for()
        await self.look(page, "wizard-mobile-fault")
        await wizard.give_mobile(mobile)
        await wizard.stands_at("check")
        await self.look(page, "wizard-check")
        await wizard.create_logins()
        await self._delivery(page, wizard)

    async def _lock(self, page: Page) -> None:
        """The lock screen of a tablet that several people use."""
        await page.goto("/account")
        await page.get_by_label("Several people use this tablet").check()
        await page.locator("#shared-tablet").get_by_role("button", name="Save").click()
        await LogIn(page).says("This tablet locks when nobody uses it.")
        await self.look(page, "account-shared-tablet")
        await page.locator("form[action='/lock/now']").evaluate("form => form.requestSubmit()")
        await LogIn(page).shows("/lock")
        await self.look(page, "lock")

    async def _delivery(self, page: Page, wizard: Wizard) -> None:
        for login in ("Online", "Mobile"):
            await wizard.delivery(login).get_by_role("button", name="Send again").wait_for()
        await self.look(page, "wizard-delivery")
        tray = await self.devices.open(self.kind, "/tray")
        await self.look(tray, "tray")
        password = await Tray(tray).mail(NEWCOMER[0]).locator(".secret").inner_text()
        newcomer = await self._logged_in({"email": NEWCOMER[0], "password": password})
        await self.look(newcomer, "day-with-a-sent-password")
        await wizard.says("logged in")
        await self.look(page, "wizard-logged-in")
        await wizard.press("Done")
        await wizard.says("Online access is set up.")
        await self.look(page, "user-with-logins")

    async def _messages(self, page: Page) -> None:
        await page.get_by_role("link", name="Reissue…").last.click()
        await self.look(page, "login")
        await self._press(page, "Show a new PIN")
        await page.locator(".slip").wait_for()
        await self.look(page, "slip")
        await page.goto("/admin/messages")
        await page.get_by_role("button", name="Send a test").first.click()
        await WebBooking(page).says("Your test to")
        await self.look(page, "messages")
        await page.locator("#messages tbody a").first.click()
        await page.locator("#message").wait_for()
        await self.look(page, "message")

    async def _offline(self, page: Page) -> None:
        await page.goto("/admin/web-booking")
        await self._press(page, "Check that it loads")
        await WebBooking(page).says("The address loads")
        await self.look(page, "web-booking-checked")
        await page.get_by_role("link", name="Take offline…").click()
        await page.get_by_role("dialog").wait_for()
        await self.look(page, "web-booking-dialog")
        await page.get_by_role("dialog").get_by_role("button", name="Take offline").click()
        await WebBooking(page).says("Put online")
        await self.look(page, "web-booking-offline")
        await self.look(await self.devices.open("phone", "/login"), "portal-offline")

    async def _press(self, page: Page, button: str) -> None:
        await page.get_by_role("main").get_by_role("button", name=re.compile(button)).click()
