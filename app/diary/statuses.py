"""The statuses as people read them, and what one does to get there. Each has the sprite's symbol of its name."""

from __future__ import annotations

from collections.abc import Iterable

from app.diary.tables import Status
from app.i18n import gettext as _

# Whoever is in one of these leaves the time free for another.
FREEING = frozenset({Status.CANCELLED, Status.LATE_CANCELLED})
# Whoever is in one of these didn't come, and somebody may say why.
ABSENT = FREEING | {Status.DID_NOT_ATTEND}
# Whoever is in one of these is no longer dragged about: it is over, and only the form still changes it.
SETTLED = ABSENT | {Status.COMPLETED}
# Whoever is in one of these once their time has begun is overdue: that is shown, and never set.
EXPECTED = frozenset({Status.BOOKED, Status.CONFIRMED})
# Whoever is in one of these is still to be seen.
AWAITED = frozenset({Status.BOOKED, Status.CONFIRMED, Status.ARRIVED})
# How far one has come; a class is where its furthest attendee is.
COURSE = (Status.BOOKED, Status.CONFIRMED, Status.ARRIVED, Status.IN_SESSION, Status.COMPLETED)


def status_words() -> dict[str, str]:
    """Each status as a word in the reader's language."""
    return {
        Status.BOOKED: _("booked"),
        Status.CONFIRMED: _("confirmed"),
        Status.ARRIVED: _("arrived"),
        Status.IN_SESSION: _("in session"),
        Status.COMPLETED: _("completed"),
        Status.DID_NOT_ATTEND: _("did not attend"),
        Status.CANCELLED: _("cancelled"),
        Status.LATE_CANCELLED: _("late cancelled"),
    }


def deed_words() -> dict[str, str]:
    """What one does to give each status, as a button says it."""
    return {
        Status.BOOKED: _("Book again"),
        Status.CONFIRMED: _("Confirm"),
        Status.ARRIVED: _("Arrived"),
        Status.IN_SESSION: _("Start"),
        Status.COMPLETED: _("Complete"),
        Status.DID_NOT_ATTEND: _("Did not attend…"),
        Status.CANCELLED: _("Cancel…"),
        Status.LATE_CANCELLED: _("Late cancelled…"),
    }


def next_status(status: str, *, today: bool) -> Status | None:
    """What most probably comes next; None when nothing does. Who comes another day can only confirm."""
    if status == Status.BOOKED and not today:
        return Status.CONFIRMED
    follows = {
        Status.BOOKED: Status.ARRIVED,
        Status.CONFIRMED: Status.ARRIVED if today else None,
        Status.ARRIVED: Status.IN_SESSION,
        Status.IN_SESSION: Status.COMPLETED,
    }
    return follows.get(Status(status))


def status_of_class(statuses: Iterable[str]) -> Status:
    """Where a class is, by those who take part: begun as soon as one has, completed once all have.

    Without anybody left it is still booked: its time is free only when the class itself is cancelled.
    """
    present = {Status(status) for status in statuses} - ABSENT
    if present == {Status.COMPLETED}:
        return Status.COMPLETED
    if Status.COMPLETED in present:
        return Status.IN_SESSION
    return max(present, key=COURSE.index, default=Status.BOOKED)
