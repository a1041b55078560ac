"""What a delay would do to a practitioner's day: who is seen when instead, and what stands against it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, now
from app.diary.changes.changes import require_keeper
from app.diary.changes.snapshots import load_snapshots
from app.diary.days import today_in
from app.diary.entries import Entry, entries_between, who_and_what
from app.diary.hours.practitioners import practitioners_on
from app.diary.pages.people import chosen
from app.diary.pages.preferences import AS_IT_COMES
from app.diary.setbacks.delay import Later, put_off
from app.diary.setbacks.delay_forms import DelayForm
from app.diary.slots.against import Problem, read_against
from app.diary.slots.conflicts import Despite
from app.diary.slots.slots import Wanted
from app.diary.statuses import AWAITED
from app.i18n import Renderer


@dataclass(frozen=True, slots=True)
class Line:
    """What moves, in words: from ``before`` to ``after``. ``mobile``, which is E.164, and ``warning`` may be empty."""

    who: str
    what: str
    before: str
    after: str
    mobile: str
    warning: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would move, from whom on, and what of it would be ``doubled``: double-booked with what doesn't move.

    ``awaited`` are those whom it can begin with, by id and in words. ``stays_from`` is when the rest begins that keeps
    its times; empty when nothing does. ``known`` is everything that is in the day.
    """

    practitioner: int
    name: str
    awaited: tuple[tuple[int, str], ...]
    first: int | None
    moves: tuple[Later, ...]
    doubled: frozenset[int]
    lines: tuple[Line, ...]
    stays_from: str
    known: frozenset[int]

    @property
    def seal(self) -> str:
        """What stands for exactly this plan: another one has another."""
        moves = [
            (later.entry.id, later.entry.version, later.starts_at.isoformat(), later.ends_at.isoformat())
            for later in self.moves
        ]
        return hashlib.sha256(repr((moves, sorted(self.doubled))).encode()).hexdigest()


async def plan_delay(form: DelayForm, practitioner: int, clinic: ClinicSettings, *, by: Viewer) -> Plan:
    """What the delay would do to today. It begins with whoever is awaited next, unless the form says otherwise.

    Raises NotFound and Forbidden for a diary that ``by`` doesn't keep.
    """
    require_keeper(practitioner, clinic, by=by)
    today, when = today_in(clinic), renderer(clinic)
    people = await practitioners_on(today, by, clinic.colleague_access)
    person = chosen(practitioner, people, AS_IT_COMES)
    start, _end = day_window(today, clinic.zone)
    entries = await entries_of_today(practitioner, clinic)
    movable = [entry for entry in entries if entry.status in AWAITED and entry.starts_at >= start]
    awaited = [entry for entry in movable if not entry.is_block and entry.ends_at > now()]
    first = next((entry for entry in awaited if entry.id == form.first), awaited[0] if awaited else None)
    rest = [entry for entry in movable if first and entry.starts_at >= first.starts_at]
    moves = put_off(rest, timedelta(minutes=form.minutes), form.taken_up_by)
    moving = {later.entry.id for later in moves}
    problems = await _problems(moves, clinic, by=by)
    return Plan(
        practitioner,
        person.name,
        tuple((entry.id, f"{when.time(entry.starts_at)} {who_and_what(entry)[0]}") for entry in awaited),
        first.id if first else None,
        tuple(moves),
        frozenset(one for one, problem in problems.items() if problem.offers is Despite.TAKEN),
        tuple(_line(later, problems.get(later.entry.id), when) for later in moves),
        next((when.time(entry.starts_at) for entry in rest if entry.id not in moving), ""),
        frozenset(entry.id for entry in entries),
    )


async def entries_of_today(practitioner: int, clinic: ClinicSettings) -> list[Entry]:
    """What takes the practitioner's time today."""
    window = day_window(today_in(clinic), clinic.zone)
    return [entry for entry in await entries_between([practitioner], *window) if entry.occupies]


async def _problems(moves: Sequence[Later], clinic: ClinicSettings, *, by: Viewer) -> dict[int, Problem]:
    """What is in the way, by appointment. Nobody needs leave to have lunch outside working hours."""
    if not moves:
        return {}
    moving = [later.entry.id for later in moves]
    rooms = {stored.id: stored.room for stored in await load_snapshots(moving)}
    wanted = {
        later.entry: Wanted(
            later.entry.practitioner, later.starts_at, later.ends_at, rooms.get(later.entry.id)
        )
        for later in moves
    }
    against = await read_against([*wanted.values()], clinic, by=by, leaving=moving, hours=True)
    found = {entry: against.problem(time) for entry, time in wanted.items()}
    return {
        entry.id: problem
        for entry, problem in found.items()
        if problem and not (entry.is_block and problem.offers is Despite.HOURS)
    }


def _line(later: Later, problem: Problem | None, when: Renderer) -> Line:
    entry = later.entry
    who, what = who_and_what(entry)
    return Line(
        who,
        " · ".join(part for part in (what, entry.room) if part),
        when.time(entry.starts_at),
        when.time(later.starts_at),
        entry.attendees[0].mobile if len(entry.attendees) == 1 else "",
        problem.says if problem else "",
    )
