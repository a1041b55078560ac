"""Kinds of field that several of the diary's forms have."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, NaiveDatetime

from app.diary.days import YEARS, Day
from app.diary.periods import GRID
from app.i18n import gettext as _

LARGEST_ID = 2**31 - 1


def _nothing(typed: object) -> object:
    return None if typed == "" else typed


At = TypeVar("At", time, datetime)


def _on_the_grid(at: At) -> At:
    if at.minute % GRID or at.second or at.microsecond or at.tzinfo:
        raise ValueError(_("Use steps of five minutes, such as 10:05."))
    return at


def _in_the_diary(at: datetime) -> datetime:
    if at.year not in YEARS:
        raise ValueError(_("That isn't a date or time that exists."))
    return at


Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
OptionalId = Annotated[Id | None, BeforeValidator(_nothing)]
OptionalDay = Annotated[Day | None, BeforeValidator(_nothing)]
Clock = Annotated[time, AfterValidator(_on_the_grid)]
OptionalClock = Annotated[Clock | None, BeforeValidator(_nothing)]
WallTime = Annotated[NaiveDatetime, AfterValidator(_on_the_grid), AfterValidator(_in_the_diary)]
OptionalWallTime = Annotated[WallTime | None, BeforeValidator(_nothing)]
Reason = Annotated[str, Field(max_length=200)]
