"""Where messages leave: one file a vendor, and the choice between them."""

from __future__ import annotations

from dataclasses import dataclass

from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports.base import ErrorKind, Outgoing, Transport, TransportError
from app.messages.transports.smtp import SmtpTransport
from app.messages.transports.tray import Tray
from app.messages.transports.vonage import VonageTransport
from app.settings import Settings

__all__ = [
    "Availability",
    "ErrorKind",
    "Outgoing",
    "Transport",
    "TransportError",
    "channel_available",
    "transport_for",
    "tray",
]


@dataclass(frozen=True, slots=True)
class Availability:
    """Whether a channel can be used. It is true or false, and if false ``reason`` is a sentence for people."""

    reason: str = ""

    def __bool__(self) -> bool:
        return not self.reason


def channel_available(channel: Channel, settings: Settings) -> Availability:
    """Whether this installation can send by that channel."""
    if _uses_tray(channel, settings) or _vendor(channel, settings):
        return Availability()
    if channel is Channel.TEXT:
        return Availability(
            _("Text messages aren't set up here yet: Daybook needs the clinic's Vonage account.")
        )
    return Availability(_("E-mail isn't set up here yet: Daybook needs a mail server."))


def transport_for(channel: Channel, settings: Settings) -> Transport:
    """What sends that channel's messages. Raises TransportError (channel) when nothing does."""
    if _uses_tray(channel, settings):
        return tray(settings)
    if channel is Channel.EMAIL and settings.smtp:
        return SmtpTransport(settings.smtp)
    if channel is Channel.TEXT and settings.vonage:
        return VonageTransport(settings.vonage)
    raise TransportError(ErrorKind.CHANNEL, "not-set-up")


def tray(settings: Settings) -> Tray:
    """The tray's folder. Only development ever puts anything there."""
    return Tray(settings.var / "tray")


def _uses_tray(channel: Channel, settings: Settings) -> bool:
    return settings.is_development and (settings.tray or not _vendor(channel, settings))


def _vendor(channel: Channel, settings: Settings) -> object | None:
    return settings.smtp if channel is Channel.EMAIL else settings.vonage
