"""What is written in the diary: appointments and blocks, as one read by window returns them.

A page makes dozens of these, which is why they are named tuples: a frozen dataclass takes ten times as long to make.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from app.clock import now
from app.db import records
from app.diary.statuses import FREEING
from app.diary.tables import Status
from app.i18n import gettext as _
from app.i18n import ngettext

# No appointment is longer, which the database sees to: a window finds what runs into it by looking back this far,
# never through all the past.
# It is the longest day there is, so that a whole day's leave is one block also when the clocks go back.
LONGEST = timedelta(hours=25)

A_WEEK = timedelta(days=7) + timedelta(hours=1)  # the longest one

_OWN = 14  # so many of a row's columns are the entry's own; what follows is an attendee's


class Attendee(NamedTuple):
    """One patient at one appointment. ``told`` is flags of app.diary.told."""

    patient: int
    name: str
    new: bool
    alert: str
    mobile: str
    status: str = Status.BOOKED
    told: int = 0

    @property
    def comes(self) -> bool:
        """Whether they have not cancelled."""
        return self.status not in FREEING

    def without_name(self) -> Attendee:
        """As a phone shows them that nobody has vouched for."""
        return self._replace(name=initials_of(self.name), alert="", mobile="")


def initials_of(name: str) -> str:
    """A. H."""
    return " ".join(f"{word[0].upper()}." for word in name.split())


class Entry(NamedTuple):
    """An appointment, or a block: then it has a title and no type. Times are UTC; a hold lapses at ``held_until``."""

    id: int
    practitioner: int
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str
    type: str | None
    colour: int | None
    room: str | None
    booked_online: bool
    version: int = 1
    capacity: int = 1
    repeats: bool = False
    held_until: datetime | None = None
    attendees: tuple[Attendee, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether several patients may come."""
        return self.capacity > 1 or len(self.attendees) > 1

    def without_names(self) -> Entry:
        """The same with initials; what a block is called may be somebody's name too."""
        return self._replace(
            title=_("Blocked") if self.is_block else self.title,
            attendees=tuple(attendee.without_name() for attendee in self.attendees),
        )

    @property
    def is_block(self) -> bool:
        """Whether it is time without patients: lunch, a meeting, leave."""
        return self.type is None

    @property
    def occupies(self) -> bool:
        """Whether its time is taken."""
        return self.status not in FREEING


class Busy(NamedTuple):
    """All there is of an entry for a viewer who may only know when a colleague is taken."""

    practitioner: int
    starts_at: datetime
    ends_at: datetime
    occupies: bool = True
    held_until: datetime | None = None


def who_and_what(entry: Entry) -> tuple[str, str]:
    """The two lines of an entry: the patient and the type, the class and how many come, or the block's title."""
    if entry.type is None:
        return entry.title, ""
    if entry.capacity == 1 and len(entry.attendees) == 1:
        return entry.attendees[0].name, entry.type
    coming = sum(attendee.comes for attendee in entry.attendees)
    if entry.capacity == 1:
        return entry.type, ngettext("{n} patient", "{n} patients", coming).format(n=coming)
    return entry.type, _("{n} of {places}").format(n=coming, places=entry.capacity)


async def entries_between(practitioners: Sequence[int], start: datetime, end: datetime) -> list[Entry]:
    """Everything of these practitioners that touches the window, in time's order: one read, whatever it finds."""
    if not practitioners:
        return []
    found = await records(
        f"""
        SELECT a.id, a.practitioner, a.starts_at, a.ends_at, a.status, a.title, t.name, t.colour, r.name,
               a.booked_online, a.version, COALESCE(t.capacity, 1), a.series IS NOT NULL, a.held_until,
               p.id, p.name, s.new_patient, p.alert, p.mobile, s.status, s.told
        FROM appointment a
        LEFT JOIN appointment_type t ON t.id = a.type
        LEFT JOIN room r ON r.id = a.room
        LEFT JOIN attendance s ON s.appointment = a.id
        LEFT JOIN patient p ON p.id = s.patient
        WHERE a.practitioner IN ({", ".join(["{}"] * len(practitioners))})
          AND a.starts_at >= {{}} AND a.starts_at < {{}} AND a.ends_at > {{}}
          AND (a.held_until IS NULL OR a.held_until > {{}})
        ORDER BY a.starts_at, a.id
        """,
        *practitioners,
        start - LONGEST,
        end,
        start,
        now(),
        few=end - start <= A_WEEK,
    )
    entries: list[Entry] = []
    for row in found:
        attendees = () if row[_OWN] is None else (Attendee(*row[_OWN:]),)
        if entries and entries[-1].id == row[0]:
            # A class has a row for each. The database hands them out in its order: to have it sort all rows by more
            # than an index has takes a fifth of the read.
            together = sorted((*entries[-1].attendees, *attendees))
            entries[-1] = entries[-1]._replace(attendees=tuple(together))
        else:
            entries.append(Entry._make((*row[:_OWN], attendees)))
    return entries


def first_lapse(entries: Iterable[Entry | Busy]) -> datetime | None:
    """When the first hold among them lapses."""
    return min((entry.held_until for entry in entries if entry.held_until), default=None)
