"""When somebody works, by the wall clock: an ordinary week, hours changed on single days, and absences.

Nothing here reads or waits. What somebody is away from wins: on a holiday nobody works, whatever their hours say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from app.diary.periods import MIDNIGHT, Span, between, merged, without

WHOLE_DAY = Span(0, MIDNIGHT)


class Stretch(NamedTuple):
    """Working time without a break, and the name of the place, if that matters."""

    span: Span
    place: str = ""


class Away(NamedTuple):
    """The part of a day in which somebody isn't there, and why; ``of_clinic`` when nobody is."""

    span: Span
    name: str
    of_clinic: bool = False

    @property
    def all_day(self) -> bool:
        """Whether nothing of the day is left."""
        return self.span == WHOLE_DAY


class Absence(NamedTuple):
    """The same on each day from the first to the last one."""

    first: date
    last: date
    away: Away


@dataclass(frozen=True, slots=True)
class Workday:
    """A day's work: the ``planned`` stretches, in order and merged, and where; ``away`` is missed of it."""

    planned: tuple[Span, ...] = ()
    places: tuple[str, ...] = ()
    away: tuple[Away, ...] = ()

    @property
    def hours(self) -> tuple[Span, ...]:
        """What is worked."""
        if not self.away:
            return self.planned
        missed = [away.span for away in self.away]
        return tuple(left for span in self.planned for left in without(span, missed))

    @property
    def breaks(self) -> tuple[Span, ...]:
        """The gaps that are planned, as far as one is there to have them."""
        missed = [away.span for away in self.away]
        return tuple(left for span in between(self.planned) for left in without(span, missed))

    @property
    def missed(self) -> tuple[Away, ...]:
        """The absences, each cut to the time from the beginning to the end of the day's work."""
        if not self.planned:
            return ()
        first, last = self.planned[0].start, self.planned[-1].end
        return tuple(
            away._replace(span=Span(max(away.span.start, first), min(away.span.end, last)))
            for away in self.away
            if away.span.start < last and away.span.end > first
        )


@dataclass(frozen=True, slots=True)
class Timetable:
    """What is known of when somebody works: by weekday (Monday is 0), by day, and when they are away.

    ``later`` are other weeks, each by the day from which on it counts.
    """

    week: Mapping[int, Sequence[Stretch]] = field(default_factory=dict)
    changed: Mapping[date, Sequence[Stretch]] = field(default_factory=dict)
    absences: Sequence[Absence] = ()
    later: Mapping[date, Mapping[int, Sequence[Stretch]]] = field(default_factory=dict)
    _days: dict[date, Workday] = field(init=False, default_factory=dict, repr=False, compare=False)

    def on(self, day: date) -> Workday:
        """The work of that day; worked out once, since timetables are kept as long as nothing changes."""
        if day not in self._days:
            self._days[day] = self._work_out(day)
        return self._days[day]

    def _work_out(self, day: date) -> Workday:
        stretches = self.changed.get(day) or self.week_on(day).get(day.weekday(), ())
        return Workday(
            tuple(merged(stretch.span for stretch in stretches)),
            tuple(dict.fromkeys(stretch.place for stretch in stretches if stretch.place)),
            tuple(absence.away for absence in self.absences if absence.first <= day <= absence.last),
        )

    def week_on(self, day: date) -> Mapping[int, Sequence[Stretch]]:
        """The ordinary week that counts that day."""
        begun = [since for since in self.later if since <= day]
        return self.later[max(begun)] if begun else self.week

    def is_known_on(self, day: date) -> bool:
        """Whether anybody has said when they work: else no time is a wrong one."""
        return bool(self.week) or day in self.changed or any(since <= day for since in self.later)
