"""When something repeats: a rule, and the days of the wall calendar that it names.

A rule knows days and no moments: what is at ten stays at ten by the clinic's clock, whatever the clocks do in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice, takewhile

from dateutil.rrule import WEEKLY, rrule

from app.i18n import Renderer, ngettext
from app.i18n import gettext as _

# A series is written down whole, so it has an end that a diary can hold.
MOST = 200
LONGEST_YEARS = 2
MOST_WEEKS = 52

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def last_possible(first: date) -> date:
    """The last day that a series from ``first`` on can reach."""
    # Day 28 at most, so that 29 February has its day two years later, too.
    return first.replace(year=first.year + LONGEST_YEARS, day=min(first.day, 28))


@dataclass(frozen=True, slots=True)
class Rule:
    """Every so many weeks on these weekdays (Monday is 0, in order), ``count`` times or ``until`` a day, inclusive.

    ``first`` is the day from which on it counts, and the first one if it is such a weekday. ``week_begins`` is the
    weekday with which a week begins: it says which days are in the same one when not every week counts.
    """

    first: date
    weekdays: tuple[int, ...]
    every: int = 1
    count: int | None = None
    until: date | None = None
    week_begins: int = 0

    def days(self) -> list[date]:
        """The days it names: none after two years, and never more than 200."""
        return list(islice(self._days(), MOST))

    @property
    def is_cut(self) -> bool:
        """Whether it asks for more than ``days`` gives."""
        if self.until is not None:
            return self.until > last_possible(self.first) or len(list(islice(self._days(), MOST + 1))) > MOST
        return len(self.days()) < (self.count or 0)

    def split(self, day: date) -> tuple[Rule, Rule]:
        """The rule before ``day``, which is one of its days but not the first, and from there on.

        Together they name the same days.
        """
        days = self.days()
        earlier = days.index(day)
        if self.count is None:
            return replace(self, until=days[earlier - 1]), replace(self, first=day)
        return replace(self, count=earlier), replace(self, first=day, count=self.count - earlier)

    def shifted(self, by: int) -> Rule:
        """The rule whose days are that many days later, or earlier."""
        delta = timedelta(days=by)
        return replace(
            self,
            first=self.first + delta,
            weekdays=tuple(sorted((weekday + by) % 7 for weekday in self.weekdays)),
            until=self.until and self.until + delta,
            week_begins=(self.week_begins + by) % 7,
        )

    def text(self) -> str:
        """The rule as an RRULE of RFC 5545."""
        parts = [
            "FREQ=WEEKLY",
            f"INTERVAL={self.every}",
            f"WKST={CODES[self.week_begins]}",
            f"BYDAY={','.join(CODES[day] for day in self.weekdays)}",
        ]
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def words(self, when: Renderer) -> str:
        """How often it is, without its end: "every 2 weeks on Mon and Thu"."""
        if self.every == 1 and self.weekdays == tuple(range(7)):
            return _("every day")
        if self.every == 1 and self.weekdays == tuple(range(5)):
            return _("every weekday")
        week = when.weekdays()
        names = [week[day] for day in self.weekdays]
        on = (
            _("{days} and {day}").format(days=", ".join(names[:-1]), day=names[-1]) if names[1:] else names[0]
        )
        text = ngettext("every week on {days}", "every {n} weeks on {days}", self.every)
        return text.format(n=self.every, days=on)

    def _days(self) -> Iterator[date]:
        moments = rrule(
            WEEKLY,
            dtstart=datetime.combine(self.first, time()),
            interval=self.every,
            wkst=self.week_begins,
            byweekday=self.weekdays,
            count=self.count,
            until=self.until and datetime.combine(self.until, time()),
        )
        last = last_possible(self.first)
        return takewhile(lambda day: day <= last, (at.date() for at in moments))


def rule_of(first: date, text: str) -> Rule:
    """The rule that ``Rule.text`` wrote, from ``first`` on."""
    parts = dict(part.split("=") for part in text.split(";"))
    until = parts.get("UNTIL")
    return Rule(
        first,
        tuple(CODES.index(code) for code in parts["BYDAY"].split(",")),
        int(parts["INTERVAL"]),
        int(parts["COUNT"]) if "COUNT" in parts else None,
        date.fromisoformat(until) if until else None,
        CODES.index(parts["WKST"]),
    )
