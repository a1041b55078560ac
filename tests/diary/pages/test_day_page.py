"""The day as each role's browser gets it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.accounts.tables import Credential, CredentialKind, User
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.clock import now
from app.diary.tables import Appointment, Status
from tests.diary.conftest import OpenAs, Staff, allow
from tests.support.client import PARTIAL, Client
from tests.support.clock import FrozenClock

PAGE = "/diary/day/2026-11-23"


async def test_the_diary_leads_to_todays_page(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    assert (await anna.page("/diary")).location == PAGE


async def test_a_phone_is_led_to_its_own_diary(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna, phone=True)
    assert (await anna.page("/diary")).location == "/m/today"


@pytest.mark.usefixtures("amelia_at_nine")
async def test_front_desk_gets_a_column_for_each_practitioner(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.dana)).page(PAGE)
    assert answer.status == 200
    assert answer["h1"].text == "Mon 23 November"
    assert [column.text for column in answer.all(".diary-head h2")] == ["Anna Marsh", "Ben Osei"]
    assert [note.text for note in answer.all(".diary-note")] == ["1 today", ""]


async def test_a_block_says_its_place_type_and_status(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    answer = await (await open_as(staff.anna)).page(PAGE)
    block = answer[".diary-blocks li"]
    assert block.get("class") == "block fill-2 from-h9 to-h9 to-m30"
    assert block.get("data-status") == "booked"
    assert block.text == "09:00 [N] Amelia Hart Follow-up"
    link = block["a"]
    assert link.get("href") == link.get("hx-get") == f"/diary/appointments/{amelia_at_nine}"
    assert link.get("aria-label") == "09:00 to 09:30, Amelia Hart, new patient, Follow-up, booked"
    assert block["svg use"].get("href").endswith("#booked")


@pytest.mark.usefixtures("amelia_at_nine")
async def test_a_colleague_who_may_know_only_when_gets_no_name_and_no_link(
    staff: Staff, open_as: OpenAs
) -> None:
    await allow(ColleagueAccess.FREE_BUSY)
    answer = await (await open_as(staff.ben)).page(PAGE)
    assert answer[".diary-blocks li"].text == "09:00 busy"
    assert "href" not in answer[".diary-blocks li a"].attributes
    assert "Amelia" not in answer.response.text


async def test_the_page_says_what_the_now_line_needs(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna)).page(PAGE)
    assert answer["#diary"].get("data-zone") == "Europe/London"
    assert answer["#diary"].get("class") == "diary opens-h8 closes-h18"
    assert {column.get("data-day") for column in answer.all(".diary-column")} == {"2026-11-23"}


async def test_turning_works_by_links_and_swaps_the_same_part(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    page = await anna.page(PAGE)
    assert page["#previous-day"].get("href") == "/diary/day/2026-11-22"
    assert page["#today"].get("href") == PAGE
    following = page["#next-day"]
    assert following.get("href") == following.get("hx-get") == "/diary/day/2026-11-24"
    part = await anna.partial(following.get("hx-get"))
    assert part["h1"].text == "Tue 24 November"
    assert part["title"].children == ["Tue 24 November · Riverside Physio"]
    assert "#diary-page" in part
    assert "html" not in part
    assert ".rail" not in part


async def test_history_gets_the_whole_page(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    restored = {**PARTIAL, "HX-Request-Type": "full", "HX-History-Restore-Request": "true"}
    assert "html" in await anna.page(PAGE, headers=restored)


async def test_the_date_picker_leads_to_the_date(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    picked = await (await anna.page(PAGE)).submit(".calendar form", date="2027-02-01")
    assert (picked.status, picked.location) == (303, "/diary/day/2027-02-01")
    assert (
        await anna.page("/diary/day?date=//elsewhere.example")
    ).location == "/diary/day/%2F%2Felsewhere.example"
    assert (await anna.page("/diary/agenda")).location == "/diary/agenda/2026-11-23"


@pytest.mark.parametrize("page", ["/diary/day/", "/diary/agenda/", "/m/day/"])
async def test_a_day_that_does_not_exist_is_said_so_with_a_way_to_today(
    page: str, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    answer = await anna.page(f"{page}2026-02-31")
    assert answer.status == 404
    assert "There is no 31 February 2026." in answer.text
    assert answer["main a"].get("href") == "/diary"
    assert (await anna.page(f"{page}tomorrow")).status == 404


async def test_a_swap_to_a_day_that_does_not_exist_goes_to_the_notices(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna)).partial("/diary/day/2026-02-31")
    assert (answer.status, answer.headers["hx-retarget"]) == (404, "#notices")
    assert "There is no 31 February 2026." in answer.text


async def test_strangers_are_led_to_the_log_in(clinic: ClinicSettings, client: Client) -> None:
    for page in (PAGE, "/diary", "/diary/agenda/2026-11-23", "/diary/appointments/1"):
        answer = await client.page(page)
        assert answer.status == 303
        assert answer.location.startswith("/login")
    assert (await client.page("/m/today")).location.startswith("/m")


async def test_nothing_of_a_patients_day_is_kept_by_the_browser(staff: Staff, open_as: OpenAs) -> None:
    answer = await (await open_as(staff.anna)).page(PAGE)
    assert answer.headers["cache-control"] == "no-store"


async def test_a_temporary_password_brings_the_panel_for_ones_own(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    assert "own-password-title" not in (await anna.page(PAGE)).response.text
    await Credential.insert(
        Credential(
            user=staff.anna.user, kind=CredentialKind.PASSWORD, secret_hash="x", pepper="1", issued_at=now()
        )
    )
    assert "Choose a password of your own" in (await anna.page(PAGE)).text


async def test_a_clinic_without_practitioners_says_the_next_step(
    staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    await User.update({User.practitioner: False}, force=True)
    administrators = await (await open_as(staff.sam)).page(PAGE)
    assert "No practitioners yet" in administrators.text
    assert administrators["main .empty a"].get("href") == "/admin/users/new"
    assert (
        "An administrator of your clinic can add them." in (await (await open_as(staff.dana)).page(PAGE)).text
    )


async def test_what_may_be_dragged_says_its_version(
    amelia_at_nine: int, staff: Staff, open_as: OpenAs
) -> None:
    anna, ben = await open_as(staff.anna), await open_as(staff.ben)
    page = await anna.page(PAGE)
    assert page["[data-kept] .block"].get("data-version") == "1"
    assert [column["h2"].text for column in page.all("[data-kept]")] == ["Anna Marsh"]
    assert "[data-kept] .block" not in await ben.page(PAGE)
    await Appointment.update({Appointment.status: Status.COMPLETED}).where(Appointment.id == amelia_at_nine)
    assert ".block[data-version]" not in await anna.page(PAGE)
    await Appointment.update(
        {Appointment.status: Status.BOOKED, Appointment.ends_at: datetime(2026, 11, 24, 8, tzinfo=UTC)}
    ).where(Appointment.id == amelia_at_nine)
    assert ".block[data-version]" not in await anna.page(PAGE)
