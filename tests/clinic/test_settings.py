"""The clinic's one row of settings: made once, read by everybody, changed from the version it was read at."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from app.clinic.clinic import load_clinic, renderer
from app.clinic.settings import (
    EDITABLE,
    SettingsChangedMeanwhile,
    change_portal_status,
    change_settings,
    stored_settings,
)
from app.clinic.tables import Clinic, PortalStatus
from app.db import rows, write
from app.db.faults import RuleBroken, UniqueViolation
from app.errors import NotFound
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import a_clinic


async def test_before_set_up_there_is_none(database: object) -> None:
    assert await load_clinic() is None
    with pytest.raises(NotFound):
        await stored_settings()


async def test_a_new_one_is_offline_and_without_an_address(database: object) -> None:
    clinic = await a_clinic(online=False)
    assert (clinic.portal_online, clinic.portal_url, clinic.version) == (False, "", 1)
    assert (clinic.temporary_secret_days, clinic.pin_digits) == (7, 6)
    assert (clinic.desktop_idle_minutes, clinic.desktop_absolute_hours) == (60, 12)
    assert (clinic.phone_idle_minutes, clinic.phone_absolute_hours) == (15, 24)
    assert clinic.zone.key == "Europe/London"
    assert renderer(clinic).phone(clinic.phone) == "+44 161 496 0000"


async def test_there_is_never_a_second_one(database: object) -> None:
    await a_clinic()
    with pytest.raises(UniqueViolation):
        await a_clinic()
    with pytest.raises(RuleBroken):
        await Clinic.insert(Clinic(id=2, name="Another"))


async def test_what_was_edited_is_stored_and_said_by_name(database: object) -> None:
    clinic = await a_clinic()
    changed = await change_settings(replace(clinic, name="Riverbank Physio", pin_digits=8), by=7)
    assert changed == {"name", "pin_digits"}
    stored = await stored_settings()
    assert (stored.name, stored.pin_digits, stored.version) == ("Riverbank Physio", 8, 2)
    [entry] = await rows("SELECT action, actor, details FROM audit_entry")
    assert (entry["action"], entry["actor"]) == ("clinic.changed", 7)
    assert json.loads(entry["details"]) == {"fields": "name pin_digits"}


async def test_nothing_changed_is_no_new_version(database: object) -> None:
    clinic = await a_clinic()
    assert await change_settings(clinic, by=7) == frozenset()
    assert (await stored_settings()).version == 1
    assert await rows("SELECT id FROM audit_entry") == []


async def test_an_edit_from_an_older_version_is_refused(database: object) -> None:
    clinic = await a_clinic()
    await change_settings(replace(clinic, name="First"), by=7)
    with pytest.raises(SettingsChangedMeanwhile):
        await change_settings(replace(clinic, phone=""), by=8)
    assert (await stored_settings()).name == "First"


async def test_of_edits_at_once_one_is_stored(database: object) -> None:
    clinic = await a_clinic()
    edits = (change_settings(replace(clinic, name=f"Name {n}"), by=7) for n in range(8))
    results = await asyncio.gather(*edits, return_exceptions=True)
    assert sum(isinstance(result, SettingsChangedMeanwhile) for result in results) == 7
    assert (await stored_settings()).version == 2


async def test_the_portal_s_status_makes_nobody_s_form_out_of_date(
    database: object, frozen: FrozenClock
) -> None:
    clinic = await a_clinic(online=False)
    async with write():
        assert await change_portal_status(PortalStatus.ONLINE, by=7)
        assert not await change_portal_status(PortalStatus.ONLINE, by=8), "it was so already"
    stored = await stored_settings()
    assert (stored.portal_online, stored.portal_changed_by, stored.portal_changed_at) == (True, 7, MORNING)
    assert await change_settings(replace(clinic, name="Riverbank Physio"), by=7) == {"name"}
    assert (await stored_settings()).portal_online


def test_the_status_and_the_version_are_not_edited() -> None:
    assert not {"portal_status", "portal_changed_by", "portal_changed_at", "version"} & set(EDITABLE)
