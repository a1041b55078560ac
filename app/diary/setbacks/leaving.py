"""Somebody leaves the clinic: not before nothing is left in their diary."""

from __future__ import annotations

from app.accounts.employment import make_non_current
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings
from app.db import Turn, take_turns, write
from app.diary.setbacks.occasions import Occasion
from app.diary.setbacks.to_settle import open_appointments
from app.errors import Conflict
from app.i18n import gettext as _


async def let_go(occasion: Occasion, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Make them non-current. Raises Conflict while appointments are left, which nobody would see any more; and as
    ``make_non_current``."""
    async with write():
        await take_turns(Turn.BOOKING, occasion.practitioner)
        if await open_appointments(occasion, clinic):
            raise Conflict(_("There are appointments left: move them, hand them over or cancel them first."))
        await make_non_current(occasion.practitioner, by=by)
