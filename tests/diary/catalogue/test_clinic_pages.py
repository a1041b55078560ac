"""Admin › Clinic: types of appointment, locations and rooms, as administrators keep them."""

from __future__ import annotations

import pytest

from app.db import rows
from app.diary.catalogue.types import TYPES, add_type, colour_words
from tests.diary.conftest import Clinicians, OpenAs, Staff
from tests.diary.steps import audited
from tests.support.client import Answer, Client

TYPES_PAGE = "/admin/clinic/types"


@pytest.fixture
async def sam(staff: Staff, open_as: OpenAs) -> Client:
    """The administrator's browser."""
    return await open_as(staff.sam)


def errors(answer: Answer) -> dict[str, str]:
    return {
        e.get("id").removeprefix("field-").removesuffix("-error"): e.text for e in answer.all(".field-error")
    }


def listed(answer: Answer) -> list[str]:
    return [row.text for row in answer.all("#catalogue th a")]


async def test_clinic_is_an_administrator_s_and_begins_with_types(
    sam: Client, staff: Staff, open_as: OpenAs
) -> None:
    entrance = await sam.page("/admin/clinic")
    assert entrance.location == TYPES_PAGE
    page = await entrance.follow()
    assert page[".rail a[aria-current]"].text == "Clinic"
    assert [tab.text for tab in page.all(".tabs a")] == ["Types", "Hours", "Holidays", "Locations", "Rooms"]
    assert "No types of appointment yet" in page.text
    for path in (TYPES_PAGE, "/admin/clinic/rooms/new"):
        assert (await (await open_as(staff.dana)).page(path)).status == 404
        assert (await (await open_as(staff.sam, phone=True)).page(path)).status == 404


async def test_a_type_is_added_with_its_colour_length_and_places(sam: Client) -> None:
    form = await sam.page(f"{TYPES_PAGE}/new")
    assert [choice.text for choice in form.all(".swatch-choice")] == list(colour_words().values())
    answer = await form.submit(name="Pilates class", colour="8", minutes="50", capacity="6")
    assert (answer.status, answer.location) == (303, TYPES_PAGE)
    page = await answer.follow()
    assert (listed(page), page["#notices p"].text) == (["Pilates class"], "It is added.")
    assert "class of 6" in page["#catalogue tbody"].text
    assert ".swatch.fill-8" in page
    (kind,) = await TYPES.items()
    assert (kind.colour, kind.minutes, kind.capacity) == (8, 50, 6)
    assert await audited("type.%") == [("type.created", "")]
    assert (await sam.page(f"{TYPES_PAGE}/new"))["[name=colour][checked]"].get("value") == "1"


async def test_a_type_s_form_that_is_sent_twice_adds_one(sam: Client) -> None:
    form = await sam.page(f"{TYPES_PAGE}/new")
    assert [(await form.submit(name="Follow-up")).status for _ in range(2)] == [303, 303]
    assert len(await TYPES.items()) == 1


async def test_what_is_wrong_with_a_type_is_said_next_to_each_field(kit: Clinicians, sam: Client) -> None:
    form = await sam.page(f"{TYPES_PAGE}/new")
    wrong = await form.submit(partial=True, name="", colour="11", minutes="7", capacity="0")
    assert wrong.status == 422
    assert errors(wrong) == {
        "name": "Please fill this in.",
        "colour": "Use 10 or less.",
        "minutes": "Use a multiple of 5.",
        "capacity": "Use 1 or more.",
    }
    taken = await form.submit(name="follow-UP")
    assert (taken.status, errors(taken)) == (409, {"name": "There is one of this name already."})
    assert len(await TYPES.items()) == 2


async def test_a_stale_type_shows_both_versions_and_keeps_what_was_typed(
    kit: Clinicians, sam: Client
) -> None:
    stale = await sam.page(f"{TYPES_PAGE}/{kit.massage}")
    await (await sam.page(f"{TYPES_PAGE}/{kit.massage}")).submit("#item-form", minutes="45", colour="7")
    refused = await stale.submit("#item-form", name="Deep massage")
    assert refused.status == 409
    assert errors(refused) == {
        "name": "Now stored: Sports massage",
        "minutes": "Now stored: 45",
        "colour": "Now stored: Yellow",
    }
    assert refused["[name=name]"].get("value") == "Deep massage"
    assert (await refused.submit("#item-form", minutes="45")).status == 303
    changed = await TYPES.load(kit.massage)
    assert (changed.name, changed.minutes, changed.colour, changed.version) == ("Deep massage", 45, 3, 3)


async def test_types_are_put_in_the_order_in_which_they_are_offered(
    kit: Clinicians, sam: Client, staff: Staff
) -> None:
    await add_type("Osteopathy", colour=6, minutes=40)
    page = await sam.page(TYPES_PAGE)
    moved = await page.submit(
        f"[action='{TYPES_PAGE}/{kit.follow_up}/place']", button=f"#down-{kit.follow_up}"
    )
    assert listed(await moved.follow()) == ["Sports massage", "Follow-up", "Osteopathy"]
    again = await page.submit(
        f"[action='{TYPES_PAGE}/{kit.follow_up}/place']", button=f"#down-{kit.follow_up}", partial=True
    )
    assert listed(again) == ["Sports massage", "Follow-up", "Osteopathy"]
    form = await sam.page(f"/diary/book?practitioner={staff.anna.user}&at=2026-11-23T10:00")
    assert [option.text.split(" · ")[0] for option in form.all("#field-type option")] == listed(again)


async def test_diaries_are_drawn_anew_when_a_type_changes_its_looks(kit: Clinicians, sam: Client) -> None:
    async def count() -> int:
        return int((await rows("SELECT version FROM diary_setup"))[0]["version"])

    for typed in ({"name": "Massage"}, {"colour": "9"}, {"capacity": "4"}):
        before = await count()
        await (await sam.page(f"{TYPES_PAGE}/{kit.massage}")).submit("#item-form", **typed)
        assert await count() == before + 1


async def test_rooms_stand_at_locations(sam: Client) -> None:
    lonely = await sam.page("/admin/clinic/rooms/new")
    assert "A room is at a location, and there is none yet." in lonely.text
    for name in ("High Street", "Wharf Street"):
        form = await sam.page("/admin/clinic/locations/new")
        await form.submit(name=name, address="1 Long Lane")
    form = await sam.page("/admin/clinic/rooms/new")
    wharf = form.all("#field-location option")[1].get("value")
    page = await (await form.submit(name="Gym", location=wharf, shared="true")).follow()
    assert page["#catalogue h2"].text == "Wharf Street"
    assert "several appointments at a time" in page["#catalogue td[data-label=Takes]"].text
    assert await audited("%.created") == [
        *([("user.created", "")] * 4),
        *([("location.created", "")] * 2),
        ("room.created", ""),
    ]
