"""What a delay does to the rest of a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.diary.entries import Entry
from app.diary.setbacks.delay import TakenUpBy, put_off
from app.diary.tables import Status

MIDNIGHT = datetime(2026, 11, 23, tzinfo=UTC)


def minute(n: int) -> timedelta:
    return timedelta(minutes=n)


def an_entry(start: int, length: int, *, block: bool = False) -> Entry:
    """It begins that many minutes into the day."""
    starts_at = MIDNIGHT + minute(start)
    kind = None if block else "Follow-up"
    times = (starts_at, starts_at + minute(length))
    return Entry(start, 1, *times, Status.BOOKED, "Lunch" if block else "", kind, 1, None, False)


def shifted(entries: list[Entry], delay: int, taken_up_by: TakenUpBy) -> dict[int, tuple[int, int]]:
    """Begin → new begin and end, in minutes of the day."""
    return {
        later.entry.id: ((later.starts_at - MIDNIGHT) // minute(1), (later.ends_at - MIDNIGHT) // minute(1))
        for later in put_off(entries, minute(delay), taken_up_by)
    }


MORNING = [
    an_entry(600, 30),
    an_entry(630, 30),
    an_entry(670, 30),
    an_entry(720, 60, block=True),
    an_entry(780, 30),
]


def test_everything_moves_by_as_much() -> None:
    assert shifted(MORNING, 20, TakenUpBy.NOTHING) == {
        600: (620, 650), 630: (650, 680), 670: (690, 720), 720: (740, 800), 780: (800, 830),
    }  # fmt: skip


def test_free_time_takes_the_delay_up() -> None:
    assert shifted(MORNING, 35, TakenUpBy.GAPS) == {
        600: (635, 665), 630: (665, 695), 670: (695, 725), 720: (725, 785), 780: (785, 815),
    }  # fmt: skip
    assert shifted(MORNING, 10, TakenUpBy.GAPS) == {600: (610, 640), 630: (640, 670)}


def test_blocks_take_it_up_by_half_of_their_length_at_most() -> None:
    assert shifted(MORNING, 35, TakenUpBy.BLOCKS)[720] == (725, 780)
    assert 780 not in shifted(MORNING, 35, TakenUpBy.BLOCKS)
    assert shifted(MORNING, 90, TakenUpBy.BLOCKS) == {
        600: (690, 720), 630: (720, 750), 670: (750, 780), 720: (780, 810), 780: (810, 840),
    }  # fmt: skip


def test_a_double_booking_goes_on_together() -> None:
    beside = [an_entry(600, 30), an_entry(615, 60), an_entry(690, 30)]
    assert shifted(beside, 20, TakenUpBy.GAPS) == {600: (620, 650), 615: (635, 695), 690: (695, 725)}


days = st.lists(
    st.builds(
        an_entry,
        st.integers(96, 200).map(lambda n: n * 5),
        st.integers(1, 24).map(lambda n: n * 5),
        block=st.booleans(),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda entry: entry.id,
).map(lambda entries: sorted(entries, key=lambda entry: entry.starts_at))


@given(days, st.integers(1, 24).map(lambda n: n * 5), st.sampled_from(TakenUpBy))
def test_nobody_newly_meets_anybody_and_nobody_waits_longer_than_the_delay(
    entries: list[Entry], delay: int, taken_up_by: TakenUpBy
) -> None:
    put = {later.entry.id: later for later in put_off(entries, minute(delay), taken_up_by)}
    times = [
        (put[e.id].starts_at, put[e.id].ends_at) if e.id in put else (e.starts_at, e.ends_at) for e in entries
    ]
    assert entries[0].starts_at + minute(delay) == times[0][0]
    assert all(minute(0) < later.late <= minute(delay) for later in put.values())
    assert list(put) == [entry.id for entry in entries[: len(put)]]
    for n, entry in enumerate(entries):
        for m, other in enumerate(entries[n + 1 :], n + 1):
            assert times[n][1] <= times[m][0] or entry.ends_at > other.starts_at
