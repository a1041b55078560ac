"""Columns as one likes them: whose, in what order, and with cancelled appointments or without."""

from __future__ import annotations

import pytest

from app.diary.pages.preferences import Preference, prefer, preference_of
from app.diary.tables import Appointment, Status
from tests.diary.conftest import OpenAs, Staff
from tests.support.client import Answer

DAY = "/diary/day/2026-11-23"
FORM = f"/diary/preferences?back={DAY}"


def columns(page: Answer) -> list[str]:
    return [head.text for head in page.all(".diary-head h2")]


async def test_a_hidden_column_stays_hidden_until_it_is_shown_again(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    form = await dana.page(FORM)
    saved = await form.submit("#preferences", **{f"show-{staff.anna.user}": None})
    assert (saved.status, saved.location) == (303, DAY)
    assert columns(await dana.page(DAY)) == ["Ben Osei"]
    assert columns(await (await open_as(staff.sam)).page(DAY)) == ["Anna Marsh", "Ben Osei"]
    form = await dana.page(FORM)
    await form.submit("#preferences", **{f"show-{staff.anna.user}": "on"})
    assert columns(await dana.page(DAY)) == ["Anna Marsh", "Ben Osei"]


async def test_a_column_moves_and_the_form_stays(staff: Staff, open_as: OpenAs) -> None:
    dana = await open_as(staff.dana)
    form = await dana.page(FORM)
    again = await form.submit("#preferences", button=f"#up-{staff.ben.user}")
    assert [label.text for label in again.all(".preference-list label")] == ["Ben Osei", "Anna Marsh"]
    assert again[f"#up-{staff.ben.user}"].has("disabled")
    assert columns(await dana.page(DAY)) == ["Ben Osei", "Anna Marsh"]
    part = await again.submit("#preferences", button=f"#down-{staff.ben.user}", partial=True)
    assert "#preferences" in part
    assert "dialog" not in part
    assert columns(await dana.page(DAY)) == ["Anna Marsh", "Ben Osei"]


async def test_over_the_diary_the_form_is_a_dialog(staff: Staff, open_as: OpenAs) -> None:
    part = await (await open_as(staff.dana)).partial(FORM)
    assert part["dialog form input[name=back]"].get("value") == DAY


async def test_everybody_hidden_shows_everybody(staff: Staff, open_as: OpenAs) -> None:
    await prefer(staff.dana.user, Preference(hidden=frozenset({staff.anna.user, staff.ben.user})))
    assert columns(await (await open_as(staff.dana)).page(DAY)) == ["Anna Marsh", "Ben Osei"]


@pytest.mark.parametrize("path", [DAY, "/diary/week/2026-11-23", "/diary/agenda/2026-11-23"])
async def test_cancelled_appointments_are_shown_to_whoever_wants_them(
    path: str, amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    await Appointment.update({Appointment.status: Status.CANCELLED}).where(Appointment.id == amelia_at_nine)
    anna = await open_as(staff.anna)
    assert "Amelia Hart" not in (await anna.page(path)).text
    form = await anna.page(FORM)
    await form.submit("#preferences", show_cancelled="on")
    assert "Amelia Hart" in (await anna.page(path)).text


async def test_keys_can_be_switched_off(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    assert "[data-keys]" in await anna.page(DAY)
    await (await anna.page(FORM)).submit("#preferences", keys=None)
    assert "[data-keys]" not in await anna.page(DAY)
    assert not (await preference_of(staff.anna.user)).keys


async def test_saving_leads_back_to_this_site_only(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    form = await anna.page("/diary/preferences?back=//elsewhere.example")
    assert (await form.submit("#preferences")).location == "/diary"
