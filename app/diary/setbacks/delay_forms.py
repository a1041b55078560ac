"""What people say when they run late."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.diary.fields import OptionalId
from app.diary.periods import GRID
from app.diary.setbacks.delay import TakenUpBy
from app.forms import Form

SHORTEST, LONGEST = 5, 120


class DelayForm(Form):
    """How late, from whom on, and what takes it up. ``seal`` stands for the times that were seen and confirmed."""

    minutes: Annotated[int, Field(ge=SHORTEST, le=LONGEST, multiple_of=GRID)] = 15
    first: OptionalId = None
    taken_up_by: TakenUpBy = TakenUpBy.NOTHING
    seal: Annotated[str, Field(max_length=64)] = ""
    key: Annotated[str, Field(min_length=1, max_length=100)] = "-"
