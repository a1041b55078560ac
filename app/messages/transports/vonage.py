"""Texts, by Vonage's Messages API and its official SDK.

The SDK's exceptions and its log quote requests and answers, PIN included: neither leaves this file.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from app.clock import now
from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports.base import ErrorKind, Outgoing, Provider, TransportError
from app.settings import VonageSettings

if TYPE_CHECKING:
    from requests import RequestException, Response
    from vonage_http_client import Auth, HttpClient

TOTAL_SECONDS = 55
SHORTEST_LIFE = timedelta(minutes=30)
LONGEST_LIFE = timedelta(hours=72)
"""How long carriers keep trying to reach the phone: at least until a meeting is over, at most what they allow."""


KEPT_SECONDS = 4
"""How long a connection waits for another text: one that the server gives up in that moment leaves a text uncertain."""
TOKEN_SECONDS = 300
"""How long we prove who we are by the same token; the SDK's are good for three times as long."""


class VonageTransport:
    """Sends through the clinic's Vonage application; waits so many seconds for a connection and for each answer.

    A connection costs a twentieth of a second of CPU, and a token that says who we are another: both are kept.
    """

    def __init__(self, settings: VonageSettings, *, patience: int = 10) -> None:
        self._settings = settings
        self._patience = patience
        self._account: Auth | None = None
        self._kept: deque[tuple[float, HttpClient]] = deque()  # since when; each is for one thread at a time

    async def send(self, message: Outgoing) -> str:
        try:
            async with asyncio.timeout(TOTAL_SECONDS):
                return await asyncio.to_thread(self._post, message)
        except TimeoutError:  # the SDK's own limit is for each read, so a dripping answer gets past it
            raise TransportError(ErrorKind.AMBIGUOUS, "unanswered") from None

    async def close(self) -> None:
        """End the connections that wait for another text, as they do when nobody holds them."""
        self._kept.clear()

    def _post(self, message: Outgoing) -> str:
        # Imported by the first text: half a second and 14 MB, which only the sender needs. The umbrella package
        # `vonage` would cost half as much again for the same classes.
        import requests
        from vonage_http_client.errors import HttpRequestError
        from vonage_messages import Messages, Sms

        logging.getLogger("vonage").disabled = True
        text = Sms(
            to=message.recipient.removeprefix("+"),
            from_=message.sender_name or self._settings.sender,
            text=message.text,
            ttl=_life(message),
            client_ref=message.reference,
        )
        client = self._client()
        try:
            answer = Messages(client).send(text)
        except HttpRequestError as error:
            refused = _refused(error.response)
            if refused.kind is ErrorKind.CHANNEL:
                self._account = None
            raise refused from None
        except requests.RequestException as error:
            raise _unanswered(error) from None
        except (TypeError, KeyError, ValueError):  # accepted, by an answer without a message_uuid
            raise TransportError(ErrorKind.AMBIGUOUS, "odd-answer") from None
        self._kept.append((monotonic(), client))
        return str(answer.message_uuid)

    def _client(self) -> HttpClient:
        from vonage_http_client import HttpClient, HttpClientOptions

        with suppress(IndexError):
            while True:
                since, kept = self._kept.pop()
                if monotonic() - since < KEPT_SECONDS:
                    return kept
        self._account = account = self._account or _account_of(self._settings)
        # Without these the SDK waits for ever, retries by itself, and after a dropped connection posts ten times.
        options = HttpClientOptions(
            api_host=self._settings.api_host, timeout=self._patience, max_retries=0, pool_maxsize=1
        )
        return HttpClient(account, options)


def _account_of(settings: VonageSettings) -> Auth:
    """Who we are to Vonage. Raises TransportError when our key is none."""
    from vonage_http_client import Auth

    class Account(Auth):  # type: ignore[misc] # the SDK has no types
        """Signs a token only when the last one has been used for a while."""

        _token, _signed_at = b"", 0.0

        def create_jwt_auth_string(self) -> bytes:
            if not self._token or monotonic() - self._signed_at > TOKEN_SECONDS:
                self._token, self._signed_at = super().create_jwt_auth_string(), monotonic()
            return self._token

    try:
        account = Account(application_id=settings.application_id, private_key=settings.private_key)
        account.create_jwt_auth_string()
    except Exception:  # it passes on whatever the libraries below it say of a key that is none
        raise TransportError(ErrorKind.CHANNEL, "credentials") from None
    return account


def _life(message: Outgoing) -> int:
    """Seconds during which the carrier may deliver it."""
    left = message.expires_at - now()
    return int(min(max(left, SHORTEST_LIFE), LONGEST_LIFE).total_seconds())


def _refused(response: Response) -> TransportError:
    status = response.status_code
    if status in (401, 402, 403) or status < 400:
        kind = ErrorKind.CHANNEL
    elif status == 429 or status >= 500:
        kind = ErrorKind.TEMPORARY
    else:
        kind = ErrorKind.PERMANENT
    return TransportError(kind, f"http-{status}", _seconds(response.headers.get("Retry-After", "")))


def _seconds(retry_after: str) -> float | None:
    """The header as seconds from now; it may be a number or a date (RFC 9110)."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - now()).total_seconds())


def _unanswered(error: RequestException) -> TransportError:
    from requests import ConnectionError as NotConnected
    from requests import ConnectTimeout
    from requests.exceptions import SSLError
    from urllib3.exceptions import NewConnectionError

    if isinstance(error, SSLError):  # it is a ConnectionError too: first
        return TransportError(ErrorKind.CHANNEL, "tls")
    cause = getattr(error.args[0], "reason", None) if error.args else None
    never_connected = isinstance(error, ConnectTimeout) or isinstance(cause, NewConnectionError)
    if isinstance(error, NotConnected) and never_connected:
        return TransportError(ErrorKind.TEMPORARY, "connect")
    return TransportError(ErrorKind.AMBIGUOUS, "unanswered")


def reasons() -> Mapping[str, str]:
    """What the codes mean: the more exact ones come first."""
    return {
        "tls": _("Vonage's certificate can't be trusted"),
        "credentials": _("Vonage refuses our key"),
        "connect": _("Vonage can't be reached"),
        "http-401": _("Vonage refuses our key"),
        "http-402": _("the Vonage account has no credit"),
        "http-403": _("the Vonage account may not send this"),
        "http-429": _("Vonage asks us to slow down"),
        "http-4": _("Vonage refused this number or sender"),
        "http-5": _("Vonage has a fault at the moment"),
        # What carriers report through Vonage: https://developer.vonage.com/en/api-errors/messages
        "receipt-1050": _("this number can't get our texts"),
        "receipt-1070": _("the Vonage account has no credit"),
        "receipt-1120": _("the carrier doesn't accept our sender name"),
        "receipt-1160": _("this number can't get our texts"),
        "receipt-1170": _("there is no such number"),
        "receipt-1180": _("the phone was switched off or out of reach"),
        "receipt-1190": _("the number is no longer in use"),
        "receipt-1210": _("the carrier takes it for spam"),
        "receipt-1220": _("the phone was switched off or out of reach"),
        "receipt-1240": _("this number can't get our texts"),
        "receipt-1280": _("the carrier blocks texts to this number"),
        "receipt": _("the carrier could not deliver it"),
    }


PROVIDER = Provider(
    Channel.TEXT,
    is_set_up=lambda settings: settings.vonage is not None,
    open=lambda settings: VonageTransport(settings.vonage) if settings.vonage else None,
    reasons=reasons,
    stands_back=True,
)
