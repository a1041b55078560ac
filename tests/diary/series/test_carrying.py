"""What a change of one of a series makes of the others, whatever the clocks do in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import NonexistentTime, wall_time
from app.diary.changes.snapshots import Snapshot
from app.diary.series.carrying import Carry
from tests.diary.series.test_recurrence import LONDON, ZONES

MONDAY = date(2026, 11, 23)
clocks = st.integers(0, 24 * 12 - 1).map(lambda step: time(*divmod(step * 5, 60)))


def snapshot(number: int, day: date, at: time, zone: ZoneInfo, minutes: int = 30) -> Snapshot:
    """A follow-up that stands where its series has it."""
    starts_at = wall_time(day, at, zone)
    ends_at = starts_at + timedelta(minutes=minutes)
    return Snapshot(
        number, 1, 1, "", None, None, starts_at, ends_at, "booked", False, "", 1, 1, (), 1, starts_at
    )


def moved(one: Snapshot, day: date, at: time, zone: ZoneInfo) -> Snapshot:
    """The same somewhere else."""
    starts_at = wall_time(day, at, zone)
    return replace(one, starts_at=starts_at, ends_at=starts_at + (one.ends_at - one.starts_at))


def shown(at: datetime | None, zone: ZoneInfo) -> tuple[date, time]:
    assert at is not None
    return at.astimezone(zone).date(), at.astimezone(zone).time()


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(1, 60),
    st.integers(-6, 6),
    clocks,
    clocks,
    st.sampled_from(ZONES),
)
def test_all_move_by_as_many_days_to_the_same_time_of_the_clock(
    day: date, weeks: int, days: int, at: time, to: time, zone: ZoneInfo
) -> None:
    other_day = day + timedelta(weeks=weeks)
    try:
        one, other = snapshot(1, day, at, zone), snapshot(2, other_day, at, zone)
        carry = Carry(one, moved(one, day + timedelta(days=days), to, zone), zone)
        expected = wall_time(other_day + timedelta(days=days), to, zone)
    except NonexistentTime:
        return
    after = carry.onto(other).after
    assert after.starts_at == after.due_at == expected
    assert after.ends_at - after.starts_at == timedelta(minutes=30)
    assert carry.onto(one).after.starts_at == carry.after.starts_at


def test_a_time_that_the_clocks_skip_is_said() -> None:
    one, other = (snapshot(n, date(2027, 3, day), time(10), LONDON) for n, day in ((1, 21), (2, 28)))
    carried = Carry(one, moved(one, date(2027, 3, 21), time(1, 30), LONDON), LONDON).onto(other)
    assert carried.skips == time(1, 30)
    assert shown(carried.after.starts_at, LONDON) == (date(2027, 3, 28), time(2))


def test_what_was_moved_alone_keeps_its_time_and_moves_on_in_the_series() -> None:
    one = snapshot(1, MONDAY, time(10), LONDON)
    exception = moved(snapshot(2, date(2026, 11, 30), time(10), LONDON), date(2026, 12, 1), time(15), LONDON)
    after = Carry(one, moved(one, MONDAY, time(11), LONDON), LONDON).onto(exception).after
    assert shown(after.starts_at, LONDON) == (date(2026, 12, 1), time(15))
    assert shown(after.due_at, LONDON) == (date(2026, 11, 30), time(11))


def test_only_what_was_the_same_is_changed() -> None:
    one, alike, longer = (snapshot(n, MONDAY + timedelta(weeks=n), time(10), LONDON) for n in range(3))
    longer = replace(longer, ends_at=longer.ends_at + timedelta(minutes=15), notes="Bring the scan.", room=7)
    after = replace(one, ends_at=one.ends_at + timedelta(minutes=30), notes="Knee.", room=3, location=1)
    carry = Carry(one, after, LONDON)
    alike = carry.onto(alike).after
    assert (alike.notes, alike.room, alike.location) == ("Knee.", 3, 1)
    assert alike.ends_at - alike.starts_at == timedelta(hours=1)
    assert carry.onto(longer).after == longer


def test_a_block_ends_by_the_clock_also_when_that_changes() -> None:
    sundays = [date(2026, 10, 18), date(2026, 10, 25)]
    one, other = (
        replace(
            snapshot(n, day, time(), LONDON),
            type=None,
            title="Closed",
            ends_at=wall_time(day + timedelta(days=1), time(), LONDON),
        )
        for n, day in enumerate(sundays)
    )
    assert other.ends_at - other.starts_at == timedelta(hours=25)
    after = replace(one, ends_at=wall_time(sundays[0], time(20), LONDON))
    assert Carry(one, after, LONDON).onto(other).after.ends_at == datetime(2026, 10, 25, 20, tzinfo=UTC)


@pytest.mark.parametrize("fold", [0, 1])
def test_what_keeps_its_time_keeps_the_pass_of_a_repeated_hour(fold: int) -> None:
    at = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold).astimezone(UTC)
    one = snapshot(1, date(2026, 10, 18), time(1, 30), LONDON)
    other = replace(one, id=2, starts_at=at, ends_at=at + timedelta(minutes=30), due_at=at)
    assert Carry(one, replace(one, notes="Knee."), LONDON).onto(other).after.starts_at == at
