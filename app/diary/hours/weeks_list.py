"""A practitioner's ordinary weeks in words: what has been, what counts, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.clinic.clinic import ClinicSettings, renderer
from app.diary.days import SINCE_EVER, shown_day, today_in
from app.diary.hours.timetables import Stretch
from app.diary.hours.weeks import places_to_work, stored_weeks
from app.diary.hours.words import week_words
from app.diary.periods import hours_span


@dataclass(frozen=True, slots=True)
class ListedWeek:
    """A week by the day since which it counts, in words; the first has none. ``words`` are days and their hours."""

    since: date
    begins: str
    coming: bool
    words: list[tuple[str, str]]


async def listed_weeks(practitioner: int, clinic: ClinicSettings) -> list[ListedWeek]:
    """All of them, in order."""
    today, when = today_in(clinic), renderer(clinic)
    places = {place.id: place.name for place in await places_to_work()}
    return [
        ListedWeek(
            week.since,
            "" if week.since == SINCE_EVER else shown_day(week.since, today, when).title,
            week.since > today,
            week_words(
                {
                    weekday: [
                        Stretch(hours_span(hours.starts, hours.ends), places.get(hours.location or 0, ""))
                        for hours in day
                    ]
                    for weekday, day in week.days.items()
                },
                when,
            ),
        )
        for week in await stored_weeks(practitioner)
    ]
