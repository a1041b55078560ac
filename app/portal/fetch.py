"""One GET over the network to an address that somebody typed, made so that it can't be aimed at our own inside.

The name is resolved once and every address it has must be public, so that no second answer of the DNS can swap one in
after the test; the connection goes to what was tested, with the name in SNI, certificate check and Host header.
Redirects aren't followed. Size and time are bounded. Proxies in the environment are ignored: they'd resolve again.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from httptools import HttpParserError, HttpParserUpgrade, HttpResponseParser

from app.portal.address import PortalAddress
from app.portal.public import is_public
from app.portal.tables import CheckOutcome

SECONDS = 5.0
LARGEST = 64 * 1024

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to IP addresses, the preferred first. Raises OSError when there are none."""


class FetchFailed(Exception):
    """No answer was had. ``outcome`` says at which step it ended."""

    def __init__(self, outcome: CheckOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``tls_version`` is empty over plain http."""

    status: int
    body: bytes
    tls_version: str


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses that this machine's resolver knows."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


async def fetch(
    address: PortalAddress,
    path: str,
    *,
    loopback: bool,
    resolve: Resolver = system_resolver,
    trust: ssl.SSLContext | None = None,
    seconds: float = SECONDS,
) -> Answer:
    """GET ``path`` from ``address``. ``loopback`` lets this machine's own addresses pass as well.

    Raises FetchFailed.
    """
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await _connect(await _safe_addresses(address, resolve, loopback), address, trust)
            try:
                writer.write(_request(address, path))
                return await _read(reader, _tls_version(writer))
            finally:
                writer.transport.abort()  # nothing more is wanted, and a polite close would wait for the other side
    except TimeoutError:
        raise FetchFailed(CheckOutcome.TIMEOUT) from None
    except ssl.SSLError:
        raise FetchFailed(CheckOutcome.TLS) from None
    except OSError:
        raise FetchFailed(CheckOutcome.CONNECTION) from None


async def _safe_addresses(
    address: PortalAddress, resolve: Resolver, loopback: bool
) -> list[IPv4Address | IPv6Address]:
    try:
        found = [ip_address(text) for text in await resolve(address.host, address.port)]
    except (OSError, UnicodeError):
        found = []
    if not found:
        raise FetchFailed(CheckOutcome.DNS)
    if not all(is_public(ip) or (loopback and ip.is_loopback) for ip in found):
        raise FetchFailed(CheckOutcome.UNSAFE)
    return found


async def _connect(
    candidates: Sequence[IPv4Address | IPv6Address], address: PortalAddress, trust: ssl.SSLContext | None
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Connect to the first address that takes the connection; a failing TLS handshake is final."""
    refused: OSError = ConnectionError()
    for ip in candidates:
        try:
            if address.scheme == "http":
                return await asyncio.open_connection(str(ip), address.port)
            context = trust or ssl.create_default_context()
            return await asyncio.open_connection(
                str(ip), address.port, ssl=context, server_hostname=address.host
            )
        except ssl.SSLError:
            raise
        except OSError as error:
            refused = error
    raise refused


def _request(address: PortalAddress, path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\n"
        "User-Agent: Daybook\r\n"
        "Accept: text/plain\r\n"
        "Accept-Encoding: identity\r\n"
        "Connection: close\r\n\r\n"
    ).encode("ascii")


def _tls_version(writer: asyncio.StreamWriter) -> str:
    tls = writer.get_extra_info("ssl_object")
    return str(tls.version()) if tls is not None else ""


class _Response:
    """Collects what the parser finds. Interim answers (1xx) are skipped."""

    def __init__(self) -> None:
        self.parser = HttpResponseParser(self)
        self.status = 0
        self.body = b""
        self.complete = False

    def on_headers_complete(self) -> None:
        self.status = self.parser.get_status_code()

    def on_body(self, part: bytes) -> None:
        self.body += part

    def on_message_complete(self) -> None:
        self.complete = self.status >= 200


async def _read(reader: asyncio.StreamReader, tls_version: str) -> Answer:
    response = _Response()
    size = 0
    try:
        while not response.complete and (part := await reader.read(LARGEST)):
            size += len(part)
            if size > LARGEST:
                raise FetchFailed(CheckOutcome.TOO_LARGE)
            response.parser.feed_data(part)
    except (HttpParserError, HttpParserUpgrade):
        raise FetchFailed(CheckOutcome.OTHER_APPLICATION) from None
    if response.status < 200:
        raise FetchFailed(CheckOutcome.OTHER_APPLICATION)
    return Answer(response.status, response.body, tls_version)
