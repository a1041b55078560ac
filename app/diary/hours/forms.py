"""What administrators type about working hours: an ordinary week, a single day, and absences."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationInfo, create_model

from app.diary.days import SINCE_EVER, Day
from app.diary.fields import Clock, OptionalClock, OptionalDay
from app.diary.hours.day_fields import HoursForm, day_fields, ends_later
from app.diary.hours.practitioners import Hours
from app.forms import Form, Name, Version
from app.i18n import gettext as _

WEEKDAYS = range(7)

Key = Annotated[str, Field(min_length=1, max_length=100)]


class WeekBase(HoursForm):
    """An ordinary week: its days' suffixes are _0, Monday, to _6.

    It was read as the one ``of`` that day, since which it counts, and shall count ``since`` another; empty: the same.
    """

    version: Version
    of: Day = SINCE_EVER
    since: OptionalDay = None

    def week(self) -> dict[int, list[Hours]]:
        """The days that are worked."""
        days = {weekday: self.stretches(f"_{weekday}") for weekday in WEEKDAYS}
        return {weekday: stretches for weekday, stretches in days.items() if stretches}


class ChangedDayBase(HoursForm):
    """One day's hours instead of the ordinary ones."""

    day: Day


WeekForm = create_model(
    "WeekForm",
    __base__=WeekBase,
    **{name: kind for weekday in WEEKDAYS for name, kind in day_fields(f"_{weekday}").items()},
)
ChangedDayForm = create_model(
    "ChangedDayForm", __base__=ChangedDayBase, **{**day_fields(), "starts": (Clock, ...)}
)


def _last_day(last: date | None, info: ValidationInfo) -> date | None:
    if last and last < info.data.get("first_day", last):
        raise ValueError(_("It can't end before it starts."))
    return last


def _until(ends: time | None, info: ValidationInfo) -> time | None:
    first, last = info.data.get("first_day"), info.data.get("last_day")
    if ends and last and first != last:
        raise ValueError(
            _("Only a single day can be missed in part: leave the times empty, or choose one day.")
        )
    return ends_later(ends, info.data)


class AbsenceForm(Form):
    """Leave of a practitioner, or a holiday of the clinic. Without a last day it is one day, without times all of it.

    ``meant``: it has been seen who is booked then.
    """

    name: Name
    first_day: Day
    last_day: Annotated[OptionalDay, AfterValidator(_last_day)] = None
    starts: OptionalClock = None
    ends: Annotated[OptionalClock, AfterValidator(_until), Field(validate_default=True)] = None
    meant: bool = False
    key: Key = "-"
    version: Version = 0
