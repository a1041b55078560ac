"""The audit record: appended in the transaction of what it tells of, and never changed after."""

from __future__ import annotations

import json

import pytest

from app.audit.record import from_address, record
from app.db import execute, rows, write
from app.db.faults import RuleBroken
from tests.support.clock import MORNING, FrozenClock


async def test_an_entry_says_who_did_what_to_what_when_and_from_where(
    database: object, frozen: FrozenClock
) -> None:
    token = from_address.set("198.51.100.9")
    await record("user.changed", actor=7, subject="user", subject_id=9, version=3, forced=True)
    from_address.reset(token)
    [entry] = await rows("SELECT at, actor, action, subject, subject_id, address, details FROM audit_entry")
    assert json.loads(entry.pop("details")) == {"forced": True, "version": 3}
    assert entry == {
        "at": MORNING,
        "actor": 7,
        "action": "user.changed",
        "subject": "user",
        "subject_id": "9",
        "address": "198.51.100.9",
    }


async def test_a_stranger_or_a_command_has_no_id_and_a_command_no_address(database: object) -> None:
    await record("portal.opened", actor=None)
    [entry] = await rows("SELECT actor, address, subject_id, details FROM audit_entry")
    assert entry == {"actor": None, "address": "", "subject_id": "", "details": ""}


async def test_what_is_undone_was_never_recorded(database: object) -> None:
    with pytest.raises(ZeroDivisionError):
        async with write():
            await record("user.changed", actor=7)
            raise ZeroDivisionError
    assert await rows("SELECT id FROM audit_entry") == []


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET actor = 8", "DELETE FROM audit_entry"])
async def test_nothing_on_record_is_changed_or_removed(database: object, change: str) -> None:
    await record("user.changed", actor=7)
    with pytest.raises(RuleBroken, match="append-only"):
        await execute(change)
    assert await rows("SELECT actor FROM audit_entry") == [{"actor": 7}]
