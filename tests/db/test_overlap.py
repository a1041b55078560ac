"""Whatever is booked, moved, cancelled and put back in whichever order, around any change of the clocks: the database
lets in just what a plain list of who has what would let in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import combinations
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.clock import NonexistentTime, now, wall_time
from app.db import rows, write
from app.db.engine import Engine
from app.db.faults import SlotTaken
from app.diary.tables import Appointment, Status
from tests.db.diary import add_practitioner, add_room, change
from tests.diary.test_periods import CHANGEOVERS, ZONES


@dataclass(frozen=True, slots=True)
class Row:
    """An appointment as the list has it. People and rooms are numbers from 0; room 1 is shared."""

    who: int
    room: int | None
    starts_at: datetime
    ends_at: datetime
    forced: bool
    cancelled: bool = False

    def meets(self, other: Row) -> bool:
        """Whether both take the same person's or room's time."""
        same = self.who == other.who or (self.room == other.room == 0)
        both = not (self.cancelled or other.cancelled)
        return both and same and self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done to the ``number``-th row so far; a booking where there is none yet."""

    kind: str
    number: int
    row: Row
    shift: timedelta


@dataclass(slots=True)
class Clinic:
    """Two people, a room for one at a time and a shared one."""

    people: list[int]
    rooms: list[int]
    listed: dict[int, Row] = field(default_factory=dict)

    async def do(self, deed: Deed) -> None:
        """Do it to both the list and the database, which have to agree on whether it may be done."""
        ids = list(self.listed)
        if deed.kind == "book" or not ids:
            await self._book(deed.row)
            return
        key = ids[deed.number % len(ids)]
        old = self.listed[key]
        match deed.kind:
            case "move":
                new = replace(
                    old,
                    starts_at=old.starts_at + deed.shift,
                    ends_at=old.ends_at + deed.shift,
                    who=deed.row.who,
                )
            case "cancel":
                new = replace(old, cancelled=True)
            case "put back":
                new = replace(old, cancelled=False)
            case _:
                new = replace(old, forced=False)
        # What stays as it was isn't asked about: another may have been forced over it.
        is_new = deed.kind == "move" or old.forced or old.cancelled
        if await self._is_let_in(is_new and self._is_in_the_way(new, key), self._change(key, new)):
            self.listed[key] = new

    async def _book(self, row: Row) -> None:
        added: list[int] = []

        async def insert() -> None:
            stored = Appointment(
                practitioner=self.people[row.who],
                room=None if row.room is None else self.rooms[row.room],
                starts_at=row.starts_at,
                ends_at=row.ends_at,
                created_at=now(),
                forced=row.forced,
            )
            found = await Appointment.insert(stored).returning(Appointment.id)
            added.append(found[0]["id"])

        if await self._is_let_in(self._is_in_the_way(row), insert()):
            self.listed[added[0]] = row

    async def _change(self, key: int, new: Row) -> None:
        await change(
            key,
            practitioner=self.people[new.who],
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            forced=new.forced,
            status=Status.CANCELLED if new.cancelled else Status.BOOKED,
        )

    def _is_in_the_way(self, row: Row, but: int | None = None) -> bool:
        others = (other for key, other in self.listed.items() if key != but)
        return not row.forced and any(row.meets(other) for other in others)

    async def _is_let_in(self, refused: bool, doing: Coroutine[Any, Any, None]) -> bool:
        try:
            async with write():
                await doing
        except SlotTaken:
            assert refused
            return False
        assert not refused
        return True


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    try:
        return wall_time(day, at, zone)
    except NonexistentTime as skipped:
        return skipped.next_valid.astimezone(UTC)


small_hours = st.builds(lambda quarter: time(quarter // 4, quarter % 4 * 15), st.integers(0, 11))
lengths = st.sampled_from([30, 60, 90]).map(lambda minutes: timedelta(minutes=minutes))


@st.composite
def days_of_deeds(draw: st.DrawFn) -> list[Deed]:
    """Deeds around one change of the clocks, close enough to meet."""
    day, zone = draw(st.sampled_from(CHANGEOVERS)), draw(st.sampled_from(ZONES))

    def row() -> Row:
        starts_at = _moment(day, draw(small_hours), zone)
        return Row(
            draw(st.integers(0, 1)),
            draw(st.sampled_from([None, 0, 1])),
            starts_at,
            starts_at + draw(lengths),
            draw(st.sampled_from([False, False, True])),
        )

    kinds = ["book", "book", "book", "move", "move", "cancel", "put back", "no longer force"]
    shifts = [timedelta(minutes=minutes) for minutes in (-60, -15, 15, 30, 90)]
    return [
        Deed(draw(st.sampled_from(kinds)), draw(st.integers(0, 20)), row(), draw(st.sampled_from(shifts)))
        for _ in range(draw(st.integers(6, 14)))
    ]


@pytest.fixture
def runner(database_url: str) -> Iterator[asyncio.Runner]:
    """Runs verbs on the test's database from examples, which aren't coroutines."""
    engine: Engine = db.connect(database_url)
    db.bind(engine)
    with asyncio.Runner() as runner:
        runner.run(engine.start_connection_pool())
        yield runner
        runner.run(engine.close_connection_pool())


class _Undo(Exception):
    """Ends an example: the next one begins with an empty diary."""


def test_the_database_lets_in_what_a_plain_list_would(runner: asyncio.Runner) -> None:
    people = [runner.run(add_practitioner()) for _ in range(2)]
    rooms = [runner.run(add_room()), runner.run(add_room(shared=True))]

    async def play(deeds: list[Deed]) -> None:
        clinic = Clinic(people, rooms)
        async with write():
            for deed in deeds:
                await clinic.do(deed)
            stored = await rows("SELECT id, starts_at, ends_at FROM appointment")
            raise _Undo(clinic.listed, {row["id"]: (row["starts_at"], row["ends_at"]) for row in stored})

    @settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(days_of_deeds())
    def example(deeds: list[Deed]) -> None:
        with pytest.raises(_Undo) as ended:
            runner.run(play(deeds))
        listed, stored = ended.value.args
        assert stored == {key: (row.starts_at, row.ends_at) for key, row in listed.items()}
        for one, other in combinations(listed.values(), 2):
            assert one.forced or other.forced or not one.meets(other)

    example()
