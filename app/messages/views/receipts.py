"""/webhooks: what vendors tell of the messages they have taken."""

from __future__ import annotations

from typing import Any

from litestar import Controller, MediaType, Request, Response, post
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from app import settings
from app.errors import Refusal
from app.messages.alarm import Alarm
from app.messages.receipts import take_receipt
from app.messages.transports.vonage_receipts import read_receipt, require_signature

LARGEST_RECEIPT = 16 * 1024


async def signed_by_vonage(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Nobody but Vonage. Raises NotFromVonage."""
    body = await connection.body() if isinstance(connection, Request) else b""
    require_signature(connection.headers.get("authorization", ""), body, settings.current().vonage)


def answered_plainly(_request: Any, failure: Refusal | HTTPException) -> Response[str]:
    """A program reads it: the status says all."""
    status = failure.status if isinstance(failure, Refusal) else failure.status_code
    return Response("", status_code=status, media_type=MediaType.TEXT)


class VonageController(Controller):
    """Vonage's receipts. They come without a session and a form's token, whatever the portal's status."""

    path = "/webhooks/vonage"
    guards = [signed_by_vonage]
    opt = {"static": True, "exclude_from_csrf": True}
    exception_handlers = {Refusal: answered_plainly, HTTPException: answered_plainly}
    request_max_body_size = LARGEST_RECEIPT

    @post("/status", status_code=200)
    async def status(self, request: Request[Any, Any, Any], alarm: Alarm) -> None:
        """One receipt. What is unknown to us is well received too: another answer would only bring it again."""
        if receipt := read_receipt(await request.body()):
            await take_receipt(receipt, tell=alarm)
