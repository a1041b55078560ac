"""Single days on which a practitioner works other hours than usual, or works although it is a day off."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter

from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.settings import lock_settings
from app.db import execute, rows, write
from app.diary.hours.forms import ChangedDayBase
from app.diary.hours.practitioners import Hours
from app.diary.hours.timetables import Stretch
from app.diary.hours.weeks import require_places
from app.diary.periods import hours_span
from app.diary.tables import ChangedHours
from app.errors import Conflict
from app.i18n import gettext as _


async def changed_days(practitioner: int, since: date) -> list[tuple[date, list[Stretch]]]:
    """Those days from ``since`` on, in order."""
    found = await rows(
        """
        SELECT c.day, c.starts, c.ends, l.name AS place
        FROM changed_hours c LEFT JOIN location l ON l.id = c.location
        WHERE c.practitioner = {} AND c.day >= {} ORDER BY c.day, c.starts
        """,
        practitioner,
        since,
    )
    return [
        (day, [Stretch(hours_span(row["starts"], row["ends"]), row["place"] or "") for row in stretches])
        for day, stretches in groupby(found, itemgetter("day"))
    ]


async def change_day(form: ChangedDayBase, practitioner: int, *, by: Viewer) -> date:
    """Give the day these hours. Raises Conflict when it has others instead of its ordinary ones already."""
    stretches = form.stretches()
    async with write():
        await lock_settings()  # else two administrators could both find the day as usual
        found = await rows(
            "SELECT starts, ends, location FROM changed_hours WHERE practitioner = {} AND day = {} ORDER BY starts",
            practitioner,
            form.day,
        )
        if [Hours(**row) for row in found] == stretches:
            return form.day  # the form was sent twice
        if found:
            raise Conflict(_("That day has changed hours already. Remove them to give it others."), "day")
        await require_places(stretches)
        await ChangedHours.insert(
            *(ChangedHours(practitioner=practitioner, day=form.day, **hours._asdict()) for hours in stretches)
        )
        await record(
            "hours.day_changed", actor=by.user, subject="user", subject_id=practitioner, day=str(form.day)
        )
    return form.day


async def restore_day(practitioner: int, day: date, *, by: Viewer) -> None:
    """Leave the day to its ordinary hours; it may have them already."""
    async with write():
        removed = await execute(
            "DELETE FROM changed_hours WHERE practitioner = {} AND day = {} RETURNING id", practitioner, day
        )
        if removed:
            await record(
                "hours.day_restored", actor=by.user, subject="user", subject_id=practitioner, day=str(day)
            )
