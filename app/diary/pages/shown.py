"""Which part of the diary a page shows."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass
from enum import StrEnum

from app.clock import week_of


class View(StrEnum):
    """How it is shown: a word of its address."""

    DAY = "day"
    WEEK = "week"
    AGENDA = "agenda"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Shown:
    """A view of a day or of what is around it; of one ``practitioner``, or of all that the viewer sees."""

    view: View
    day: dt.date
    practitioner: int | None = None

    @property
    def days(self) -> tuple[dt.date, dt.date]:
        """The first and the last day that are on it."""
        match self.view:
            case View.WEEK:
                week = week_of(self.day)
                return week[0], week[-1]
            case View.MONTH:
                weeks = weeks_of_month(self.day)
                return weeks[0][0], weeks[-1][-1]
            case _:
                return self.day, self.day

    @property
    def query(self) -> str:
        """What stands behind the path of its address."""
        return f"?practitioner={self.practitioner}" if self.practitioner else ""

    @property
    def events(self) -> str:
        """Where its changes are heard of."""
        of_whom = f"&practitioner={self.practitioner}" if self.practitioner else ""
        return f"/events?view={self.view}&day={self.day}{of_whom}"


def weeks_of_month(day: dt.date) -> list[list[dt.date]]:
    """The weeks, Monday to Sunday, that hold the month of that day."""
    last = day.replace(day=monthrange(day.year, day.month)[1])
    monday, weeks = week_of(day.replace(day=1))[0], []
    while monday <= last:
        weeks.append(week_of(monday))
        monday += dt.timedelta(days=7)
    return weeks
