"""The diary by single keys, by its calendar, and Back with its scroll."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Riverside
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD


@pytest.fixture
async def page(devices: Devices, riverside: Riverside) -> Page:
    """Anna's desktop, the diary open at today."""
    page = await devices.open("desktop", "/login")
    await LogIn(page).with_password(riverside.anna.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    return page


async def test_single_keys_turn_pages_and_change_views(page: Page, riverside: Riverside) -> None:
    diary, today = Diary(page), riverside.today
    await page.keyboard.press("ArrowRight")
    await diary.shows(f"/diary/day/{today + timedelta(days=1)}")
    for days in (0, -1):
        await page.keyboard.press("ArrowLeft")
        await diary.shows(f"/diary/day/{today + timedelta(days=days)}")
    await page.keyboard.press("t")
    await diary.shows(f"/diary/day/{today}")
    for key, view in (("w", "week"), ("m", "month"), ("a", "agenda"), ("d", "day")):
        await page.keyboard.press(key)
        await diary.shows(f"/diary/{view}/{today}")
    await page.keyboard.press("n")
    await expect(diary.opened()).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(diary.opened()).to_be_hidden()
    await page.keyboard.press("?")
    await expect(page.get_by_role("heading", name="Keys")).to_be_visible()
    await page.keyboard.press("/")
    await diary.shows("/patients")


async def test_every_one_of_quick_presses_counts(page: Page, riverside: Riverside) -> None:
    """Whether they are keys or clicks, and although the links still lead to where the first one does."""
    await page.evaluate(
        """() => {
            const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
            press("ArrowRight");
            press("ArrowRight");
            document.querySelector("#next-day").click();
        }"""
    )
    await Diary(page).shows(f"/diary/day/{riverside.today + timedelta(days=3)}")
    await page.go_back()
    await Diary(page).shows(f"/diary/day/{riverside.today + timedelta(days=2)}")


async def test_keys_that_are_typed_or_held_with_others_do_nothing(page: Page, riverside: Riverside) -> None:
    await page.get_by_label("Go to a date").click()
    await page.get_by_label("Date", exact=True).press("t")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Alt+w")
    await Diary(page).appointment("Amelia Hart").click()
    await expect(Diary(page).opened()).to_be_visible()
    await page.keyboard.press("w")
    await page.keyboard.press("ArrowRight")
    await Diary(page).shows(f"/diary/day/{riverside.today}")


async def test_the_calendar_jumps_within_the_view(page: Page, riverside: Riverside) -> None:
    await page.keyboard.press("w")
    await Diary(page).shows(f"/diary/week/{riverside.today}")
    await page.get_by_label("Go to a date").click()
    first = riverside.today.replace(day=1)
    days = page.locator(".calendar").get_by_role("link", name="1", exact=True)
    await days.first.click()
    await Diary(page).shows(f"/diary/week/{first}")
    await expect(page.locator(".calendar")).to_be_hidden()


async def test_back_finds_the_diary_where_it_was_scrolled(page: Page, riverside: Riverside) -> None:
    await page.set_viewport_size({"width": 1000, "height": 420})
    await page.locator("#diary").evaluate("grid => grid.scrollTo(0, 120)")
    await Diary(page).turn_to("Next day")
    await Diary(page).shows(f"/diary/day/{riverside.today + timedelta(days=1)}")
    await page.go_back()
    await Diary(page).shows(f"/diary/day/{riverside.today}")
    await expect(Diary(page).appointment("Amelia Hart")).to_be_visible()
    assert await page.locator("#diary").evaluate("grid => grid.scrollTop") == 120
