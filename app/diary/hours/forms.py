"""What administrators type about working hours: an ordinary week, a single day, and absences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo, create_model

from app.diary.days import Day
from app.diary.fields import Clock, OptionalClock, OptionalDay, OptionalId
from app.diary.hours.practitioners import Hours
from app.diary.periods import hours_span
from app.forms import Form, Name, Version
from app.i18n import gettext as _

WEEKDAYS = range(7)


Key = Annotated[str, Field(min_length=1, max_length=100)]


def _ends(ends: time | None, typed: Mapping[str, Any]) -> time | None:
    """After it starts; what is wrong with the start is said there."""
    if "starts" not in typed:
        return ends
    starts = typed["starts"]
    if (starts is None) != (ends is None):
        raise ValueError(_("Say from when until when, or leave both empty."))
    if starts and ends and not _in_order(starts, ends):
        raise ValueError(_("It must end after it starts."))
    return ends


def _break_starts(rests: time | None, typed: Mapping[str, Any]) -> time | None:
    if rests is None or not typed.keys() >= {"starts", "ends"}:
        return rests
    starts, ends = typed["starts"], typed["ends"]
    if starts is None or not (starts < rests and _in_order(rests, ends)):
        raise ValueError(_("The break must lie inside the working hours."))
    return rests


def _break_ends(resumes: time | None, typed: Mapping[str, Any]) -> time | None:
    if not typed.keys() >= {"ends", "break_starts"}:
        return resumes
    rests = typed["break_starts"]
    if (rests is None) != (resumes is None):
        raise ValueError(_("Say from when until when the break is, or leave both empty."))
    if rests and resumes and resumes <= rests:
        raise ValueError(_("The break must end after it starts."))
    if resumes and not _in_order(resumes, typed["ends"]):
        raise ValueError(_("The break must lie inside the working hours."))
    return resumes


def _in_order(starts: time, ends: time) -> bool:
    """Whether it ends after it starts; 00:00 is midnight then."""
    span = hours_span(starts, ends)
    return span.start < span.end


def _checked(check: Any, suffix: str) -> Any:
    """The field's type: a clock's time or nothing, held against what stands before it in the same day."""

    def after(value: time | None, info: ValidationInfo) -> Any:
        before = {
            name.removesuffix(suffix): typed for name, typed in info.data.items() if name.endswith(suffix)
        }
        return check(value, before)

    return Annotated[OptionalClock, AfterValidator(after), Field(validate_default=True)]


def _day_fields(suffix: str) -> dict[str, Any]:
    """The fields of one day's hours: from–to, a break in it, and where one works before and after the break."""
    return {
        f"starts{suffix}": (OptionalClock, None),
        f"ends{suffix}": (_checked(_ends, suffix), None),
        f"break_starts{suffix}": (_checked(_break_starts, suffix), None),
        f"break_ends{suffix}": (_checked(_break_ends, suffix), None),
        f"location{suffix}": (OptionalId, None),
        f"break_location{suffix}": (OptionalId, None),
    }


def typed_day(stretches: Sequence[Hours], suffix: str = "") -> dict[str, Any]:
    """The fields of a day as they would have been typed for these stretches: one, or two with a break between them."""
    if not stretches:
        return {}
    first, last = stretches[0], stretches[-1]
    fields: dict[str, Any] = {"starts": first.starts, "ends": last.ends, "location": first.location}
    if len(stretches) > 1:
        fields |= {"break_starts": first.ends, "break_ends": last.starts}
        fields["break_location"] = None if last.location == first.location else last.location
    return {
        f"{name}{suffix}": f"{typed:%H:%M}" if isinstance(typed, time) else typed
        for name, typed in fields.items()
    }


class _HoursForm(Form):
    """Hours of days, each under a suffix of its fields' names."""

    def stretches(self, suffix: str = "") -> list[Hours]:
        """What that day's fields say; nothing is a day off."""
        typed = {name: getattr(self, f"{name}{suffix}") for name in DAY_FIELDS}
        if typed["starts"] is None:
            return []
        whole = Hours(typed["starts"], typed["ends"], typed["location"])
        if typed["break_starts"] is None:
            return [whole]
        after = typed["break_location"] or typed["location"]
        return [
            whole._replace(ends=typed["break_starts"]),
            Hours(typed["break_ends"], typed["ends"], after),
        ]


class WeekBase(_HoursForm):
    """An ordinary week: its days' suffixes are _0, Monday, to _6."""

    version: Version

    def week(self) -> dict[int, list[Hours]]:
        """The days that are worked."""
        days = {weekday: self.stretches(f"_{weekday}") for weekday in WEEKDAYS}
        return {weekday: stretches for weekday, stretches in days.items() if stretches}


class ChangedDayBase(_HoursForm):
    """One day's hours instead of the ordinary ones."""

    day: Day


DAY_FIELDS = tuple(_day_fields(""))
WeekForm = create_model(
    "WeekForm",
    __base__=WeekBase,
    **{name: kind for weekday in WEEKDAYS for name, kind in _day_fields(f"_{weekday}").items()},
)
ChangedDayForm = create_model(
    "ChangedDayForm", __base__=ChangedDayBase, **{**_day_fields(""), "starts": (Clock, ...)}
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
    return _ends(ends, info.data)


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
