"""The day as a list, for phones and for print: who is first, what comes, and the gaps as gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_

from app.clock import local_day
from app.diary.deeds import Deed, deeds_for
from app.diary.entries import Entry, first_lapse, who_and_what
from app.diary.hours.practitioners import Practitioner
from app.diary.hours.timetables import Workday
from app.diary.hours.words import day_words
from app.diary.periods import Span, wall_clock, without
from app.diary.statuses import EXPECTED, status_words
from app.diary.tables import Status
from app.diary.told import Sign, signs
from app.i18n import Renderer
from app.i18n import gettext as _

# Less is a breath between two patients, not a gap.
SHORTEST_GAP = 10

_DONE = frozenset({Status.COMPLETED, Status.DID_NOT_ATTEND})


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An appointment as a line. ``alert``, which whoever treats the patient must know, and ``mobile`` may be empty.

    ``next`` is what one does about it next, if that is plain, as of ``version``.
    """

    id: int
    href: str
    status: str
    status_word: str
    starts: str
    ends: str
    who: str
    what: str
    alert: str
    mobile: str
    new: bool
    next: Deed | None
    version: int
    told: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """Time without patients: free, a break, or a block by its title."""

    starts: str
    ends: str
    what: str


@dataclass(frozen=True, slots=True)
class Agenda:
    """One practitioner's day. Today it begins with the ``first`` patient, under a heading; ``earlier`` is over.

    ``note`` is what is particular about the day's work, such as leave. At ``lapses_at`` the first hold on it is over.
    """

    practitioner: int
    name: str
    note: str
    heading: str
    first: AgendaItem | None
    earlier: tuple[AgendaItem, ...]
    lines: tuple[AgendaItem | Gap, ...]
    lapses_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody comes, or came."""
        return not (self.first or self.earlier or any(isinstance(line, AgendaItem) for line in self.lines))

    @property
    def nothing_more(self) -> bool:
        """Whether it has been a day with patients, and none is left."""
        return not (self.first or any(isinstance(line, AgendaItem) for line in self.lines)) and bool(
            self.earlier
        )


def agenda_view(
    person: Practitioner, day: date, at: datetime, entries: Sequence[Entry], when: Renderer
) -> Agenda:
    """Tell the day as it looks at the moment ``at``; ``entries`` are in time's order."""
    writer = _Writer(day, at, when)
    today = day == local_day(at, when.zone)
    first = _first(entries, at) if today else None
    over: list[Entry] = []
    coming: list[Entry] = []
    for entry in entries:
        if entry is not first:
            (over if today and _is_over(entry, at) else coming).append(entry)
    lines = [(writer.span(entry), writer.line(entry)) for entry in coming]
    gaps = writer.gaps([entry for entry in entries if entry.occupies], person.work)
    if today:
        passed = wall_clock(day, when.zone).minute(at)
        gaps = [(span, gap) for span, gap in gaps if span.end > passed]
    return Agenda(
        person.id,
        person.name,
        day_words(person.work, when),
        _heading(first, at, when) if first else "",
        writer.item(first) if first else None,
        tuple(writer.item(entry) for entry in over if not entry.is_block),
        tuple(line for _, line in sorted([*lines, *gaps], key=lambda one: one[0])),
        first_lapse(entries),
    )


def _first(entries: Sequence[Entry], at: datetime) -> Entry | None:
    """Who is in session, the one that began last if there are several; else who comes next."""
    in_session = [entry for entry in entries if entry.status == Status.IN_SESSION and not entry.is_block]
    if in_session:
        return in_session[-1]
    coming = (entry for entry in entries if entry.occupies and not entry.is_block and not _is_over(entry, at))
    return next(coming, None)


def _is_over(entry: Entry, at: datetime) -> bool:
    return entry.ends_at <= at or entry.status in _DONE


def _heading(first: Entry, at: datetime, when: Renderer) -> str:
    if first.status == Status.IN_SESSION:
        return _("In session until {time}").format(time=when.time(first.ends_at))
    if first.starts_at > at:
        return _("Next, at {time}").format(time=when.time(first.starts_at))
    return _("Due at {time}").format(time=when.time(first.starts_at))


class _Writer:
    """Puts a day's entries and gaps into words."""

    def __init__(self, day: date, at: datetime, when: Renderer) -> None:
        self._at = at
        self._clock = wall_clock(day, when.zone)
        self._when = when
        self._face = when.clock_face()
        self._statuses = status_words()

    def span(self, entry: Entry) -> Span:
        return self._clock.span(entry.starts_at, entry.ends_at)

    def line(self, entry: Entry) -> AgendaItem | Gap:
        if entry.is_block:
            return Gap(self._when.time(entry.starts_at), self._when.time(entry.ends_at), entry.title)
        return self.item(entry)

    def _status_word(self, entry: Entry) -> str:
        word = self._statuses[entry.status]
        overdue = entry.status in EXPECTED and entry.starts_at < self._at
        return _("{status}, overdue").format(status=word) if overdue else word

    def item(self, entry: Entry) -> AgendaItem:
        who, what = who_and_what(entry)
        alone = None if entry.is_class or not entry.attendees else entry.attendees[0]
        return AgendaItem(
            entry.id,
            f"/diary/appointments/{entry.id}",
            entry.status,
            self._status_word(entry),
            self._when.time(entry.starts_at),
            self._when.time(entry.ends_at),
            who,
            " · ".join(part for part in (what, entry.room) if part),
            alone.alert if alone else "",
            alone.mobile if alone else "",
            any(attendee.new for attendee in entry.attendees),
            deeds_for(entry.status, today=True).next,
            entry.version,
            signs(reduce(or_, (attendee.told for attendee in entry.attendees), 0)),
        )

    def gaps(self, taken: Sequence[Entry], work: Workday) -> list[tuple[Span, Gap]]:
        """What the working day has between the appointments."""
        busy = [self.span(entry) for entry in taken]
        return [
            (gap, Gap(self._face[gap.start], self._face[gap.end % len(self._face)], what))
            for what, stretches in (
                (_("free"), work.hours),
                (_("break"), work.breaks),
                *((away.name, [away.span]) for away in work.missed if work.hours),
            )
            for stretch in stretches
            for gap in without(stretch, busy)
            if gap.end - gap.start >= SHORTEST_GAP
        ]
