"""The day as a page, a column for each practitioner, and the week, a column for each day of one practitioner's:
everything in it placed and put into words.

Nothing here reads or waits. A day is rendered on every request for it, so its objects are slotted and hold finished
strings: the template only puts them down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

from app.diary.entries import Busy, Entry, first_lapse
from app.diary.hours.practitioners import Practitioner
from app.diary.hours.timetables import Workday
from app.diary.hours.words import day_words
from app.diary.pages.blocks import Block, BlockWriter
from app.diary.periods import Span, lanes, place, shown_hours, wall_clock
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _


class _Placed(NamedTuple):
    """An entry, the minutes of the day from which to which it runs, and what it covers of the day."""

    entry: Entry | Busy
    first: int
    last: int
    span: Span


_SPAN = attrgetter("span")


class Column(NamedTuple):
    """A practitioner's day, headed by whose or which it is: in a week ``href`` leads to the day.

    Nothing is booked any more with whoever has ``left``. ``worktimes`` and ``breaks`` are the classes that place them,
    ``away`` those of each absence with its name.
    """

    key: str
    practitioner: int
    left: bool
    day: date
    name: str
    href: str
    initials: str
    note: str
    worktimes: tuple[str, ...]
    breaks: tuple[str, ...]
    away: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """The hours from ``opens`` to ``closes``, 0 to 24, their names in the ``gutter``, and the columns beside them.

    At ``lapses_at`` the first hold among them is over.
    """

    opens: int
    closes: int
    gutter: tuple[tuple[int, str], ...]
    columns: tuple[Column, ...]
    lapses_at: datetime | None = None


def day_view(
    day: date, today: date, people: Sequence[Practitioner], entries: Sequence[Entry | Busy], when: Renderer
) -> DayView:
    """Lay the day out; ``entries`` are in time's order."""
    clock = wall_clock(day, when.zone)
    placed: dict[int, list[_Placed]] = {person.id: [] for person in people}
    for entry in entries:
        placed[entry.practitioner].append(_Placed(entry, *clock.drawn(entry.starts_at, entry.ends_at)))
    writer = BlockWriter(when)
    columns = (
        _column(
            str(person.id),
            day,
            person,
            (person.name, "", initials(person.name)),
            placed[person.id],
            writer,
            when,
            today=day == today,
        )
        for person in people
    )
    return _ruled(columns, placed.values(), people, when)


def week_view(
    person_on: Mapping[date, Practitioner], today: date, entries: Sequence[Entry | Busy], when: Renderer
) -> DayView:
    """Lay a practitioner's days out side by side; ``entries`` are in time's order."""
    days = list(person_on)
    clock = wall_clock(days[0], when.zone, len(days))
    placed: dict[date, list[_Placed]] = {day: [] for day in days}
    for entry in entries:
        for number, first, last, span in clock.pieces(entry.starts_at, entry.ends_at):
            placed[days[number]].append(_Placed(entry, first, last, span))
    writer = BlockWriter(when)
    columns = (
        _column(
            str(day),
            day,
            person,
            (when.day_short(day), f"/diary/day/{day}", ""),
            placed[day],
            writer,
            when,
            today=day == today,
        )
        for day, person in person_on.items()
    )
    return _ruled(columns, placed.values(), person_on.values(), when)


def _ruled(
    columns: Iterable[Column],
    placed: Collection[Sequence[_Placed]],
    people: Iterable[Practitioner],
    when: Renderer,
) -> DayView:
    """The columns on the hours that hold all that is in them."""
    shown = map(_SPAN, chain.from_iterable(placed))
    opens, closes = shown_hours([*shown, *(span for person in people for span in person.hours)])
    face = when.clock_face()
    gutter = tuple((hour, face[hour * 60]) for hour in range(opens, closes))
    lapses_at = first_lapse(one.entry for column in placed for one in column)
    return DayView(opens, closes, gutter, tuple(columns), lapses_at)


@lru_cache(maxsize=256)
def initials(name: str) -> str:
    """The first letters of the first and the last name."""
    names = name.split()
    return "".join(part[0] for part in names[:: max(len(names) - 1, 1)]).upper()


def _column(
    key: str,
    day: date,
    person: Practitioner,
    head: tuple[str, str, str],
    placed: Sequence[_Placed],
    writer: BlockWriter,
    when: Renderer,
    *,
    today: bool,
) -> Column:
    work = person.work
    taken = [one for one in placed if one.entry.occupies]
    particular = _("has left") if person.left else day_words(work, when)
    return Column(
        key,
        person.id,
        person.left,
        day,
        *head,
        " · ".join(filter(None, (_booked(taken, today=today), particular)))
        or ("" if work.planned else _("not working")),
        *_drawn(work),
        tuple(
            writer.write(one.entry, one.first, one.last, where)
            for one, where in zip(placed, _places(placed, taken), strict=True)
        ),
    )


@lru_cache(maxsize=512)
def _drawn(work: Workday) -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Where its hours, its breaks and the absences are."""
    return (
        tuple(place(span) for span in work.hours),
        tuple(place(span) for span in work.breaks),
        tuple((place(away.span), away.name) for away in work.missed),
    )


def _places(placed: Sequence[_Placed], taken: Sequence[_Placed]) -> list[str]:
    """Where each stands. Who was cancelled stands aside, in a strip at the edge, of who has the time now."""
    spans = list(map(_SPAN, placed))
    if len(taken) == len(placed):
        return list(map(place, spans, lanes(spans)))
    occupied = list(map(_SPAN, taken))
    aside = {one.span for one in placed if not one.entry.occupies and _meets(one.span, occupied)}
    beside = iter(lanes([one.span for one in placed if one.entry.occupies or one.span not in aside]))
    places = []
    for entry, span in ((one.entry, one.span) for one in placed):
        if not entry.occupies and span in aside:
            places.append(f"{place(span)} aside")
            continue
        lane = next(beside)
        room = " makes-room" if entry.occupies and _meets(span, aside) else ""
        places.append(f"{place(span, lane)}{room}")
    return places


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start < span.end and other.end > span.start for other in others)


def _booked(taken: Sequence[_Placed], *, today: bool) -> str:
    """How many appointments there are, blocks aside; empty when there is none."""
    booked = sum(isinstance(one.entry, Entry) and not one.entry.is_block for one in taken)
    if not booked:
        return ""
    if today:
        return ngettext("{n} today", "{n} today", booked).format(n=booked)
    return ngettext("{n} booked", "{n} booked", booked).format(n=booked)
