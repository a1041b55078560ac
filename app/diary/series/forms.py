"""What people type to have something repeated, and what they decide about the times that can't just be had."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from app.diary.days import YEARS, Day
from app.diary.periods import GRID
from app.diary.series.recurrence import LONGEST_YEARS, MOST, MOST_WEEKS, Rule
from app.diary.slots.conflicts import Despite
from app.errors import Invalid
from app.forms import Form
from app.i18n import gettext as _

# A time's choice, its own time and whether that is meant despite something are fields named for it.
CHOICE, OWN, MEANT = "choice-", "own-", "meant-"
SKIP, OTHER = "skip", "own"


Times = Annotated[int, Field(ge=2, le=MOST)]


class Decision(NamedTuple):
    """What was decided about a time: to ``skip`` it, to have another ``instead``, to have it ``despite`` something.

    ``at`` is the other one by the clinic's clock; None where it couldn't be read.
    """

    skip: bool = False
    instead: bool = False
    at: datetime | None = None
    despite: Despite = Despite.NOTHING


class Deciding(Form):
    """Part of a form that concerns several times: what was decided about each, by the name that the form gave it."""

    decisions: dict[str, Decision] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _gather_decisions(cls, typed: dict[str, Any]) -> dict[str, Any]:
        chosen = (name.removeprefix(CHOICE) for name in typed if name.startswith(CHOICE))
        return {**typed, "decisions": {key: _decision(key, typed) for key in chosen}}


class Scope(StrEnum):
    """How much of its series a change of an appointment concerns, as far as it is still to come."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


class Scoped(Deciding):
    """Part of a form about an appointment that may be one of a series; ``seen`` is the series as it was then."""

    scope: Scope = Scope.ONE
    seen: str = ""


class Repeating(Deciding):
    """How often, as part of a form. ``reviewed`` is whether all its times have been shown."""

    every: Annotated[int, BeforeValidator(lambda typed: typed or 1), Field(ge=1, le=MOST_WEEKS)] = 1
    weekdays: tuple[int, ...] = ()
    times: Annotated[Times | None, BeforeValidator(lambda typed: typed or None)] = None
    last: Annotated[Day | None, BeforeValidator(lambda typed: typed or None)] = None
    reviewed: bool = False

    @model_validator(mode="before")
    @classmethod
    def _gather_weekdays(cls, typed: dict[str, Any]) -> dict[str, Any]:
        return {**typed, "weekdays": [day for day in range(7) if typed.get(f"on_{day}")]}

    @property
    def repeats(self) -> bool:
        """Whether anything was said about it."""
        return bool(self.times or self.last or self.weekdays or self.every > 1)

    def rule(self, first: date) -> Rule:
        """What was typed, from the form's day on: on its weekday unless others are chosen. Raises Invalid."""
        if self.times and self.last:
            raise Invalid(_("Give a number of times or a last day, not both."), "last")
        if not self.times and not self.last:
            raise Invalid(_("Say how many times, or until when."), "times")
        if first.year + LONGEST_YEARS not in YEARS:
            raise Invalid(_("That isn't a date or time that exists."), "day")
        rule = Rule(first, self.weekdays or (first.weekday(),), self.every, self.times, self.last)
        if rule.is_cut:
            text = _("That is too long: up to {n} times within two years.").format(n=MOST)
            raise Invalid(text, "times" if self.times else "last")
        if len(rule.days()) < 2:
            raise Invalid(_("Until then it is only once. Choose a later day."), "last")
        return rule


def _decision(key: str, typed: dict[str, Any]) -> Decision:
    choice = str(typed[CHOICE + key])
    if choice == SKIP:
        return Decision(skip=True)
    if choice in tuple(Despite):
        return Decision(despite=Despite(choice))
    meant = str(typed.get(MEANT + key, ""))
    at = _wall_time(str(typed.get(OWN + key, "")) if choice == OTHER else choice)
    return Decision(
        instead=True, at=at, despite=Despite(meant) if meant in tuple(Despite) else Despite.NOTHING
    )


def _wall_time(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    return at if at.year in YEARS and not (at.minute % GRID or at.second or at.microsecond) else None
