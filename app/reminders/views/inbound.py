"""/webhooks/vonage/inbound: what people text back."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, post
from litestar.exceptions import HTTPException

from app.errors import Refusal
from app.messages.transports.vonage_inbound import read_inbound
from app.messages.views.receipts import LARGEST_RECEIPT, answered_plainly, signed_by_vonage
from app.reminders.inbound import hear


class InboundController(Controller):
    """Texts to our number, where we have one. They come without a session, whatever the portal's status."""

    path = "/webhooks/vonage/inbound"
    guards = [signed_by_vonage]
    opt = {"static": True, "exclude_from_csrf": True}
    exception_handlers = {Refusal: answered_plainly, HTTPException: answered_plainly}
    request_max_body_size = LARGEST_RECEIPT

    @post(status_code=200)
    async def inbound(self, request: Request[Any, Any, Any]) -> None:
        """One text."""
        if said := read_inbound(await request.body()):
            await hear(said)
