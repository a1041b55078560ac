"""When a message is due: so long before the appointment, but not at night."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import local_day
from app.reminders.defaults import DAY
from app.reminders.quiet import QuietHours, on_the_clock

SETTLES_AFTER = timedelta(minutes=3)
"""A booking is confirmed once it has stood for so long: what is undone or moved again at once is not told of."""
BEFORE_QUIET = timedelta(minutes=15)
SHORTEST_NOTICE = timedelta(minutes=15)
"""Who comes sooner than this is on the way: a message would only disturb."""
BETWEEN_TWO = timedelta(hours=1)
"""A reminder that would follow the confirmation sooner than this is left out."""


def reminder_due(starts_at: datetime, lead: int, quiet: QuietHours) -> datetime:
    """When to remind, ``lead`` minutes before the start. Whole days are those of the wall clock, changeover or not.

    What falls into the quiet hours waits for the morning if that is early enough to be of use, which is half the lead
    before the start at the latest; else it leaves in the evening, before they begin.
    """
    days, minutes = divmod(lead, DAY)
    wanted = starts_at - timedelta(minutes=lead)
    if not minutes:
        day = local_day(starts_at, quiet.zone) - timedelta(days=days)
        wanted = on_the_clock(day, starts_at.astimezone(quiet.zone).time(), quiet.zone)
    if not quiet.holds(wanted):
        return wanted
    morning = quiet.over(wanted)
    if morning + timedelta(minutes=lead) / 2 <= starts_at:
        return morning
    return quiet.began(wanted) - BEFORE_QUIET


def confirmation_due(at: datetime, starts_at: datetime, quiet: QuietHours) -> datetime | None:
    """When to confirm what was booked at that moment; None when that would be too late to be of use."""
    due = at + SETTLES_AFTER
    if quiet.holds(due):
        due = quiet.over(due)
    return due if due + SHORTEST_NOTICE < starts_at else None
