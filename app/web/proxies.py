"""Whom the request really came from, when trusted proxies stand before us."""

from __future__ import annotations

import ipaddress

from litestar.datastructures import Headers
from litestar.types import ASGIApp, Receive, Scope, Send

from app.settings import TrustedProxies


class ProxyMiddleware:
    """Rewrites the scope's client and scheme from X-Forwarded-For and -Proto, as far as proxies are trusted.

    Each proxy appends the address it saw, so the list is read from the right: an entry is believed only if the
    one right of it belongs to a trusted proxy. What a browser itself sends stands further left.
    """

    def __init__(self, app: ASGIApp, trusted: TrustedProxies) -> None:
        self.app = app
        self.trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its true client."""
        peer = scope["client"]
        if peer and (self.trusted.hops or self.trusted.networks):
            headers = Headers.from_scope(scope)
            chain = [part.strip() for part in ",".join(headers.getall("x-forwarded-for", [])).split(",")]
            address, hops = client_behind(peer[0], chain, self.trusted)
            if hops:
                scope["client"] = (address, peer[1])
                protocol = headers.get("x-forwarded-proto", "").rsplit(",")[-1].strip()
                scope["scheme"] = protocol if protocol in ("http", "https") else scope["scheme"]
        await self.app(scope, receive, send)


def client_behind(peer: str, forwarded_for: list[str], trusted: TrustedProxies) -> tuple[str, int]:
    """The client's address behind ``peer``, and how many proxies were believed."""
    address, hops = peer, 0
    for entry in reversed(forwarded_for):
        believed = hops < trusted.hops if trusted.hops else _is_in(address, trusted)
        if not believed or _parsed(entry) is None:
            break
        address, hops = entry, hops + 1
    return address, hops


def _is_in(address: str, trusted: TrustedProxies) -> bool:
    ip = _parsed(address)
    return ip is not None and any(ip in network for network in trusted.networks)


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(address)
    except ValueError:
        return None
