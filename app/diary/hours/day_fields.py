"""One day's hours as the fields of a form: from when until when, breaks in between, and where one works."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import time
from functools import partial
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationInfo

from app.diary.fields import OptionalClock, OptionalId
from app.diary.hours.practitioners import Hours
from app.diary.periods import hours_span
from app.forms import Form
from app.i18n import gettext as _

# The fields of each begin with its name.
BREAKS = ("break", "break2", "break3", "break4")

Check = Callable[[time | None, Mapping[str, Any]], time | None]


def ends_later(ends: time | None, typed: Mapping[str, Any]) -> time | None:
    """After it starts; what is wrong with the start is said there."""
    if "starts" not in typed:
        return ends
    starts = typed["starts"]
    if (starts is None) != (ends is None):
        raise ValueError(_("Say from when until when, or leave both empty."))
    if starts and ends and not _in_order(starts, ends):
        raise ValueError(_("It must end after it starts."))
    return ends


def _break_starts(name: str, rests: time | None, typed: Mapping[str, Any]) -> time | None:
    if rests is None or not typed.keys() >= {"starts", "ends"}:
        return rests
    starts, ends = typed["starts"], typed["ends"]
    if starts is None or not (starts < rests and _in_order(rests, ends)):
        raise ValueError(_("The break must lie inside the working hours."))
    earlier = [typed.get(f"{other}_ends") for other in BREAKS[: BREAKS.index(name)]]
    if any(resumed and rests <= resumed for resumed in earlier):
        raise ValueError(_("The breaks must follow each other."))
    return rests


def _break_ends(name: str, resumes: time | None, typed: Mapping[str, Any]) -> time | None:
    if not typed.keys() >= {"ends", f"{name}_starts"}:
        return resumes
    rests = typed[f"{name}_starts"]
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


def _checked(check: Check, suffix: str) -> Any:
    """The field's type: a clock's time or nothing, held against what stands before it in the same day."""

    def after(value: time | None, info: ValidationInfo) -> Any:
        before = {
            name.removesuffix(suffix): typed for name, typed in info.data.items() if name.endswith(suffix)
        }
        return check(value, before)

    return Annotated[OptionalClock, AfterValidator(after), Field(validate_default=True)]


def day_fields(suffix: str = "") -> dict[str, Any]:
    """The fields of a form for a day; after a break one may work somewhere else."""
    fields: dict[str, Any] = {
        f"starts{suffix}": (OptionalClock, None),
        f"ends{suffix}": (_checked(ends_later, suffix), None),
        f"location{suffix}": (OptionalId, None),
    }
    for name in BREAKS:
        fields |= {
            f"{name}_starts{suffix}": (_checked(partial(_break_starts, name), suffix), None),
            f"{name}_ends{suffix}": (_checked(partial(_break_ends, name), suffix), None),
            f"{name}_location{suffix}": (OptionalId, None),
        }
    return fields


def typed_day(stretches: Sequence[Hours], suffix: str = "") -> dict[str, Any]:
    """The fields of a day as they would have been typed for these stretches, which breaks stand between."""
    if not stretches:
        return {}
    first, last = stretches[0], stretches[-1]
    fields: dict[str, Any] = {"starts": first.starts, "ends": last.ends, "location": first.location}
    for name, before, after in zip(BREAKS, stretches, stretches[1:], strict=False):
        fields |= {f"{name}_starts": before.ends, f"{name}_ends": after.starts}
        fields[f"{name}_location"] = None if after.location == before.location else after.location
    return {
        f"{name}{suffix}": f"{typed:%H:%M}" if isinstance(typed, time) else typed
        for name, typed in fields.items()
    }


def shown_breaks(values: Mapping[str, Any], wrong: Collection[str], suffix: str = "") -> tuple[str, ...]:
    """The breaks whose fields a form shows: the first, what is filled in or wrong, and one more where ``more`` asks."""
    used = [
        place
        for place, name in enumerate(BREAKS, 1)
        for field in (f"{name}_starts{suffix}", f"{name}_ends{suffix}")
        if values.get(field) or field in wrong
    ]
    asked = values.get("more") == (suffix or "day")
    return BREAKS[: max(used, default=1) + asked]


class HoursForm(Form):
    """Hours of days, each under a suffix of its fields' names."""

    def stretches(self, suffix: str = "") -> list[Hours]:
        """What that day's fields say; nothing is a day off."""
        typed = {name: getattr(self, f"{name}{suffix}") for name in DAY_FIELDS}
        if typed["starts"] is None:
            return []
        stretches = [Hours(typed["starts"], typed["ends"], typed["location"])]
        for name in BREAKS:
            if typed[f"{name}_starts"] is None:
                continue
            before = stretches.pop()
            place = typed[f"{name}_location"] or before.location
            stretches += [
                before._replace(ends=typed[f"{name}_starts"]),
                Hours(typed[f"{name}_ends"], before.ends, place),
            ]
        return stretches


DAY_FIELDS = tuple(day_fields())
