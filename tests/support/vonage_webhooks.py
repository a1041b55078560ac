"""The calls that Vonage makes to the application: signed delivery receipts and inbound texts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt

from app import clock
from tests.support.vonage_description import INBOUND_TEXT, RECEIPT, violations

if TYPE_CHECKING:
    from tests.support.vonage import Text


@dataclass(frozen=True, slots=True)
class Webhook:
    """One call: post ``content`` with ``headers``, unchanged."""

    content: bytes
    headers: dict[str, str]


class Webhooks:
    """Makes and signs the calls. ``issued_at`` is when Vonage signed, by default now, by the application's clock."""

    def __init__(self, application_id: str = "") -> None:
        self.signature_secret = "a signature secret of the test run, long enough for HS256"
        self._application_id = application_id

    def receipt(
        self,
        text: Text,
        status: str = "delivered",
        *,
        error: str | None = None,
        issued_at: datetime | None = None,
    ) -> Webhook:
        """The delivery receipt for a text; ``error`` is Vonage's error code, such as 1320."""
        body = _common(message_uuid=text.message_uuid, to=text.to, sender=text.body["from"])
        body |= {"status": status, "usage": {"currency": "EUR", "price": "0.0333"}}
        if "client_ref" in text.body:
            body["client_ref"] = text.body["client_ref"]
        if error is not None:
            body["error"] = {
                "type": f"https://developer.vonage.com/api-errors/messages#{error}",
                "title": error,
                "detail": "The carrier's words",
                "instance": uuid4().hex,
            }
        assert not violations(RECEIPT, body), violations(RECEIPT, body)
        return self.sign(body, issued_at=issued_at)

    def inbound(self, text: str, *, to: str, sender: str, issued_at: datetime | None = None) -> Webhook:
        """A text that somebody sent to one of our numbers; both numbers without a plus sign."""
        body = _common(message_uuid=str(uuid4()), to=to, sender=sender)
        body |= {"message_type": "text", "text": text}
        assert not violations(INBOUND_TEXT, body), violations(INBOUND_TEXT, body)
        return self.sign(body, issued_at=issued_at)

    def sign(self, body: object, *, secret: str | None = None, issued_at: datetime | None = None) -> Webhook:
        """Any body as Vonage would sign it; another ``secret`` makes a forgery."""
        content = json.dumps(body).encode()
        claims = {
            "iss": "Vonage",
            "iat": int((issued_at or clock.now()).timestamp()),
            "jti": str(uuid4()),
            "payload_hash": hashlib.sha256(content).hexdigest(),
        }
        if self._application_id:
            claims["application_id"] = self._application_id
        token = jwt.encode(claims, secret or self.signature_secret, algorithm="HS256")
        return Webhook(content, {"Authorization": f"Bearer {token}", "Content-Type": "application/json"})


def _common(*, message_uuid: str, to: str, sender: str) -> dict[str, Any]:
    return {
        "message_uuid": message_uuid,
        "to": to,
        "from": sender,
        "timestamp": clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "channel": "sms",
    }
