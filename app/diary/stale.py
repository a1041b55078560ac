"""What was changed since it was read is not overwritten."""

from __future__ import annotations

from app.errors import Conflict
from app.i18n import gettext as _


class Stale(Conflict):
    """It was changed since it was read."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this meanwhile. Check what is stored now, then save again.")
        )
