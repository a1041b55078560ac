"""Working hours in words: a week's and a day's, and who is away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby

from app.diary.hours.practitioners import Practitioner
from app.diary.hours.timetables import Away, Stretch, Workday
from app.diary.periods import Span
from app.i18n import Renderer
from app.i18n import gettext as _

A_MONDAY = date(2026, 11, 23)


def weekday_names() -> list[str]:
    """From Monday to Sunday."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def span_words(span: Span, when: Renderer) -> str:
    """09:00 – 13:00"""
    face = when.clock_face()
    return f"{face[span.start]} – {face[span.end % len(face)]}"


def stretches_words(stretches: Iterable[Stretch], when: Renderer) -> str:
    """09:00 – 13:00, 14:00 – 17:00 High Street"""
    return ", ".join(" ".join(filter(None, (span_words(span, when), place))) for span, place in stretches)


def week_words(week: Mapping[int, Sequence[Stretch]], when: Renderer) -> list[tuple[str, str]]:
    """The worked days of a week with their hours, in order: Mon – Wed, 09:00 – 13:00."""
    names = [when.weekday(A_MONDAY + timedelta(days=n)) for n in range(7)]
    words = []
    for stretches, group in groupby(range(7), lambda weekday: list(week.get(weekday, ()))):
        days = list(group)
        if stretches:
            first, last = names[days[0]], names[days[-1]]
            words.append((first if first == last else f"{first} – {last}", stretches_words(stretches, when)))
    return words


def away_words(away: Away, when: Renderer) -> str:
    """Annual leave; Training 13:00 – 17:00"""
    return away.name if away.all_day else f"{away.name} {span_words(away.span, when)}"


def day_words(work: Workday, when: Renderer) -> str:
    """What is particular about that day's work: who is away, and else where they work. Empty when there is nothing."""
    return ", ".join(away_words(away, when) for away in work.away) or ", ".join(work.places)


def away_of(people: Sequence[Practitioner], when: Renderer) -> str:
    """Why a person is away that day; of several only what they have in common: the clinic's holidays."""
    several = len(people) > 1
    absences = (away for person in people for away in person.work.away if away.of_clinic or not several)
    return ", ".join(dict.fromkeys(away_words(away, when) for away in absences))
