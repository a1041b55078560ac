"""What others have changed in somebody's diary: the letter, and the words that it shares with the text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from app.clinic.clinic import ClinicSettings
from app.clock import local_day, now
from app.i18n import gettext as _
from app.i18n import ngettext
from app.messages.letters import Fact, Letter, Occasion


def changed(occasion: Occasion) -> Letter:
    """To its owner: when and what, without names. ``lines`` has a line for each, time and words with a tab between."""
    context = occasion.context
    days = context["days"].split()
    lines = (line.partition("\t") for line in context["lines"].splitlines())
    return Letter(
        subject=changes_in_words(context, occasion.clinic),
        name=context["name"],
        opening=_("Others have changed your diary at {clinic}:").format(clinic=occasion.clinic.name),
        facts=tuple(Fact(time, words) for time, _tab, words in lines),
        button=_("Open the diary"),
        path=f"/diary/day/{days[0]}",
        closing=(
            _(
                "Who comes is in the diary. How you are told of changes is up to you: choose it under Account."
            ),
        ),
    )


def changes_in_words(context: Mapping[str, str], clinic: ClinicSettings) -> str:
    """2 changes in tomorrow's diary: by the calendar of the moment at which it leaves."""
    today, count = local_day(now(), clinic.zone), int(context["changes"])
    days = {date.fromisoformat(day) for day in context["days"].split()}
    if days == {today}:
        text = ngettext("{n} change in today's diary", "{n} changes in today's diary", count)
    elif days == {today + timedelta(days=1)}:
        text = ngettext("{n} change in tomorrow's diary", "{n} changes in tomorrow's diary", count)
    else:
        text = ngettext("{n} change in your diary", "{n} changes in your diary", count)
    return text.format(n=count)
