"""Times as people give them: a day and what the clinic's clock shows."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.clock import NonexistentTime, midnight, wall_time
from app.diary.periods import MIDNIGHT
from app.errors import Invalid
from app.i18n import gettext as _


def typed_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which the clinic's clock shows that. Raises Invalid, with the next valid time, if it never does."""
    try:
        return wall_time(day, at, zone)
    except NonexistentTime as skipped:
        text = _("The clocks go forward that day: {time} doesn't exist. The next time that does is {next}.")
        raise Invalid(text.format(time=f"{at:%H:%M}", next=f"{skipped.next_valid:%H:%M}"), "time") from None


def typed_again(day: date, at: time, stored: datetime, zone: ZoneInfo) -> datetime:
    """The same for a time that was stored before: one that still reads as it did stays the same moment.

    Else saving would move what stands in the second pass of an hour that the clocks repeat into the first.
    """
    local = stored.astimezone(zone)
    if (day, at) == (local.date(), local.time().replace(second=0, microsecond=0)):
        return stored
    return typed_moment(day, at, zone)


def typed_end(day: date, until: time, zone: ZoneInfo, stored: datetime | None = None) -> datetime:
    """When something of that day ends: 00:00 is the midnight after it. ``stored`` is the end before the change."""
    last = day + timedelta(days=1) if until == time() else day
    return typed_moment(last, until, zone) if stored is None else typed_again(last, until, stored, zone)


def moment_at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """That minute of the wall-clock day, 0 to 1440; where the clocks skip it, the first moment after."""
    if minute >= MIDNIGHT:
        return midnight(day + timedelta(days=1), zone)
    try:
        return wall_time(day, time(*divmod(minute, 60)), zone)
    except NonexistentTime as skipped:
        return skipped.next_valid
