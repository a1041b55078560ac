"""One entry as it stands in a column: placed, and put into words."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.diary.entries import Busy, Entry, who_and_what
from app.diary.periods import MIDNIGHT
from app.diary.statuses import SETTLED, status_words
from app.diary.told import Sign, sign_words, signs
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
    told: tuple[Sign, ...] = ()


@lru_cache(maxsize=4096)
def _from_to(starts: str, ends: str) -> str:
    return _("{start} to {end}").format(start=starts, end=ends)


class BlockWriter:
    """Makes blocks. It keeps what every one of a page's needs: the clock's minutes, and words."""

    def __init__(self, when: Renderer) -> None:
        self._face = when.clock_face()
        self._statuses = status_words()
        self._new = f", {_('new patient')}"
        self._online = f", {_('booked online')}"
        self._repeats = f", {_('repeats')}"
        self._alert = f", {_('alert')}"

    def write(self, entry: Entry | Busy, first: int, last: int, where: str) -> Block:
        """The block of that entry, which runs between these minutes of the wall clock; ``where`` is the classes that
        place it.
        """
        starts = self._face[first % MIDNIGHT]
        from_to = _from_to(starts, self._face[last % MIDNIGHT])
        if isinstance(entry, Busy):
            return Block(f"block fill-none {where}", "", "", from_to, starts, _("busy"), "")
        href = f"/diary/appointments/{entry.id}"
        who, what = who_and_what(entry)
        status, repeats = entry.status, entry.repeats
        # A column shows only a part of what runs through midnight, so nobody could see where that part is dragged from.
        stays = status in SETTLED or first // MIDNIGHT != last // MIDNIGHT
        version = 0 if stays else entry.version
        if entry.type is None:
            label = f"{from_to}, {who}{self._repeats if repeats else ''}"
            css = f"block fill-none {where}"
            return Block(css, href, "", label, starts, who, what, version=version, repeats=repeats)
        new = alert = False
        told = 0
        for attendee in entry.attendees:
            new = new or attendee.new
            alert = alert or attendee.alert != ""
            told |= attendee.told
        online = entry.booked_online
        label = (
            f"{from_to}, {who}{self._new if new else ''}, {what}, {self._statuses[status]}"
            f"{self._online if online else ''}{self._repeats if repeats else ''}{self._alert if alert else ''}"
            f"{sign_words(told) if told else ''}"
        )
        css = f"block fill-{entry.colour} {where}"
        return Block(
            css, href, status, label, starts, who, what, new, online, alert, version, repeats, signs(told)
        )
