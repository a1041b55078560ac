"""One entry as it stands in a column: placed, and put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.diary.entries import Busy, Entry
from app.diary.periods import Lane, Span, place
from app.diary.statuses import status_words
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Block:
    """``href`` and ``status`` are empty where the viewer may know only that the time is taken."""

    css: str
    href: str
    status: str
    label: str
    time: str
    who: str
    what: str
    new: bool = False
    online: bool = False
    alert: bool = False


def who_and_what(entry: Entry) -> tuple[str, str]:
    """The two lines of an entry: the patient and the type, the class and how many come, or the block's title."""
    if entry.type is None:
        return entry.title, ""
    if len(entry.attendees) == 1:
        return entry.attendees[0].name, entry.type
    coming = len(entry.attendees)
    return entry.type, ngettext("{n} patient", "{n} patients", coming).format(n=coming)


class BlockWriter:
    """Makes blocks. It keeps what every one of a page's needs: the clock's minutes, the words for the statuses."""

    def __init__(self, when: Renderer) -> None:
        self._zone = when.zone
        self._face = when.clock_face()
        self._statuses = status_words()

    def write(self, entry: Entry | Busy, span: Span, lane: Lane) -> Block:
        """The block of that entry at that place."""
        where = place(span, lane)
        starts = self._clock(entry.starts_at)
        until = _("{start} to {end}").format(start=starts, end=self._clock(entry.ends_at))
        if isinstance(entry, Busy):
            return Block(f"block fill-none {where}", "", "", until, starts, _("busy"), "")
        who, what = who_and_what(entry)
        new = any(attendee.new for attendee in entry.attendees)
        alert = any(attendee.alert for attendee in entry.attendees)
        said = (
            until,
            who,
            new and _("new patient"),
            what,
            not entry.is_block and self._statuses[entry.status],
            entry.booked_online and _("booked online"),
            alert and _("alert"),
        )
        return Block(
            f"block fill-{entry.colour or 'none'} {where}",
            f"/diary/appointments/{entry.id}",
            "" if entry.is_block else entry.status,
            ", ".join(part for part in said if part),
            starts,
            who,
            what,
            new,
            entry.booked_online,
            alert,
        )

    def _clock(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return self._face[local.hour * 60 + local.minute]
