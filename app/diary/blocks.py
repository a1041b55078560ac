"""One entry as it stands in a column: placed, and put into words."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from app.diary.entries import Busy, Entry
from app.diary.statuses import status_words
from app.i18n import Renderer, ngettext
from app.i18n import gettext as _


class Block(NamedTuple):
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
    """Makes blocks. It keeps what every one of a page's needs: the clock's minutes, and words."""

    def __init__(self, when: Renderer) -> None:
        self._zone = when.zone
        self._face = when.clock_face()
        self._statuses = status_words()
        self._from_to = _("{start} to {end}")

    def write(self, entry: Entry | Busy, where: str) -> Block:
        """The block of that entry; ``where`` is the classes that place it."""
        starts = self._clock(entry.starts_at)
        label = self._from_to.format(start=starts, end=self._clock(entry.ends_at))
        if isinstance(entry, Busy):
            return Block(f"block fill-none {where}", "", "", label, starts, _("busy"), "")
        href = f"/diary/appointments/{entry.id}"
        who, what = who_and_what(entry)
        label = f"{label}, {who}"
        if entry.is_block:
            return Block(f"block fill-none {where}", href, "", label, starts, who, what)
        new = alert = False
        for attendee in entry.attendees:
            new = new or attendee.new
            alert = alert or attendee.alert != ""
        if new:
            label = f"{label}, {_('new patient')}"
        label = f"{label}, {what}, {self._statuses[entry.status]}"
        if entry.booked_online:
            label = f"{label}, {_('booked online')}"
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
        )

    def _clock(self, at: datetime) -> str:
        local = at.astimezone(self._zone)
        return self._face[local.hour * 60 + local.minute]
