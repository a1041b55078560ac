"""One of a series, in words."""

from __future__ import annotations

from app.db import rows
from app.diary.series.recurrence import rule_of
from app.diary.statuses import FREEING
from app.i18n import Renderer
from app.i18n import gettext as _


async def series_words(series: int, appointment: int, when: Renderer) -> str:
    """Which one it is and how often it is: "3 of 10, every week on Mon". Who was cancelled isn't counted."""
    found = await rows(
        """
        SELECT a.id, a.status, s.first, s.rule FROM series s JOIN appointment a ON a.series = s.id
        WHERE s.id = {} ORDER BY a.due_at, a.id
        """,
        series,
    )
    how_often = rule_of(found[0]["first"], found[0]["rule"]).words(when)
    there = [row["id"] for row in found if row["status"] not in FREEING]
    if appointment not in there:
        return how_often
    text = _("{n} of {all}, {how_often}")
    return text.format(n=there.index(appointment) + 1, all=len(there), how_often=how_often)
