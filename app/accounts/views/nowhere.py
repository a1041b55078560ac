"""Any address that leads nowhere."""

from __future__ import annotations

from litestar import Controller, get
from litestar.exceptions import NotFoundException

from app.accounts.guards import anyone


class NowhereController(Controller):
    """Every other address: refused while the portal is offline like any page, and else there is no such page."""

    path = "/{address:path}"
    guards = [anyone]

    @get()
    async def show(self) -> None:
        """There is no such page."""
        raise NotFoundException
