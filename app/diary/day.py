"""The day as a page: a column for each practitioner, with everything in it placed and put into words.

Nothing here reads or waits. A day is rendered on every request for it, so its objects are slotted and hold finished
strings: the template only puts them down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.diary.blocks import Block, BlockWriter
from app.diary.entries import Busy, Entry
from app.diary.periods import Span, between, lanes, place, shown_hours, wall_span
from app.diary.practitioners import Practitioner
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Column:
    """A practitioner's day. ``worktimes`` and ``breaks`` are the classes that place them."""

    practitioner: int
    name: str
    initials: str
    note: str
    worktimes: tuple[str, ...]
    breaks: tuple[str, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class DayView:
    """The hours from ``opens`` to ``closes``, 0 to 24, their names in the ``gutter``, and the columns beside them."""

    opens: int
    closes: int
    gutter: tuple[tuple[int, str], ...]
    columns: tuple[Column, ...]


def day_view(
    day: date, today: date, people: Sequence[Practitioner], entries: Sequence[Entry | Busy], when: Renderer
) -> DayView:
    """Lay the day out; ``entries`` are in time's order."""
    placed = [(entry, wall_span(entry.starts_at, entry.ends_at, day, when.zone)) for entry in entries]
    worked = [span for person in people for span in person.hours]
    opens, closes = shown_hours([*(span for _, span in placed), *worked])
    face = when.clock_face()
    writer = BlockWriter(when)
    columns = (
        _column(
            person,
            [(entry, span) for entry, span in placed if entry.practitioner == person.id],
            writer,
            today=day == today,
        )
        for person in people
    )
    return DayView(
        opens,
        closes,
        tuple((hour, face[hour * 60]) for hour in range(opens, closes)),
        tuple(columns),
    )


def initials(name: str) -> str:
    """The first letters of the first and the last name."""
    names = name.split()
    return "".join(part[0] for part in names[:: max(len(names) - 1, 1)]).upper()


def _column(
    person: Practitioner, placed: Sequence[tuple[Entry | Busy, Span]], writer: BlockWriter, *, today: bool
) -> Column:
    places = lanes([span for _, span in placed])
    return Column(
        person.id,
        person.name,
        initials(person.name),
        _note([entry for entry, _ in placed], working=bool(person.hours), today=today),
        tuple(place(span) for span in person.hours),
        tuple(place(span) for span in between(person.hours)),
        tuple(writer.write(entry, span, lane) for (entry, span), lane in zip(placed, places, strict=True)),
    )


def _note(entries: Sequence[Entry | Busy], *, working: bool, today: bool) -> str:
    """How many appointments there are, cancelled ones and blocks aside."""
    booked = sum(isinstance(entry, Entry) and entry.occupies and not entry.is_block for entry in entries)
    if not booked:
        return "" if working else _("not working")
    if today:
        return ngettext("{n} today", "{n} today", booked).format(n=booked)
    return ngettext("{n} booked", "{n} booked", booked).format(n=booked)
