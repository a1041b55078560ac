"""The statuses as people read them. The icon of each is the sprite's symbol of the status's own name."""

from __future__ import annotations

from app.diary.tables import Status
from app.i18n import gettext as _

# Whoever is in one of these leaves the time free for another.
FREEING = frozenset({Status.CANCELLED, Status.LATE_CANCELLED})


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
