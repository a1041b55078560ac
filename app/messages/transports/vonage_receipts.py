"""Vonage's receipts: proving that they are Vonage's, and what they say.

The SDK's own verifier looks at the signature only, and refuses a token of a clock that is a second ahead of ours.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import timedelta
from typing import Any

import jwt

from app.clock import now
from app.errors import Refusal
from app.messages.receipts import Receipt
from app.messages.tables import MessageState
from app.settings import VonageSettings

OLDEST = timedelta(minutes=5)
CLOCKS_DIFFER_BY = timedelta(minutes=1)
_STATES = {
    "submitted": MessageState.ACCEPTED,
    "delivered": MessageState.DELIVERED,
    "rejected": MessageState.UNDELIVERABLE,
    "undeliverable": MessageState.UNDELIVERABLE,
}


class NotFromVonage(Refusal):
    """It isn't signed, or not by Vonage, for this application, for this body, a moment ago."""

    status = 401


class Malformed(Refusal):
    """Vonage has signed it, but it is no receipt."""

    status = 400


def require_signature(authorization: str, body: bytes, settings: VonageSettings | None) -> None:
    """Raise NotFromVonage unless this header shows that Vonage has just sent us this body.

    The secret is the account's, and so shared by its applications: what names another one is not for us. The claim is
    optional, and a receipt that names none is known by the account's secret and our message's own reference.
    """
    claims = _claims(authorization, settings)
    if settings is None or claims.get("application_id", settings.application_id) != settings.application_id:
        raise NotFromVonage("for another application")
    if not hmac.compare_digest(str(claims["payload_hash"]).lower(), hashlib.sha256(body).hexdigest()):
        raise NotFromVonage("for another body")
    age = now().timestamp() - claims["iat"]
    if not -CLOCKS_DIFFER_BY.total_seconds() <= age <= OLDEST.total_seconds():
        raise NotFromVonage("at another time")


def _claims(authorization: str, settings: VonageSettings | None) -> dict[str, Any]:
    scheme, _, token = authorization.partition(" ")
    if settings is None or not settings.signature_secret or scheme.lower() != "bearer":
        raise NotFromVonage("not signed")
    try:
        claims: dict[str, Any] = jwt.decode(
            token.strip(),
            settings.signature_secret,
            algorithms=["HS256"],
            issuer="Vonage",
            # Its age is judged by our own clock, and more strictly.
            options={"require": ["iat", "payload_hash"], "verify_iat": False},
        )
    except jwt.InvalidTokenError:
        raise NotFromVonage("not signed by Vonage") from None
    if not isinstance(claims["iat"], int | float):
        raise NotFromVonage("at no time")
    return claims


def read_receipt(body: bytes) -> Receipt | None:
    """What it says; None for news that concern no text of ours. Raises Malformed."""
    try:
        told = json.loads(body)
    except ValueError:  # UnicodeDecodeError is one too
        raise Malformed("not JSON") from None
    if not isinstance(told, dict) or not isinstance(told.get("message_uuid"), str):
        raise Malformed("not a receipt")
    state = _STATES.get(str(told.get("status")))
    if state is None or told.get("channel", "sms") != "sms" or not told["message_uuid"]:
        return None
    return Receipt(
        state=state,
        provider_reference=told["message_uuid"][:64],
        reference=str(told.get("client_ref") or ""),
        error_code=_code(told.get("error")) if state is MessageState.UNDELIVERABLE else "",
    )


def _code(error: object) -> str:
    """Vonage's number for the reason, which is its title and ends its type's address."""
    told = error if isinstance(error, dict) else {}
    number = re.search(r"(?:^|#)(\d{1,6})$", f"{told.get('type', '')}") or re.search(
        r"^(\d{1,6})$", f"{told.get('title', '')}"
    )
    return f"receipt-{number[1]}" if number else "receipt"
