"""What is offered where a time is taken: free, worked, and the earliest there is; across both changes of the clocks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.clock import day_window
from app.diary.hours.timetables import Timetable
from app.diary.hours.working_time import WorkingTime
from app.diary.periods import GRID
from app.diary.slots.slots import Wanted, free_times
from tests.diary.hours.test_timetables import around_changeovers, timetables
from tests.diary.test_periods import ZONES

DAYS = 2
A_STEP = timedelta(minutes=GRID)
Stretches = list[tuple[datetime, datetime]]

minutes = st.integers(1, 40).map(lambda steps: steps * GRID)
# What is taken begins so long after the first midnight, also before it, and lasts so long.
takings = st.lists(st.tuples(st.integers(-60, DAYS * 24 * 60), minutes), max_size=8)


@given(timetables, around_changeovers, st.sampled_from(ZONES), minutes, minutes, takings)
def test_what_is_offered_is_worked_and_free_and_nothing_earlier_is(
    timetable: Timetable,
    day: date,
    zone: ZoneInfo,
    later: int,
    lasts: int,
    takings: list[tuple[int, int]],
) -> None:
    opens = day_window(day, zone)[0]
    starts_at = opens + timedelta(minutes=later)
    wanted = Wanted(1, starts_at, starts_at + timedelta(minutes=lasts))
    working = WorkingTime(timetable, zone)
    taken = [
        (opens + timedelta(minutes=start), opens + timedelta(minutes=start + length))
        for start, length in takings
    ]

    def fits(at: datetime) -> bool:
        end = at + timedelta(minutes=lasts)
        worked = any(one <= at and end <= other for one, other in working.between(starts_at, DAYS))
        return worked and all(end <= one or other <= at for one, other in taken)

    offered = list(free_times(wanted, working, taken, DAYS))

    assert offered == sorted(set(offered))
    assert all(fits(at) for at in offered)
    looked_at = (starts_at + n * A_STEP for n in range(24 * 60 // GRID))
    earliest = next((at for at in looked_at if fits(at)), None)
    assert earliest is None or offered[0] == earliest
