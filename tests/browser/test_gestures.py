"""Dragging in the diary, with a mouse and with a finger: what is moved, stretched, drawn, refused and undone."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Riverside, book_at
from tests.browser.hands import Finger, Hand, hand_on
from tests.browser.pages import Diary, LogIn
from tests.support.browser import Devices
from tests.support.people import PASSWORD

ANNA, BEN = "Anna Marsh", "Ben Osei"


async def opened(devices: Devices, riverside: Riverside, kind: str, **options: Any) -> Page:
    """Sam's diary of tomorrow, when Amelia comes to Anna at nine and at noon."""
    await book_at(riverside, 9)
    await book_at(riverside, 12)
    tomorrow = riverside.today + timedelta(days=1)
    page = await devices.open(kind, f"/login?next=/diary/day/{tomorrow}", **options)
    await LogIn(page).with_password(riverside.sam.email, PASSWORD)
    await Diary(page).shows(f"/diary/day/{tomorrow}")
    return page


@pytest.mark.parametrize("kind", ["desktop", "tablet"])
async def test_what_is_dragged_lands_where_it_was_shown(
    devices: Devices, riverside: Riverside, kind: str
) -> None:
    page = await opened(devices, riverside, kind)
    hand = await hand_on(page, kind)
    await page.evaluate("window.stayed = true")
    await move_and_stretch(page, hand)
    await think_better_of_it(page, hand)
    await draw_a_block(page, hand)
    await meet_somebody(page, hand)
    assert await page.evaluate("window.stayed"), "the diary was loaded anew"


async def move_and_stretch(page: Page, hand: Hand) -> None:
    """Amelia comes later, then to Ben, then for longer, which is undone."""
    diary, ghost = Diary(page), page.locator(".ghost")
    await hand.lift(await diary.place(ANNA, "09:10"))
    await hand.carry(await diary.place(ANNA, "10:21"))
    await expect(ghost).to_have_text(re.compile("10:10 – 10:40 *Amelia Hart"))
    await hand.drop()
    await expect(diary.block(ANNA, "10:10 to 10:40, Amelia Hart")).to_be_visible()
    await expect(page.get_by_text("Moved to 10:10.")).to_be_visible()
    await expect(ghost).to_have_count(0)

    await hand.lift(await diary.place(ANNA, "10:20"))
    await hand.carry(await diary.place(BEN, "11:10"))
    await hand.drop()
    await expect(diary.block(BEN, "11:00 to 11:30, Amelia Hart")).to_be_visible()

    await hand.take_edge(BEN, "11:15", "11:30")
    await hand.carry(await diary.place(BEN, "12:00"))
    await expect(ghost).to_have_text(re.compile("11:00 – 12:00 *Amelia Hart"))
    await hand.drop()
    await expect(diary.block(BEN, "11:00 to 12:00, Amelia Hart")).to_be_visible()
    await page.get_by_role("button", name="Undo").last.click()
    await expect(diary.block(BEN, "11:00 to 11:30, Amelia Hart")).to_be_visible()


async def think_better_of_it(page: Page, hand: Hand) -> None:
    """Escape leaves everything as it was, and the drag is no click."""
    diary = Diary(page)
    await hand.lift(await diary.place(BEN, "11:15"))
    await hand.carry(await diary.place(BEN, "13:00"))
    await page.keyboard.press("Escape")
    await expect(page.locator(".ghost")).to_have_count(0)
    await hand.drop()
    await expect(diary.block(BEN, "11:00 to 11:30, Amelia Hart")).to_be_visible()
    await expect(diary.opened()).to_have_count(0)


async def draw_a_block(page: Page, hand: Hand) -> None:
    """Over empty time: the form has the times that were drawn."""
    diary, form = Diary(page), Diary(page).opened()
    await hand.lift(await diary.place(ANNA, "13:05"))
    await hand.carry(await diary.place(ANNA, "13:46"))
    await hand.drop()
    await expect(form.get_by_label("Time", exact=True)).to_have_value("13:00")
    await expect(form.get_by_label("Until", exact=True)).to_have_value("13:45")
    await form.get_by_label("Title").fill("Lunch")
    await form.get_by_role("button", name="Block this time").click()
    await expect(diary.block(ANNA, "13:00 to 13:45, Lunch")).to_be_visible()


async def meet_somebody(page: Page, hand: Hand) -> None:
    """Lunch over Amelia at noon is refused: it lies where it was, and the form offers what is free."""
    diary, form = Diary(page), Diary(page).opened()
    await hand.lift(await diary.place(ANNA, "13:15"))
    await hand.carry(await diary.place(ANNA, "12:15"))
    await hand.drop()
    await expect(form).to_contain_text("There is already an appointment at that time.")
    await expect(form.get_by_label("Time", exact=True)).to_have_value("12:00")
    await expect(form.get_by_label("Until", exact=True)).to_have_value("12:45")
    await expect(diary.block(ANNA, "13:00 to 13:45, Lunch")).to_be_attached()
    await expect(page.locator(".ghost")).to_have_count(0)
    await form.get_by_role("button", name="12:30").click()
    await diary.block(ANNA, "12:30 to 13:15, Lunch").click()
    await expect(form).to_contain_text("12:30 – 13:15")


async def test_nobody_is_disturbed_while_dragging_through_a_week(
    devices: Devices, riverside: Riverside
) -> None:
    page = await opened(devices, riverside, "desktop", viewport={"width": 1440, "height": 500})
    diary, hand, ghost = Diary(page), await hand_on(page, "desktop"), page.locator(".ghost")
    other_page = await devices.open(
        "desktop", urlsplit(page.url).path, storage_state=await page.context.storage_state()
    )
    tomorrow = riverside.today + timedelta(days=1)
    here, there = name_of(tomorrow), name_of(tomorrow + timedelta(days=-1 if tomorrow.weekday() == 6 else 1))
    await page.goto(f"/diary/week/{tomorrow}?practitioner={riverside.anna.id}")

    # The page has scrolled to now, which may be any time of the day.
    await diary.block(here, "09:00 to 09:30").evaluate("block => block.scrollIntoView({block: 'center'})")
    await hand.lift(await diary.place(here, "09:10"))
    await hand.carry(await diary.place(here, "10:10"))
    await book_at(riverside, 15)
    await expect(Diary(other_page).block(ANNA, "15:00 to 15:30, Amelia Hart")).to_be_visible()
    await hand.carry(await diary.place(here, "10:40"))
    await expect(ghost).to_have_text(re.compile("10:30 – 11:00 *Amelia Hart"))
    await expect(diary.block(here, "15:00 to 15:30")).to_have_count(0)
    await hand.carry((5, 5))
    await expect(ghost).to_be_hidden()
    await hand.drop()
    await expect(diary.block(here, "15:00 to 15:30, Amelia Hart")).to_be_visible()
    await expect(diary.block(here, "09:00 to 09:30, Amelia Hart")).to_be_visible()
    await expect(diary.opened()).to_have_count(0)

    x, y = await diary.place(there, "09:10")
    await hand.lift(await diary.place(here, "09:10"))
    await hand.carry((x, y), (x, 490))
    await expect(page.locator(".diary-gutter").get_by_text("17:00")).to_be_in_viewport()
    await hand.carry((x, 300))
    await hand.carry(await diary.place(there, "15:10"))
    await expect(ghost).to_have_text(re.compile("15:00 – 15:30"))
    await hand.drop()
    await expect(diary.block(there, "15:00 to 15:30, Amelia Hart")).to_be_visible()


async def test_on_a_phone_a_drag_scrolls_and_the_form_moves(devices: Devices, riverside: Riverside) -> None:
    for hour in (8, 10, 11):
        await book_at(riverside, hour)
    page = await opened(devices, riverside, "tablet", viewport={"width": 360, "height": 480})
    diary, hand = Diary(page), await hand_on(page, "tablet")
    assert isinstance(hand, Finger)
    below = page.get_by_role("region", name=BEN).get_by_text("No appointments")
    await expect(below).not_to_be_in_viewport()
    await hand.touch((180, 370))
    await hand.carry((180, 270), (180, 130))
    await hand.drop()
    await expect(below).to_be_in_viewport()
    await expect(page.locator(".ghost")).to_have_count(0)
    await diary.block(ANNA, "12:00 to 12:30, Amelia Hart").tap()
    await diary.opened().get_by_role("link", name="Change").tap()
    await diary.opened().get_by_label("Time", exact=True).fill("14:10")
    await diary.opened().get_by_role("button", name="Save").last.tap()
    await expect(diary.block(ANNA, "14:10 to 14:40, Amelia Hart")).to_be_visible()


def name_of(day: date) -> str:
    """A week's column."""
    return f"{day:%a %-d %b}"
