"""Four weeks before today and four after it, as a busy clinic would have filled them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from app.clock import local_day, wall_time
from app.demo.people import PATIENTS, PRACTITIONERS, Colleague
from app.diary.periods import Span, hours_span, without
from app.diary.tables import Status

WEEKS_AROUND = 4
EARLY = timedelta(minutes=20)  # most patients come no earlier before their time
NEWCOMERS = PATIENTS * 2 // 5  # those who came for the first time in these weeks


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of appointment."""

    name: str
    colour: int
    minutes: int
    capacity: int = 1
    in_a_room: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("Initial assessment", 1, 45),
        Kind("Follow-up", 2, 30),
        Kind("Sports massage", 3, 60),
        Kind("Acupuncture", 4, 30),
        Kind("Telephone review", 5, 15, in_a_room=False),
        Kind("Osteopathy", 6, 40),
        Kind("Podiatry", 9, 30),
        Kind("Nail surgery review", 7, 20),
        Kind("Biomechanical assessment", 10, 60),
        Kind("Pilates class", 8, 60, capacity=8),
    )
}
FIRST_VISIT = "Initial assessment"

NOTES = [
    "Left knee, six weeks after reconstruction.",
    "Lower back, worse in the mornings.\nBring the scan.",
    "Frozen shoulder, right.",
    "Prefers the door open.",
    "Marathon on Sunday: calves only.",
    "Plantar fasciitis, both feet.",
    "Insurance: authorisation for six sessions, this is the fourth.",
    "Interpreter booked.",
    "Tension headaches since the car accident.",
]
CANCELLED_BECAUSE = ["Unwell", "Work", "Child care", "Feels better", "Transport"]
MEETINGS = ["Team meeting", "Supervision", "Letters and reports"]


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry of the diary to be. ``practitioner`` and ``patients`` are places in the lists of app.demo.people."""

    practitioner: int
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    patients: tuple[int, ...] = ()
    new: bool = False
    reason: str = ""
    notes: str = ""
    online: bool = False


class Planner:
    """Fills the diary day by day, so that a newcomer's first visit is the first."""

    def __init__(self, at: datetime, zone: ZoneInfo, random: Random) -> None:
        self._at = at
        self._zone = zone
        self._random = random
        self._newcomers = list(range(PATIENTS - NEWCOMERS, PATIENTS))
        each = (PATIENTS - NEWCOMERS) // len(PRACTITIONERS)
        self._regulars = [list(range(n * each, (n + 1) * each)) for n in range(len(PRACTITIONERS))]
        self._coming_today: set[int] = set()

    def plan(self) -> Iterator[Planned]:
        """Everything, in time's order for each practitioner."""
        today = local_day(self._at, self._zone)
        for distance in range(-7 * WEEKS_AROUND, 7 * WEEKS_AROUND + 1):
            self._coming_today.clear()
            for practitioner, colleague in enumerate(PRACTITIONERS):
                if not _is_away(colleague, distance):
                    yield from self._day(practitioner, colleague, today + timedelta(days=distance), distance)

    def _day(self, practitioner: int, colleague: Colleague, day: date, distance: int) -> Iterator[Planned]:
        blocks = list(self._blocks(colleague))
        for title, span in blocks:
            starts_at, ends_at = self._at_the_clock(day, span)
            yield Planned(practitioner, "", title, starts_at, ends_at, Status.BOOKED)
        for starts, ends in colleague.hours:
            for free in without(hours_span(starts, ends), (span for _title, span in blocks)):
                yield from self._fill(practitioner, colleague, day, distance, free)

    def _blocks(self, colleague: Colleague) -> Iterator[tuple[str, Span]]:
        if colleague.lunch:
            yield "Lunch", hours_span(*colleague.lunch)
        if self._random.random() < 0.2:
            end = hours_span(*colleague.hours[-1]).end
            yield self._random.choice(MEETINGS), Span(end - 45, end)

    def _fill(
        self, practitioner: int, colleague: Colleague, day: date, distance: int, free: Span
    ) -> Iterator[Planned]:
        fullness = 0.92 if distance <= 0 else 0.9 - 0.65 * distance / (7 * WEEKS_AROUND)
        minute = free.start + self._random.choice((0, 0, 0, 15, 15, 30))
        while kind := self._kind(colleague, free.end - minute):
            if self._random.random() < fullness:
                yield from self._visit(practitioner, kind, day, Span(minute, minute + kind.minutes))
                minute += kind.minutes + self._random.choice((0, 0, 0, 0, 0, 15))
            else:
                minute += self._random.choice((15, 30, 30))

    def _kind(self, colleague: Colleague, minutes: int) -> Kind | None:
        fitting = {name: weight for name, weight in colleague.kinds.items() if KINDS[name].minutes <= minutes}
        return KINDS[self._random.choices(list(fitting), list(fitting.values()))[0]] if fitting else None

    def _visit(self, practitioner: int, kind: Kind, day: date, span: Span) -> Iterator[Planned]:
        starts_at, ends_at = self._at_the_clock(day, span)
        if kind.capacity == 1 and self._random.random() < 0.06:
            late = ends_at < self._at and self._random.random() < 0.4
            yield Planned(
                practitioner,
                kind.name,
                "",
                starts_at,
                ends_at,
                Status.LATE_CANCELLED if late else Status.CANCELLED,
                (self._regular(practitioner),),
                reason=self._random.choice(CANCELLED_BECAUSE),
            )
            if self._random.random() < 0.4:
                return
        patients, new = self._patients(practitioner, kind)
        yield Planned(
            practitioner,
            kind.name,
            "",
            starts_at,
            ends_at,
            self._status(starts_at, ends_at),
            patients,
            new,
            notes=self._random.choice(NOTES) if self._random.random() < 0.25 else "",
            online=self._random.random() < 0.2,
        )

    def _patients(self, practitioner: int, kind: Kind) -> tuple[tuple[int, ...], bool]:
        if kind.name == FIRST_VISIT and self._newcomers and self._random.random() < 0.5:
            newcomer = self._newcomers.pop()
            self._regulars[practitioner].append(newcomer)
            self._coming_today.add(newcomer)
            return (newcomer,), True
        coming = 1 if kind.capacity == 1 else self._random.randint(4, kind.capacity)
        return tuple(self._regular(practitioner) for _ in range(coming)), False

    def _regular(self, practitioner: int) -> int:
        """Somebody who isn't at the clinic that day already: one of the practitioner's own, while there are any."""
        others = (patient for panel in self._regulars for patient in panel)
        free = [patient for patient in self._regulars[practitioner] if patient not in self._coming_today]
        patient = self._random.choice(free or [other for other in others if other not in self._coming_today])
        self._coming_today.add(patient)
        return patient

    def _status(self, starts_at: datetime, ends_at: datetime) -> Status:
        if ends_at <= self._at:
            return Status.DID_NOT_ATTEND if self._random.random() < 0.05 else Status.COMPLETED
        if starts_at <= self._at:
            return Status.IN_SESSION
        if starts_at - self._at <= EARLY:
            return Status.ARRIVED if self._random.random() < 0.7 else Status.CONFIRMED
        confirmed = 0.75 if starts_at - self._at < timedelta(days=3) else 0.3
        return Status.CONFIRMED if self._random.random() < confirmed else Status.BOOKED

    def _at_the_clock(self, day: date, span: Span) -> tuple[datetime, datetime]:
        starts, ends = (wall_time(day, time(*divmod(minute, 60)), self._zone) for minute in span)
        return starts, ends


def _is_away(colleague: Colleague, distance: int) -> bool:
    first, last = colleague.leave or (0, -1)
    return distance % 7 in colleague.days_off or first <= distance <= last
