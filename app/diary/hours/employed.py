"""Whoever has something put into their diary works here, and goes on to until it is there."""

from __future__ import annotations

from app.db import Turn, take_turns
from app.diary.hours.weeks import current_practitioner


async def stay_employed(practitioner: int) -> None:
    """Inside ``write``: until it ends nobody else books with them, or makes them non-current.

    Raises NotFound for somebody who isn't a practitioner, or has left.
    """
    await take_turns(Turn.BOOKING, practitioner)
    await current_practitioner(practitioner)
