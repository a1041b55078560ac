"""One entry as it stands in a column: placed, and put into words."""

from __future__ import annotations

from typing import NamedTuple

from app.diary.entries import Busy, Entry, who_and_what
from app.diary.statuses import SETTLED, status_words
from app.i18n import Renderer
from app.i18n import gettext as _


class Block(NamedTuple):
    """``href`` and ``status`` are empty where the viewer may know only that the time is taken.

    ``version`` is 0 for what stays where it is: only the others are dragged.
    """

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
    version: int = 0
    repeats: bool = False


class BlockWriter:
    """Makes blocks. It keeps what every one of a page's needs: the clock's minutes, and words."""

    def __init__(self, when: Renderer) -> None:
        self._zone = when.zone
        self._face = when.clock_face()
        self._statuses = status_words()
        self._from_to = _("{start} to {end}")

    def write(self, entry: Entry | Busy, where: str) -> Block:
        """The block of that entry; ``where`` is the classes that place it."""
        first, last = entry.starts_at.astimezone(self._zone), entry.ends_at.astimezone(self._zone)
        starts = self._face[first.hour * 60 + first.minute]
        label = self._from_to.format(start=starts, end=self._face[last.hour * 60 + last.minute])
        if isinstance(entry, Busy):
            return Block(f"block fill-none {where}", "", "", label, starts, _("busy"), "")
        href = f"/diary/appointments/{entry.id}"
        who, what = who_and_what(entry)
        label = f"{label}, {who}"
        # A column shows only a part of what runs through midnight, so nobody could see where that part is dragged from.
        version = entry.version if entry.status not in SETTLED and first.date() == last.date() else 0
        if entry.is_block:
            label = f"{label}, {_('repeats')}" if entry.repeats else label
            css = f"block fill-none {where}"
            return Block(css, href, "", label, starts, who, what, version=version, repeats=entry.repeats)
        new = alert = False
        for attendee in entry.attendees:
            new = new or attendee.new
            alert = alert or attendee.alert != ""
        if new:
            label = f"{label}, {_('new patient')}"
        label = f"{label}, {what}, {self._statuses[entry.status]}"
        if entry.booked_online:
            label = f"{label}, {_('booked online')}"
        if entry.repeats:
            label = f"{label}, {_('repeats')}"
        if alert:
            label = f"{label}, {_('alert')}"
        return Block(
            f"block fill-{entry.colour} {where}",
            href,
            entry.status,
            label,
            starts,
            who,
            what,
            new,
            entry.booked_online,
            alert,
            version,
            entry.repeats,
        )
