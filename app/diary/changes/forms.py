"""What comes with the press of an Undo button."""

from __future__ import annotations

from app.diary.fields import OptionalWallTime
from app.diary.slots.conflicts import Despite
from app.forms import Form


class UndoForm(Form):
    """Nothing; where the former time was given away, the free one in its place, or that it is meant all the same."""

    slot: OptionalWallTime = None
    despite: Despite = Despite.NOTHING
