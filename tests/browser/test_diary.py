"""The diary's day: turning its pages, opening what stands in it, with a mouse and without."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Riverside, vouch_for_phones
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD, PIN


@pytest.fixture
async def page(devices: Devices, riverside: Riverside) -> Page:
    """Anna's desktop, the diary open at today."""
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    return page


async def test_days_are_turned_with_the_date_in_the_address_and_back_leads_back(
    page: Page, riverside: Riverside
) -> None:
    diary, today = Diary(page), riverside.today
    await page.evaluate("window.stayed = true")
    await diary.turn_to("Next day")
    await diary.shows(f"/diary/day/{today + timedelta(days=1)}")
    await expect(diary.heading()).to_have_text(f"{today + timedelta(days=1):%a %-d %B}")
    await expect(diary.appointment("Amelia Hart")).to_have_count(0)
    await diary.turn_to("Today")
    await diary.shows(f"/diary/day/{today}")
    await expect(diary.appointment("Amelia Hart")).to_be_visible()
    await diary.turn_to("Previous day")
    await diary.shows(f"/diary/day/{today - timedelta(days=1)}")
    assert await page.evaluate("window.stayed"), "a day was loaded as a page of its own"

    await page.go_back()
    await diary.shows(f"/diary/day/{today}")
    await expect(diary.appointment("Amelia Hart")).to_be_visible()
    await expect(page).to_have_title(f"{await diary.heading().inner_text()} · Riverside Physio")
    await page.reload()
    await expect(diary.appointment("Amelia Hart")).to_be_visible()

    await diary.go_to(today + timedelta(days=40))
    await diary.shows(f"/diary/day/{today + timedelta(days=40)}")


async def test_an_appointment_opens_over_the_diary_and_closes_by_keyboard_alone(page: Page) -> None:
    diary = Diary(page)
    appointment = diary.appointment("Amelia Hart")
    await appointment.focus()
    await page.keyboard.press("Enter")
    await expect(diary.opened()).to_contain_text("Amelia Hart")
    await expect(diary.opened()).to_contain_text("09:00 – 09:30")
    await expect(diary.opened()).to_contain_text("Bring the scan.")
    await page.keyboard.press("Escape")
    await expect(diary.opened()).to_be_hidden()
    await expect(appointment).to_be_focused()

    await appointment.click()
    await diary.opened().get_by_role("button", name="Close").click()
    await expect(diary.opened()).to_be_hidden()


async def test_a_day_that_does_not_exist_leads_on_to_today(page: Page, riverside: Riverside) -> None:
    diary = Diary(page)
    for address in ("/diary/day/2026-02-30", "/diary/agenda/tomorrow"):
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status == 404
        await expect(diary.heading()).to_have_text("No such day")
    await page.get_by_role("link", name="Open today").click()
    await diary.shows(f"/diary/day/{riverside.today}")


async def test_the_agenda_lists_the_same_day(page: Page, riverside: Riverside) -> None:
    await page.get_by_role("navigation", name="View").get_by_role("link", name="Agenda").click()
    await Diary(page).shows(f"/diary/agenda/{riverside.today}")
    await Diary(page).unfold()
    agenda = page.get_by_role("region", name="Anna Marsh")
    await expect(agenda.get_by_role("link", name="Amelia Hart")).to_be_visible()


async def test_a_phone_turns_to_other_days_and_opens_an_appointment(
    devices: Devices, riverside: Riverside
) -> None:
    phone = await devices.open("phone", "/")
    await LogIn(phone).with_pin(riverside.anna.mobile, PIN)
    await Diary(phone).shows("/m/today")
    await vouch_for_phones()
    await phone.get_by_role("link", name="Next days").tap()
    await Diary(phone).shows("/m/days")
    await phone.get_by_role("link", name="No appointments").first.tap()
    await Diary(phone).shows(rf"/m/day/{riverside.today + timedelta(days=1)}")
    await phone.get_by_role("link", name="Previous day").tap()
    await Diary(phone).shows(f"/m/day/{riverside.today}")
    await Diary(phone).unfold()
    await phone.get_by_role("link", name="Amelia Hart").first.tap()
    await Diary(phone).says("Bring the scan.")
    await phone.get_by_role("link", name="Back to the diary").tap()
    await Diary(phone).shows(f"/m/day/{riverside.today}")
