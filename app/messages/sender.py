"""Sends one message: opens its payload, composes it by the clinic's settings as they are now, and hands it over."""

from __future__ import annotations

from functools import cached_property

from app.clinic.clinic import load_clinic
from app.messages.compose import Purpose, compose
from app.messages.crypto import Unreadable, unseal
from app.messages.dispatch import Claim
from app.messages.tables import Channel
from app.messages.transports import ErrorKind, Outgoing, Transport, TransportError, transport_for
from app.settings import Settings


class Sender:
    """Sends the messages of one channel."""

    def __init__(self, channel: Channel, settings: Settings) -> None:
        self._channel = channel
        self._settings = settings

    async def send(self, claim: Claim) -> str:
        """Send it; returns the vendor's reference. Raises TransportError."""
        clinic = await load_clinic()
        portal_url = (clinic.portal_url if clinic else "") or self._local_url()
        if not clinic or not portal_url:
            raise TransportError(ErrorKind.TEMPORARY, "no-portal-url")
        content = compose(
            Purpose(claim.purpose),
            self._context_of(claim),
            clinic,
            portal_url=portal_url,
            recipient=claim.recipient,
            at=claim.created_at,
        )
        by_mail = self._channel is Channel.EMAIL
        return await self._transport.send(
            Outgoing(
                reference=claim.reference,
                recipient=claim.recipient,
                sender_name=(clinic.email_sender_name or clinic.name) if by_mail else clinic.text_sender_name,
                expires_at=claim.expires_at,
                subject=content.subject,
                text=content.text,
                html=content.html,
                unsubscribe=content.unsubscribe,
            )
        )

    async def close(self) -> None:
        """Give up what was kept open for the next message."""
        if "_transport" in self.__dict__:
            await self._transport.close()

    @cached_property
    def _transport(self) -> Transport:
        return transport_for(self._channel, self._settings)

    def _local_url(self) -> str:
        """Where links lead while the portal has no address: in production nowhere, and the message waits."""
        return f"http://localhost:{self._settings.port}" if self._settings.is_development else ""

    def _context_of(self, claim: Claim) -> dict[str, str]:
        try:
            return unseal(
                claim.payload, claim.payload_key, claim.reference, self._channel, self._settings.message_keys
            )
        except Unreadable:
            raise TransportError(ErrorKind.PERMANENT, "unreadable") from None
