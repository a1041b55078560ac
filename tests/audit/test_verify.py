"""Checking the record: whatever somebody with the database, but without the key, does to it is found."""

from __future__ import annotations

import pytest

from app.audit.chain import Head
from app.audit.record import record
from app.audit.sealer import head, seal_pending
from app.audit.verify import Verdict, verify
from app.db import Engine, execute, rows
from tests.support.clock import MORNING, FrozenClock

KEY = b"k" * 32
FIVE = ("portal.opened", "user.created", "patient.viewed", "appointment.booked", "portal.closed")


@pytest.fixture
async def sealed(database: Engine, engine_name: str) -> Head:
    """Five entries under seal, and the head; the rules that keep them are out of an intruder's way."""
    for action in FIVE:
        await record(action, actor=7, subject="user", subject_id=9)
    await seal_pending(KEY)
    if engine_name == "postgresql":
        for table in ("audit_entry", "audit_seal"):
            await execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        await execute("ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_entry_fkey")
    else:
        for name in ("entry_changed", "entry_removed", "seal_changed", "seal_removed", "entry_added"):
            await execute(f"DROP TRIGGER audit_{name}")
        await execute("PRAGMA foreign_keys = OFF")
    return await head()


async def entry(number: int) -> int:
    """The id of the first, second … entry."""
    return int((await rows("SELECT id FROM audit_entry ORDER BY id"))[number - 1]["id"])


async def test_an_untouched_record_is_intact(sealed: Head) -> None:
    assert await verify(KEY, sealed) == Verdict(head=sealed, fitting=5)


@pytest.mark.parametrize(
    "change",
    [
        "actor = 8",
        "action = 'patient.created'",
        "subject_id = '10'",
        "address = '192.0.2.1'",
        "details = 'more'",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
async def test_a_changed_entry_is_found(sealed: Head, change: str) -> None:
    changed = await entry(3)
    await execute(f"UPDATE audit_entry SET {change} WHERE id = {changed}")
    verdict = await verify(KEY, sealed)
    assert verdict.faults == [f"Entry {changed} or its seal was changed (seal 3)."]
    assert verdict.fitting == 4


async def test_a_removed_entry_is_found(sealed: Head) -> None:
    removed = await entry(2)
    await execute(f"DELETE FROM audit_entry WHERE id = {removed}")
    assert (await verify(KEY, sealed)).faults == [f"Entry {removed} is gone (seal 2)."]


async def test_an_entry_removed_with_its_seal_is_found(sealed: Head) -> None:
    for number in (2, 3):
        await execute(f"DELETE FROM audit_seal WHERE position = {number}")
        await execute(f"DELETE FROM audit_entry WHERE id = {await entry(2)}")
    assert (await verify(KEY, sealed)).faults == ["Seals are gone: 2 to 3."]


async def test_an_entry_put_among_the_others_is_found(sealed: Head) -> None:
    """Without the trigger it isn't queued, and the sealer would never look at it."""
    await record("patient.viewed", actor=7)
    forged = await entry(6)
    await execute("DELETE FROM audit_unsealed")
    assert (await verify(KEY, sealed)).faults == [f"Entry {forged} has no seal, and waits for none."]


async def test_a_seal_made_without_the_key_is_found(sealed: Head) -> None:
    changed = await entry(5)
    await execute(f"UPDATE audit_entry SET actor = 8 WHERE id = {changed}")
    columns = "id, at, actor, action, subject, subject_id, address, details"
    [forged] = await rows(f"SELECT {columns} FROM audit_entry WHERE id = {changed}")
    [fourth] = await rows("SELECT position, mac FROM audit_seal WHERE position = 4")
    mac = Head(**fourth).next(forged, b"guessed" * 5).mac
    await execute("UPDATE audit_seal SET mac = {} WHERE position = 5", mac)
    verdict = await verify(KEY, sealed)
    assert verdict.faults == [
        f"Entry {changed} or its seal was changed (seal 5).",
        "Seal 5 is another one than was exported.",
    ]


async def test_what_was_cut_off_is_found_by_the_exported_head_alone(sealed: Head) -> None:
    last = await entry(5)
    await execute("DELETE FROM audit_seal WHERE position = 5")
    await execute(f"DELETE FROM audit_entry WHERE id = {last}")
    assert (await verify(KEY)).is_intact
    assert (await verify(KEY, sealed)).faults == [
        "Cut off: 5 entries were sealed when the head was exported, now there are 4."
    ]


async def test_an_earlier_head_still_fits(sealed: Head) -> None:
    await record("portal.opened", actor=7)
    await execute("DELETE FROM audit_unsealed")
    await execute("INSERT INTO audit_unsealed (entry) SELECT max(id) FROM audit_entry")
    await seal_pending(KEY)
    assert (await verify(KEY, sealed)).is_intact
    assert (await head()).position == 6


async def test_what_waits_for_its_seal_is_counted_and_no_fault(database: Engine, frozen: FrozenClock) -> None:
    await record("portal.opened", actor=7)
    await record("portal.closed", actor=7)
    assert await verify(KEY) == Verdict(unsealed=2, unsealed_since=MORNING)


async def test_another_key_is_told_from_tampering(sealed: Head) -> None:
    verdict = await verify(b"another key, by mistake", sealed)
    assert (verdict.wrong_key, len(verdict.faults)) == (True, 5)


@pytest.mark.parametrize("text", ["", "5", "5:abc", "x:" + "0" * 64, f"5:{'0' * 64} 6"])
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        Head.parse(text)


def test_a_head_is_read_as_it_was_printed() -> None:
    printed = Head(42, "0123456789abcdef" * 4)
    assert Head.parse(f"{printed}\n") == printed
