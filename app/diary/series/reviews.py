"""Several times as they are shown before anything is saved: what can be had, and what somebody has to decide about.

A decision holds for what was known when it was made: whoever meant a time despite the working hours is asked again when
meanwhile somebody else has it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.diary.series.forms import Decision
from app.diary.series.occurrences import Planned, due, meet
from app.diary.slots.against import Against, Problem, free_near, read_against
from app.diary.slots.conflicts import Despite
from app.errors import Conflict
from app.i18n import gettext as _
from app.i18n import ngettext

UNDECIDED = Decision()


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A time and what is decided about it.

    ``problem`` is what is in the way where the series has it, ``trouble`` in the way of the time chosen instead.
    ``free`` are times near it that could be chosen.
    """

    planned: Planned
    decision: Decision
    chosen: Planned | None
    problem: Problem | None
    trouble: Problem | None
    free: tuple[datetime, ...] = ()

    @property
    def key(self) -> str:
        """What its fields in the form are named for."""
        return self.planned.key

    @property
    def skipped(self) -> bool:
        """Whether nothing is to be there."""
        return self.decision.skip

    @property
    def is_open(self) -> bool:
        """Whether it needs a decision still."""
        return not self.skipped and (
            self.chosen is None or not _accepted(self.hindrance, self.decision.despite)
        )

    @property
    def forced(self) -> bool:
        """Whether it is double-booked on purpose."""
        hindrance = self.hindrance
        return hindrance is not None and hindrance.offers is Despite.TAKEN

    @property
    def hindrance(self) -> Problem | None:
        """What is in the way of what was decided."""
        return self.trouble if self.decision.instead else self.problem


@dataclass(frozen=True, slots=True)
class Review:
    """All of the times, in order."""

    items: tuple[Reviewed, ...]

    @property
    def wanting(self) -> tuple[Reviewed, ...]:
        """Those that can't be had as they are, decided or not, and those for which another time was chosen."""
        return tuple(item for item in self.items if item.problem or item.decision.instead)

    @property
    def free(self) -> tuple[Reviewed, ...]:
        """Those that can."""
        return tuple(item for item in self.items if not (item.problem or item.decision.instead))

    @property
    def kept(self) -> tuple[Reviewed, ...]:
        """Those that aren't skipped."""
        return tuple(item for item in self.items if not item.skipped)

    @property
    def open(self) -> int:
        """How many need a decision still."""
        return sum(item.is_open for item in self.items)


class Undecided(Conflict):
    """Nothing is saved yet: the times are to be looked at, and ``review.open`` of them to be decided about."""

    def __init__(self, review: Review) -> None:
        count = review.open
        text = ngettext("{n} of {all} needs a decision.", "{n} of {all} need a decision.", count)
        super().__init__(
            text.format(n=count, all=len(review.items)) if count else _("Look through the dates, then save.")
        )
        self.review = review


async def review_of(
    plan: Sequence[Planned],
    decisions: Mapping[str, Decision],
    clinic: ClinicSettings,
    *,
    by: Viewer,
    leaving: Collection[int] = (),
    hours: bool = True,
) -> Review:
    """Hold the plan against the diary, with what is decided. The number of reads doesn't grow with the plan.

    ``leaving`` are appointments that move away with it; ``hours`` whether working hours count.
    """
    decided = [(one, decisions.get(one.key, UNDECIDED)) for one in plan]
    chosen = [_chosen(one, decision, clinic) for one, decision in decided]
    asked = [one.wanted for one in (*plan, *chosen) if one]
    against = await read_against(asked, clinic, by=by, leaving=leaving, hours=hours)
    items = [
        Reviewed(one, decision, other, _problem(one, against), _trouble(decision, other, against))
        for (one, decision), other in zip(decided, chosen, strict=True)
    ]
    items = [_beside(number, items) for number in range(len(items))]
    wanting = Review(tuple(items)).wanting
    offers = await free_near(
        [
            (
                item.planned.wanted,
                [other.chosen.wanted for other in items if other is not item and other.chosen],
            )
            for item in wanting
        ],
        clinic,
        leaving=leaving,
    )
    free = {item.key: times for item, times in zip(wanting, offers, strict=True)}
    return Review(tuple(replace(item, free=_offered(item, free.get(item.key, ()))) for item in items))


def _offered(item: Reviewed, free: tuple[datetime, ...]) -> tuple[datetime, ...]:
    """Where the clocks skip the time, the next that exists comes first."""
    next_valid = item.planned.wanted.starts_at
    return (next_valid, *(at for at in free if at != next_valid)) if item.planned.skips else free


def _chosen(one: Planned, decision: Decision, clinic: ClinicSettings) -> Planned | None:
    """Where it is to be; None when nowhere, or the time can't be read."""
    if decision.skip or (decision.instead and decision.at is None):
        return None
    if decision.at is None:
        return one
    starts_at, skips = due(decision.at.date(), decision.at.time(), clinic.zone)
    return replace(one.at(starts_at, clinic.zone), skips=skips)


def _problem(one: Planned, against: Against) -> Problem | None:
    if one.skips:
        return Problem(
            _("The clocks go forward that day: {time} doesn't exist.").format(time=f"{one.skips:%H:%M}"),
            Despite.NOTHING,
        )
    return against.problem(one.wanted)


def _trouble(decision: Decision, other: Planned | None, against: Against) -> Problem | None:
    if not decision.instead:
        return None
    if other is None:
        return Problem(_("Give a day and a time, in steps of five minutes."), Despite.NOTHING)
    return _problem(other, against)


def _beside(number: int, items: Sequence[Reviewed]) -> Reviewed:
    """The same, held against the others: no two may have the same time. Who chose it, or comes later, has to decide."""
    item = items[number]
    if item.chosen is None or item.hindrance:
        return item
    if item.decision.instead:
        others = [other for other in items if other is not item]
    else:
        others = [other for other in items[:number] if not other.decision.instead]
    if not meet(item.chosen.wanted, [other.chosen.wanted for other in others if other.chosen]):
        return item
    taken = Problem(_("Another of these dates has that time."), Despite.TAKEN)
    return replace(item, trouble=taken) if item.decision.instead else replace(item, problem=taken)


def _accepted(hindrance: Problem | None, despite: Despite) -> bool:
    if hindrance is None:
        return True
    return despite is not Despite.NOTHING and hindrance.offers in (Despite.HOURS, despite)
