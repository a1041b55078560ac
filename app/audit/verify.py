"""Checking the audit record against its chain: was an entry changed, taken out, put in between, or cut off?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.audit.chain import SEALED, Head
from app.db import rows

AT_ONCE = 2000
FAULTS_SHOWN = 20

_ENTRY = ", ".join(f"e.{name}" for name in SEALED.split(", "))


@dataclass(slots=True)
class Verdict:
    """What was found. ``unsealed`` entries wait for the sealer, the oldest since ``unsealed_since``: no fault yet."""

    head: Head = field(default_factory=Head)
    fitting: int = 0
    faults: list[str] = field(default_factory=list)
    unsealed: int = 0
    unsealed_since: datetime | None = None

    @property
    def is_intact(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def wrong_key(self) -> bool:
        """Whether not one seal fits, which looks like another key rather than like somebody's work."""
        return self.head.position > 0 and self.fitting == 0


async def verify(key: bytes, exported: Head | None = None) -> Verdict:
    """Check every seal and every entry; ``exported`` is a head that was written down before."""
    verdict = Verdict()
    async for seal in _seals():
        _check(seal, key, verdict)
        if exported and seal["position"] == exported.position and seal["mac"] != exported.mac:
            verdict.faults.append(f"Seal {exported.position} is another one than was exported.")
    if exported and verdict.head.position < exported.position:
        verdict.faults.append(
            f"Cut off: {exported.position} entries were sealed when the head was exported,"
            f" now there are {verdict.head.position}."
        )
    await _count(verdict)
    await _find_unsealed(verdict)
    return verdict


async def _seals() -> AsyncIterator[dict[str, Any]]:
    """Every seal with its entry, in the chain's order; an entry that is gone is None in every column."""
    last = 0
    while found := await rows(
        f"""
        SELECT s.position, s.mac, s.entry, {_ENTRY} FROM audit_seal s LEFT JOIN audit_entry e ON e.id = s.entry
        WHERE s.position > {{}} ORDER BY s.position LIMIT {AT_ONCE}
        """,
        last,
    ):
        for seal in found:
            yield seal
        last = found[-1]["position"]


def _check(seal: dict[str, Any], key: bytes, verdict: Verdict) -> None:
    before, verdict.head = verdict.head, Head(seal["position"], seal["mac"])
    entry = seal["entry"]
    if seal["position"] != before.position + 1:
        # What followed the missing seals can't be checked against them, so the next one is taken as it stands.
        verdict.faults.append(f"Seals are gone: {before.position + 1} to {seal['position'] - 1}.")
    elif seal["id"] is None:
        verdict.faults.append(f"Entry {entry} is gone (seal {seal['position']}).")
    elif before.next(seal, key) == verdict.head:
        verdict.fitting += 1
    else:
        verdict.faults.append(f"Entry {entry} or its seal was changed (seal {seal['position']}).")


async def _count(verdict: Verdict) -> None:
    """A second seal for a position, which the walk along the chain passes by."""
    last = verdict.head.position
    found = await rows("SELECT count(*) AS seals FROM audit_seal WHERE position <= {}", last)
    if found[0]["seals"] != last and verdict.is_intact:
        verdict.faults.append(f"There are {found[0]['seals']} seals up to seal {last}.")


async def _find_unsealed(verdict: Verdict) -> None:
    """Entries without a seal: those that wait for one, and those that somebody has taken out of the queue."""
    unsealed = "FROM audit_entry e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.entry = e.id)"
    waiting = "EXISTS (SELECT 1 FROM audit_unsealed q WHERE q.entry = e.id)"
    forgotten = await rows(f"SELECT e.id {unsealed} AND NOT {waiting} ORDER BY e.id LIMIT {FAULTS_SHOWN}")
    verdict.faults += [f"Entry {row['id']} has no seal, and waits for none." for row in forgotten]
    counted = await rows(f"SELECT count(*) AS entries {unsealed} AND {waiting}")
    verdict.unsealed = int(counted[0]["entries"])
    oldest = await rows(f"SELECT e.at {unsealed} AND {waiting} ORDER BY e.at LIMIT 1")
    verdict.unsealed_since = oldest[0]["at"] if oldest else None
