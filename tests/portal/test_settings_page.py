"""Admin › Web Booking › Settings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from app.clinic.settings import stored_settings
from app.db import rows
from app.portal.status import open_portal
from tests.portal.conftest import LogIn
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD

PAGE = "/admin/web-booking/settings"
URL = "https://diary.riverside.example"


async def save(browser: Client, *, partial: bool = False, **typed: Any) -> Answer:
    return await (await browser.page(PAGE)).submit("#settings-form", partial=partial, **typed)


async def audited() -> list[str]:
    """The fields that were changed, by each saving."""
    found = await rows("SELECT details FROM audit_entry WHERE action = 'clinic.changed' ORDER BY id")
    return [json.loads(row["details"])["fields"] for row in found]


async def letters() -> list[tuple[str, str]]:
    """But for those that tell of the log-ins before."""
    found = await rows(
        "SELECT purpose, recipient FROM message WHERE purpose <> 'new_device' ORDER BY recipient"
    )
    return [(row["purpose"], row["recipient"]) for row in found]


async def test_the_form_shows_what_is_stored(admin: Client) -> None:
    page = await admin.page(PAGE)
    assert page.status == 200
    assert page["[name=name]"].get("value") == "Riverside Physio"
    assert page["[name=phone]"].get("value") == "+44 161 496 0000"
    assert page["[name=country] [selected]"].text == "United Kingdom"
    assert page["[name=time_zone] [selected]"].text == "Europe/London"
    assert page["[name=portal_url]"].get("value") == ""


async def test_the_logins_settings_stand_under_what_they_are_about(admin: Client) -> None:
    parts = {part["legend"].text: part for part in (await admin.page(PAGE)).all("#settings-form fieldset")}
    assert {
        legend: [field.get("name") for field in part.all("[name]")] for legend, part in parts.items()
    } == {
        "Passwords and PINs": ["temporary_secret_days", "pin_digits"],
        "Desktop": ["desktop_idle_minutes", "desktop_absolute_hours"],
        "Shared tablet": ["tablet_lock_minutes", "tablet_absolute_hours"],
        "Phone": ["phone_idle_minutes", "phone_absolute_hours"],
        "Administrators": ["admin_minutes", "admin_factor"],
        "Practitioners": ["colleague_access"],
    }


async def test_everything_can_be_changed(admin: Client) -> None:
    typed: dict[str, Any] = {
        "portal_url": f"{URL}/",
        "name": "Harbour Physio",
        "phone": "01 679 0000",
        "country": "IE",
        "time_zone": "Europe/Dublin",
        "support_contact": "Sam, extension 4",
        "email_sender_name": "Harbour",
        "text_sender_name": "Harbour1",
        "colleague_access": "free_busy",
        "temporary_secret_days": 14,
        "pin_digits": 8,
        "desktop_idle_minutes": 30,
        "desktop_absolute_hours": 10,
        "tablet_lock_minutes": 3,
        "tablet_absolute_hours": 8,
        "phone_idle_minutes": 10,
        "phone_absolute_hours": 20,
        "admin_minutes": 20,
    }
    answer = await save(admin, **typed)
    assert (answer.status, answer.location) == (303, PAGE)
    assert "The settings are saved." in (await answer.follow()).text
    stored = await stored_settings()
    expected = {**typed, "portal_url": URL, "phone": "+35316790000"}
    assert {name: getattr(stored, name) for name in typed} == expected
    assert stored.version == 2
    assert await audited() == [" ".join(sorted(typed))]


async def test_saving_what_is_there_changes_nothing(admin: Client) -> None:
    assert (await save(admin)).status == 303
    assert (await stored_settings()).version == 1
    assert await audited() == []


async def test_every_fault_is_told_at_once_and_nothing_typed_is_lost(admin: Client) -> None:
    typed: dict[str, Any] = {
        "portal_url": "diary.riverside.example",
        "name": "",
        "phone": "123",
        "time_zone": "Europe/London",
        "support_contact": "S" * 201,
        "text_sender_name": "too long a name",
        "temporary_secret_days": 15,
        "pin_digits": "six",
        "desktop_idle_minutes": 4,
        "phone_absolute_hours": "",
    }
    answer = await save(admin, **typed)
    assert answer.status == 422
    errors = {
        e.get("id").removeprefix("field-").removesuffix("-error"): e.text for e in answer.all(".field-error")
    }
    assert errors.keys() == typed.keys() - {"time_zone"}
    assert errors["portal_url"] == "Begin with https://. Did you mean https://diary.riverside.example?"
    assert errors["temporary_secret_days"] == "Use 14 or less."
    for name in typed.keys() - {"time_zone"}:
        assert answer[f"[name={name}]"].get("value") == str(typed[name])
    assert (await stored_settings()).version == 1


async def test_choices_that_were_not_offered_are_refused(admin: Client) -> None:
    page = await admin.page(PAGE)
    read = {name: page[f"[name={name}]"].get("value") for name in ("version", "read", "name", "pin_digits")}
    forged = {
        "country": "XX",
        "time_zone": "../etc/passwd",
        "colleague_access": "all",
        "admin_factor": "never",
    }
    answer = await admin.submit(PAGE, {**read, **forged})
    assert answer.status == 422
    assert {e.get("id") for e in answer.all(".field-error")} >= {f"field-{name}-error" for name in forged}


async def test_htmx_gets_the_form_alone(admin: Client) -> None:
    part = await save(admin, partial=True, name="")
    assert part.status == 422
    assert "#settings-form" in part
    assert "html" not in part
    saved = await save(admin, partial=True, name="Harbour Physio")
    assert saved.headers["hx-redirect"] == PAGE


async def test_the_address_that_was_used_is_suggested(admin: Client) -> None:
    page = await admin.page(PAGE)
    assert page["[data-fills=field-portal_url]"].get("value") == "https://portal.example"
    await save(admin, portal_url="https://portal.example")
    assert "[data-fills]" not in await admin.page(PAGE)


async def test_saving_is_not_held_up_by_an_address_that_does_not_load(admin: Client) -> None:
    assert (await save(admin, portal_url="https://nowhere.invalid")).status == 303
    assert (await stored_settings()).portal_url == "https://nowhere.invalid"
    page = await admin.page(PAGE)
    assert "hasn't been checked yet" in page["#portal-check"].text


async def test_a_new_address_is_told_to_every_administrator(staff: None, admin: Client) -> None:
    await save(admin, portal_url=URL)
    assert await letters() == [
        ("portal_address_changed", "robin@riverside.example"),
        ("portal_address_changed", "sam@riverside.example"),
    ]


async def test_other_settings_are_told_to_nobody(staff: None, admin: Client) -> None:
    await save(admin, name="Harbour Physio")
    assert await letters() == []


async def test_an_old_session_gives_the_password_for_a_new_address(
    frozen: FrozenClock, admin: Client
) -> None:
    frozen.tick(minutes=10)
    asked = await save(admin, portal_url=URL, name="Harbour Physio")
    assert asked.status == 422
    assert "Please type your own password to confirm this." in asked["#field-password-error"].text
    wrong = await asked.submit("#settings-form", password="a guess")
    assert wrong.status == 422
    assert wrong["#field-password-error"].text == "This isn't your password."
    assert await letters() == []
    saved = await wrong.submit("#settings-form", password=PASSWORD)
    assert saved.status == 303
    stored = await stored_settings()
    assert (stored.portal_url, stored.name) == (URL, "Harbour Physio")


async def test_an_old_session_changes_other_settings_as_ever(frozen: FrozenClock, admin: Client) -> None:
    frozen.tick(minutes=12)
    assert (await save(admin, name="Harbour Physio")).status == 303


async def test_an_address_can_not_be_removed(admin: Client) -> None:
    await save(admin, portal_url=URL)
    answer = await save(admin, portal_url="")
    assert answer.status == 422
    assert "can be changed but not removed" in answer["#field-portal_url-error"].text
    assert (await stored_settings()).portal_url == URL


async def test_of_two_who_edit_the_second_sees_what_the_first_did(staff: None, log_in: LogIn) -> None:
    sam, robin = await log_in("sam"), await log_in("robin")
    sams = await sam.page(PAGE)
    await save(robin, name="Harbour Physio", support_contact="Robin")
    answer = await sams.submit("#settings-form", name="Seaside Physio", pin_digits=8)
    assert answer.status == 409
    assert "Somebody else changed these settings" in answer["[role=alert]"].text
    # Sam's own words stay, beside Robin's; where Sam had typed nothing, Robin's stand.
    assert answer["[name=name]"].get("value") == "Seaside Physio"
    assert answer["#field-name-error"].text == "Somebody else has just changed this to: Harbour Physio"
    assert answer["[name=support_contact]"].get("value") == "Robin"
    assert "You see the new value" in answer["#field-support_contact-error"].text
    assert answer["[name=pin_digits]"].get("value") == "8"
    assert "#field-pin_digits-error" not in answer
    assert (await stored_settings()).name == "Harbour Physio"

    assert (await answer.submit("#settings-form")).status == 303
    stored = await stored_settings()
    assert (stored.name, stored.support_contact, stored.pin_digits) == ("Seaside Physio", "Robin", 8)


async def test_a_form_sent_twice_is_not_saved_over_what_came_between(staff: None, log_in: LogIn) -> None:
    sam, robin = await log_in("sam"), await log_in("robin")
    sams = await sam.page(PAGE)
    await sams.submit("#settings-form", name="Seaside Physio")
    await save(robin, name="Harbour Physio")
    assert (await sams.submit("#settings-form", name="Seaside Physio")).status == 409
    assert (await stored_settings()).name == "Harbour Physio"


async def test_the_portals_status_makes_no_form_out_of_date(admin: Client) -> None:
    page = await admin.page(PAGE)
    await open_portal(by=None)
    assert (await page.submit("#settings-form", name="Harbour Physio")).status == 303
    stored = await stored_settings()
    assert (stored.name, stored.portal_online) == ("Harbour Physio", True)


@pytest.mark.parametrize("read", ["", "[1]", "{", '{"name": 1}'])
async def test_a_broken_memory_of_the_form_holds_nothing_up(read: str, admin: Client) -> None:
    assert (await save(admin, read=read, name="Harbour Physio")).status == 303


async def test_an_empty_form_is_answered_with_what_is_missing(admin: Client) -> None:
    answer = await admin.submit(PAGE, {})
    assert answer.status == 422
    assert answer["#field-name-error"].text == "Please fill this in."
    assert answer["[name=version]"].get("value") == "1"
