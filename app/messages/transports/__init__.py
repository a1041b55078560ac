"""Where messages leave: one file a vendor, and the choice between them. docs/adding-a-provider.md adds another."""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from app.i18n import gettext as _
from app.messages.tables import Channel
from app.messages.transports.base import ErrorKind, Outgoing, Provider, Transport, TransportError
from app.messages.transports.tray import Tray
from app.settings import Settings

__all__ = [
    "Availability",
    "ErrorKind",
    "Outgoing",
    "Provider",
    "Transport",
    "TransportError",
    "channel_available",
    "providers",
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
    if _uses_tray(channel, settings) or _provider(channel, settings):
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
    provider = _provider(channel, settings)
    transport = provider.open(settings) if provider else None
    if transport is None:
        raise TransportError(ErrorKind.CHANNEL, "not-set-up")
    return transport


def tray(settings: Settings) -> Tray:
    """The tray's folder. Only development ever puts anything there."""
    return Tray(settings.var / "tray")


def providers(channel: Channel) -> list[Provider]:
    """Those that could carry the channel, in the order in which they are asked whether they are set up."""
    return [provider for provider in all_providers() if provider.channel is channel]


def _uses_tray(channel: Channel, settings: Settings) -> bool:
    return settings.is_development and (settings.tray or not _provider(channel, settings))


def _provider(channel: Channel, settings: Settings) -> Provider | None:
    return next((provider for provider in providers(channel) if provider.is_set_up(settings)), None)


@cache
def all_providers() -> tuple[Provider, ...]:
    """The ``PROVIDER`` of every file in this folder that has one."""
    modules = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    found: list[Provider] = [module.PROVIDER for module in modules if hasattr(module, "PROVIDER")]
    return tuple(sorted(found, key=lambda provider: provider.stands_back))
