"""What people type when they book, move or change something in the diary."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, model_validator

from app.diary.days import Day
from app.diary.entries import LONGEST
from app.diary.fields import Clock, Id, OptionalClock, OptionalId, OptionalWallTime, Reason
from app.diary.patients.forms import DateOfBirth, Mobile
from app.diary.periods import GRID
from app.diary.series.forms import Repeating, Scoped
from app.diary.slots.conflicts import Despite
from app.diary.tables import Status
from app.diary.times import typed_again, typed_end, typed_moment
from app.errors import Invalid
from app.forms import Form, Version
from app.i18n import gettext as _

NEWCOMER = ("new_name", "new_born", "new_mobile")


def _as_long(typed: dict[str, Any], at: str) -> str:
    """When what begins at that time ends, to last as long as what was typed. What can't be read stays as it is."""
    try:
        starts, until, slot = (
            datetime.fromisoformat(f"2000-01-01T{clock}") for clock in (typed["time"], typed["until"], at)
        )
        return f"{slot + (until - starts):%H:%M}"
    except (KeyError, TypeError, ValueError):
        return str(typed["until"])


def _chosen(typed: object) -> object:
    if typed == "":
        raise ValueError(_("Choose a type of appointment."))
    return typed


TypeId = Annotated[Id, BeforeValidator(_chosen)]
Minutes = Annotated[int, Field(ge=GRID, le=LONGEST // timedelta(minutes=1), multiple_of=GRID)]
Notes = Annotated[str, Field(max_length=4000)]


class TimeForm(Form):
    """Whose time, and which. ``slot`` is a free time that was offered and pressed: it stands for the day and time.

    What says when it ends, says it for the time that was refused: it ends as much earlier or later.
    """

    practitioner: Id
    day: Day
    time: Clock
    despite: Despite = Despite.NOTHING

    @model_validator(mode="before")
    @classmethod
    def _take_the_slot(cls, typed: dict[str, Any]) -> dict[str, Any]:
        day, _separator, at = str(typed.get("slot", "")).partition("T")
        if not at:
            return typed
        until = {"until": _as_long(typed, at)} if "until" in typed else {}
        return {**typed, "day": day, "time": at, "despite": "", **until}

    def starts_at(self, zone: ZoneInfo, stored: datetime | None = None) -> datetime:
        """The moment meant. Raises Invalid for one that doesn't exist. ``stored`` is the one before the change."""
        if stored is None:
            return typed_moment(self.day, self.time, zone)
        return typed_again(self.day, self.time, stored, zone)


def with_namesake(typed: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, once the record that was offered for a new patient is taken as theirs: ``instead``, a button."""
    instead = typed.get("instead")
    return {**typed, **({"patient": instead, **dict.fromkeys(NEWCOMER, "")} if instead else {})}


class PatientChoiceForm(Form):
    """Somebody who is known, or who comes for the first time.

    ``new_anyway`` is the name of a newcomer who has a namesake and is said to be another person.
    """

    patient: OptionalId = None
    new_name: Annotated[str, Field(max_length=80)] = ""
    new_born: DateOfBirth = None
    new_mobile: Mobile = ""
    new_anyway: str = ""

    @model_validator(mode="before")
    @classmethod
    def _take_the_namesake(cls, typed: dict[str, Any]) -> dict[str, Any]:
        return with_namesake(typed)


class BookingForm(PatientChoiceForm, TimeForm, Repeating):
    """An appointment to be, with a patient who is known or comes for the first time.

    ``key`` makes sure that a form that is sent twice books once. A class may begin without anybody.
    """

    type: TypeId
    location: OptionalId = None
    room: OptionalId = None
    notes: Notes = ""
    key: Annotated[str, Field(min_length=1, max_length=100)]


class BlockForm(TimeForm, Repeating, Scoped):
    """Time without patients: lunch, a meeting, leave."""

    title: Annotated[str, Field(min_length=1, max_length=80)]
    until: Clock
    notes: Notes = ""
    key: Annotated[str, Field(min_length=1, max_length=100)] = "-"
    version: Version = 0

    def span(
        self, zone: ZoneInfo, stored: tuple[datetime, datetime] | None = None
    ) -> tuple[datetime, datetime]:
        """From when to when. One that ends at or before its beginning by the clock is refused; 00:00 is midnight."""
        starts_at = self.starts_at(zone, stored and stored[0])
        ends_at = typed_end(self.day, self.until, zone, stored and stored[1])
        if ends_at <= starts_at:
            raise Invalid(_("It must end after it starts."), "until")
        return starts_at, ends_at

    def length(self) -> timedelta:
        """How long that is by the clock. Raises Invalid as ``span``."""
        last = self.day + timedelta(days=1) if self.until == time() else self.day
        length = datetime.combine(last, self.until) - datetime.combine(self.day, self.time)
        if length <= timedelta():
            raise Invalid(_("It must end after it starts."), "until")
        return length


class EditForm(TimeForm, Scoped):
    """An appointment as it shall be. ``version`` is the one it was read at."""

    type: TypeId
    minutes: Minutes
    location: OptionalId = None
    room: OptionalId = None
    notes: Notes = ""
    version: Version


class MoveForm(Form):
    """Where a gesture put an appointment: its start or its end on the clinic's clock, and whose it is now.

    What isn't sent stays as it is: without an end, how long it is.
    """

    starts: OptionalWallTime = None
    until: OptionalClock = None
    practitioner: OptionalId = None
    despite: Despite = Despite.NOTHING
    version: Version


class StatusForm(Scoped):
    """How it goes with an appointment; in a class, with one ``patient``.

    ``slot`` is a free time that was offered to a cancelled one whose own has been given away.
    """

    status: Status
    slot: OptionalWallTime = None
    reason: Reason = ""
    patient: OptionalId = None
    despite: Despite = Despite.NOTHING
    version: Version


class RemovalForm(Form):
    """Somebody is taken off a class's list."""

    version: Version


class AttendeeForm(PatientChoiceForm):
    """Somebody who joins a class, known or new."""

    version: Version
