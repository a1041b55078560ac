"""The head of a diary's page: what it shows, by name, and where its arrows lead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.clock import week_of
from app.diary.days import ShownDay
from app.diary.pages.month import Calendar, calendar_of
from app.diary.pages.shown import Shown, View
from app.i18n import Renderer
from app.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Head:
    """``path`` and ``query`` stand around the day in the address of each page that it leads to."""

    title: str
    previous: dt.date
    next: dt.date
    previous_label: str
    next_label: str
    is_now: bool
    path: str
    query: str
    calendar: Calendar


def head_of(shown: Shown, day: ShownDay, when: Renderer) -> Head:
    """The head of that view of the day."""
    path = f"/diary/{shown.view}/"
    calendar = calendar_of(day.date.replace(day=1), when)
    first, last = shown.days
    if shown.view is View.WEEK:
        week = dt.timedelta(days=7)
        title = _week(week_of(day.date), day.today.year, when)
        labels = _("Previous week"), _("Next week")
        return Head(
            title,
            day.date - week,
            day.date + week,
            *labels,
            first <= day.today <= last,
            path,
            shown.query,
            calendar,
        )
    if shown.view is View.MONTH:
        is_now = day.date.replace(day=1) == day.today.replace(day=1)
        labels = _("Previous month"), _("Next month")
        return Head(
            calendar.title, calendar.previous, calendar.next, *labels, is_now, path, shown.query, calendar
        )
    labels = _("Previous day"), _("Next day")
    return Head(day.title, day.previous, day.next, *labels, day.is_today, path, shown.query, calendar)


def _week(week: list[dt.date], this_year: int, when: Renderer) -> str:
    """23 – 29 November; 28 Dec – 3 Jan 2027"""
    first, last = week[0], week[-1]
    year = "" if last.year == this_year else f" {last.year}"
    if first.month == last.month:
        return f"{first.day} – {last.day} {when.month(last)}{year}"
    return f"{when.short_date(first)} – {when.short_date(last)}{year}"
