"""Only requests for our own host names are answered: a forged Host header must not get into anything we write."""

from __future__ import annotations

import re
from collections.abc import Collection

from litestar.datastructures import Headers
from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Receive, Scope, Send

from app.environment.network import HOST_NAME

HOST = re.compile(rf"(?P<name>{HOST_NAME})(:\d{{1,5}})?")
# A platform's health check asks by address.
ASKED_BY_ADDRESS = ("/health", "/ready")
# *Check that it loads* asks by the portal URL, and tells apart that a host leads here and that it is let in.
ASKED_BY_ANY_NAME = "/.well-known/daybook/"


class HostMiddleware:
    """Refuses other hosts with 400. The framework's own check also compares the port, which we don't choose."""

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self.app = app
        self.allowed = frozenset(allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, if it is for us. Raises ClientException."""
        host = Headers.from_scope(scope).get("host", "")
        path = scope["path"]
        any_host_will_do = path in ASKED_BY_ADDRESS or path.startswith(ASKED_BY_ANY_NAME)
        if not any_host_will_do and host_name(host) not in self.allowed:
            raise ClientException
        await self.app(scope, receive, send)


def host_name(host: str) -> str:
    """The name in a Host header, without its port; an IPv6 address keeps its brackets. Empty for anything else."""
    found = HOST.fullmatch(host.lower())
    return found["name"] if found else ""
