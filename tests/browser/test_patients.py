"""Patients in a real browser: found as one types, read on, opened, changed, and without a mouse."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from app.diary.patients.patients import NewPatient, add_patients
from app.diary.patients.search import LISTED
from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD


async def patients_page(devices: Devices, riverside: Riverside) -> Page:
    """Anna's desktop, Patients open."""
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    await page.get_by_role("link", name="Patients").click()
    await expect(page.get_by_role("heading", name="Patients", level=1)).to_be_visible()
    return page


async def test_the_list_goes_on_and_narrows_as_one_types_and_back_leads_back_to_it(
    devices: Devices, riverside: Riverside
) -> None:
    await add_patients([NewPatient(f"Ann Bell {number:03}") for number in range(LISTED + 5)])
    await add_patients([NewPatient("Zoë Hart")])
    page = await patients_page(devices, riverside)
    rows = page.locator("tbody tr")
    await page.get_by_role("link", name="Show more").press("Enter")
    await expect(rows).to_have_count(LISTED + 7)
    await expect(page.get_by_role("link", name=f"Ann Bell {LISTED - 1:03}")).to_be_focused()

    await page.get_by_label("Search patients").press_sequentially("zoe h")
    await expect(rows).to_have_count(1)
    await expect(page).to_have_url(re.compile(r"q=zoe"))
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Zoë Hart")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_label("Search patients")).to_have_value("zoe h")
    await expect(rows).to_have_count(1)


async def test_a_record_is_made_after_a_question_and_corrected(
    devices: Devices, riverside: Riverside
) -> None:
    page = await patients_page(devices, riverside)
    await page.get_by_role("link", name="New patient").click()
    await page.get_by_label("Name", exact=True).fill("amelia hart")
    await page.get_by_label("Date of birth").fill("31/5/198")
    await page.get_by_role("button", name="Add patient").click()
    await expect(page.get_by_label("Date of birth")).to_be_focused()
    await page.get_by_label("Date of birth").fill("3 May 1980")
    await page.get_by_label("Date of birth").press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("There is somebody of this name already.")
    await page.get_by_label("Date of birth").press("Enter")  # insists on nothing
    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_role("button", name="Add anyway").click()
    await expect(page.get_by_role("heading", name="amelia hart")).to_be_visible()
    await page.get_by_role("link", name="Edit").click()
    await page.get_by_label("Alert").fill("Latex allergy")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator("main .banner.warning")).to_have_text("Latex allergy")
