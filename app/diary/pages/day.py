"""The day as a page, a column for each practitioner, and the week, a column for each day of one practitioner's:
everything in it placed and put into words.

Nothing here reads or waits. A day is rendered on every request for it, so its objects are slotted and hold finished
strings: the template only puts them down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.clock import day_window
from app.diary.entries import Busy, Entry, first_lapse
from app.diary.hours.practitioners import Practitioner
from app.diary.hours.words import day_words
from app.diary.pages.blocks import Block, BlockWriter
from app.diary.periods import Span, lanes, place, shown_hours, wall_span
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _

Placed = tuple[Entry | Busy, Span]


@dataclass(frozen=True, slots=True)
class Column:
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
    placed: dict[int, list[Placed]] = {person.id: [] for person in people}
    for entry in entries:
        span = wall_span(entry.starts_at, entry.ends_at, day, when.zone)
        placed[entry.practitioner].append((entry, span))
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
    placed: dict[date, list[Placed]] = {}
    for day in person_on:
        start, end = day_window(day, when.zone)
        placed[day] = [
            (entry, wall_span(entry.starts_at, entry.ends_at, day, when.zone))
            for entry in entries
            if entry.starts_at < end and entry.ends_at > start
        ]
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
    placed: Collection[Sequence[Placed]],
    people: Iterable[Practitioner],
    when: Renderer,
) -> DayView:
    """The columns on the hours that hold all that is in them."""
    shown = [span for column in placed for _, span in column]
    opens, closes = shown_hours([*shown, *(span for person in people for span in person.hours)])
    face = when.clock_face()
    gutter = tuple((hour, face[hour * 60]) for hour in range(opens, closes))
    lapses_at = first_lapse(entry for column in placed for entry, _ in column)
    return DayView(opens, closes, gutter, tuple(columns), lapses_at)


def initials(name: str) -> str:
    """The first letters of the first and the last name."""
    names = name.split()
    return "".join(part[0] for part in names[:: max(len(names) - 1, 1)]).upper()


def _column(
    key: str,
    day: date,
    person: Practitioner,
    head: tuple[str, str, str],
    placed: Sequence[Placed],
    writer: BlockWriter,
    when: Renderer,
    *,
    today: bool,
) -> Column:
    work = person.work
    particular = _("has left") if person.left else day_words(work, when)
    return Column(
        key,
        person.id,
        person.left,
        day,
        *head,
        " · ".join(filter(None, (_booked(placed, today=today), particular)))
        or ("" if work.planned else _("not working")),
        tuple(place(span) for span in work.hours),
        tuple(place(span) for span in work.breaks),
        tuple((place(away.span), away.name) for away in work.missed),
        tuple(writer.write(entry, where) for entry, where in _places(placed)),
    )


def _places(placed: Sequence[Placed]) -> list[tuple[Entry | Busy, str]]:
    """Where each stands. Who was cancelled stands aside, in a strip at the edge, of who has the time now."""
    taken = [span for entry, span in placed if entry.occupies]
    freed = [span for entry, span in placed if not entry.occupies]
    if not freed:
        return [(entry, place(span, lane)) for (entry, span), lane in zip(placed, lanes(taken), strict=True)]
    aside = {span for span in freed if _meets(span, taken)}
    beside = iter(lanes([span for entry, span in placed if entry.occupies or span not in aside]))
    places = []
    for entry, span in placed:
        if not entry.occupies and span in aside:
            places.append((entry, f"{place(span)} aside"))
            continue
        lane = next(beside)
        room = " makes-room" if entry.occupies and _meets(span, aside) else ""
        places.append((entry, f"{place(span, lane)}{room}"))
    return places


def _meets(span: Span, others: Iterable[Span]) -> bool:
    return any(other.start < span.end and other.end > span.start for other in others)


def _booked(placed: Sequence[Placed], *, today: bool) -> str:
    """How many appointments there are, cancelled ones and blocks aside; empty when there is none."""
    booked = sum(isinstance(entry, Entry) and entry.occupies and not entry.is_block for entry, _ in placed)
    if not booked:
        return ""
    if today:
        return ngettext("{n} today", "{n} today", booked).format(n=booked)
    return ngettext("{n} booked", "{n} booked", booked).format(n=booked)
