"""What a delay would do to a practitioner's day: who is seen when instead, and what stands against it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, renderer
from app.clock import day_window, now
from app.db import rows
from app.diary.blocks import who_and_what
from app.diary.changes import require_keeper
from app.diary.delay import Later, put_off
from app.diary.delay_forms import DelayForm
from app.diary.diaries import chosen, today_in
from app.diary.entries import LONGEST, Entry, entries_between
from app.diary.hours import WorkingTime, working_time
from app.diary.practitioners import practitioners_on
from app.diary.preferences import AS_IT_COMES
from app.diary.statuses import AWAITED, FREEING
from app.i18n import Renderer
from app.i18n import gettext as _


class Taken(NamedTuple):
    """Somebody else's time in a room that one would need."""

    room: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What moves, in words: from its time ``before`` to ``after`` and ``ends``. ``mobile`` is E.164 or empty."""

    who: str
    what: str
    before: str
    after: str
    ends: str
    mobile: str
    warnings: tuple[str, ...]


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
    start, end = day_window(today, clinic.zone)
    entries = await entries_of_today(practitioner, clinic)
    movable = [entry for entry in entries if entry.status in AWAITED and entry.starts_at >= start]
    awaited = [entry for entry in movable if not entry.is_block and entry.ends_at > now()]
    first = next((entry for entry in awaited if entry.id == form.first), awaited[0] if awaited else None)
    rest = [entry for entry in movable if first and entry.starts_at >= first.starts_at]
    delay = timedelta(minutes=form.minutes)
    moves = put_off(rest, delay, form.taken_up_by)
    moving = {later.entry.id for later in moves}
    against = _Against(
        [entry for entry in entries if entry.id not in moving],
        await _rooms_taken(practitioner, start, end + delay),
        await working_time(practitioner, [today, today + timedelta(days=1)], clinic.zone),
        when,
    )
    return Plan(
        practitioner,
        person.name,
        tuple((entry.id, f"{when.time(entry.starts_at)} {who_and_what(entry)[0]}") for entry in awaited),
        first.id if first else None,
        tuple(moves),
        frozenset(later.entry.id for later in moves if against.collisions(later)),
        tuple(_line(later, against, when) for later in moves),
        next((when.time(entry.starts_at) for entry in rest if entry.id not in moving), ""),
        frozenset(entry.id for entry in entries),
    )


async def entries_of_today(practitioner: int, clinic: ClinicSettings) -> list[Entry]:
    """What takes the practitioner's time today."""
    window = day_window(today_in(clinic), clinic.zone)
    return [entry for entry in await entries_between([practitioner], *window) if entry.occupies]


def _line(later: Later, against: _Against, when: Renderer) -> Line:
    entry = later.entry
    who, what = who_and_what(entry)
    return Line(
        who,
        " · ".join(part for part in (what, entry.room) if part),
        when.time(entry.starts_at),
        when.time(later.starts_at),
        when.time(later.ends_at),
        entry.attendees[0].mobile if len(entry.attendees) == 1 else "",
        (*against.collisions(later), *against.hours(later)),
    )


class _Against:
    """What a new time is held against: what doesn't move, rooms that others have, and working hours."""

    def __init__(
        self,
        staying: Sequence[Entry],
        rooms: Mapping[int, Sequence[Taken]],
        working: WorkingTime,
        when: Renderer,
    ) -> None:
        self._staying = staying
        self._rooms = rooms
        self._working = working
        self._when = when

    def collisions(self, later: Later) -> tuple[str, ...]:
        """Whom or what it would be double-booked with."""
        with_whom = [
            _("{who} is booked {time}").format(who=who_and_what(entry)[0], time=self._span(entry))
            for entry in self._staying
            if _meet(later, entry)
        ]
        where = [
            _("{room} is taken {time}").format(room=taken.room, time=self._span(taken))
            for taken in self._rooms.get(later.entry.id, ())
            if _meet(later, taken)
        ]
        return (*with_whom, *where)

    def hours(self, later: Later) -> tuple[str, ...]:
        """Whether it leaves the working hours, which only warns; nobody needs leave for a late lunch."""
        entry = later.entry
        leaves = self._working.covers(entry.starts_at, entry.ends_at) and not self._working.covers(
            later.starts_at, later.ends_at
        )
        return (_("outside working hours"),) if leaves and not entry.is_block else ()

    def _span(self, taken: Entry | Taken) -> str:
        return f"{self._when.time(taken.starts_at)} – {self._when.time(taken.ends_at)}"


def _meet(one: Later, other: Entry | Taken) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


async def _rooms_taken(practitioner: int, start: datetime, end: datetime) -> dict[int, list[Taken]]:
    """For each of the practitioner's appointments in that time, when others have its room, unless they share it."""
    found = await rows(
        f"""
        SELECT a.id, r.name AS room, o.starts_at, o.ends_at
        FROM appointment a
        JOIN room r ON r.id = a.room AND NOT r.shared
        JOIN appointment o ON o.room = a.room AND o.practitioner <> a.practitioner
        WHERE a.practitioner = {{}} AND a.starts_at >= {{}} AND a.starts_at < {{}}
          AND o.starts_at >= {{}} AND o.starts_at < {{}} AND o.ends_at > {{}}
          AND o.status NOT IN ({", ".join(["{}"] * len(FREEING))})
          AND (o.held_until IS NULL OR o.held_until > {{}})
        ORDER BY o.starts_at, o.id
        """,
        practitioner,
        start,
        end,
        start - LONGEST,
        end,
        start,
        *FREEING,
        now(),
    )
    taken: dict[int, list[Taken]] = defaultdict(list)
    for row in found:
        taken[row["id"]].append(Taken(row["room"], row["starts_at"], row["ends_at"]))
    return taken
