"""*Check that it loads*, against real servers on loopback."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.portal.check import KEY, PATH, check
from app.portal.fetch import LARGEST, Resolver
from app.portal.nonce import answer
from app.portal.tables import CheckOutcome
from app.settings import Keyring, Settings, TrustedProxies
from tests.portal.endpoint import Endpoint, Reply, always, http, silent
from tests.support.certificates import Authority

HOST = "diary.example.com"


@pytest.fixture
def development(tmp_path: Path) -> Settings:
    return Settings(
        environment="development",
        database_url="sqlite:///none",
        port=8000,
        allowed_hosts=("localhost", HOST),
        trusted_proxies=TrustedProxies(),
        secret_key=b"s" * 32,
        audit_key=b"a" * 32,
        peppers=Keyring({"1": b"p" * 32}),
        message_keys=Keyring({"1": b"m" * 32}),
        smtp=None,
        vonage=None,
        var=tmp_path,
        worker_inside=True,
        tray=True,
    )


@pytest.fixture
def production(development: Settings) -> Settings:
    return replace(development, environment="production")


@pytest.fixture
def trust(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=authority.ca_file)


def daybook(settings: Settings) -> Reply:
    """The installation with these settings."""

    def reply(path: str) -> bytes:
        found = answer(settings.key(KEY), path.removeprefix(PATH))
        return http("200 OK", found) if found else http("404 Not Found")

    return reply


def resolves_to(*addresses: str) -> Resolver:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return addresses

    return resolve


def never_asked() -> Resolver:
    async def resolve(host: str, _port: int) -> Sequence[str]:
        pytest.fail(f"{host} was looked up")

    return resolve


LOOPBACK = resolves_to("127.0.0.1")


async def test_this_installation_is_recognised_over_tls(
    development: Settings, authority: Authority, trust: ssl.SSLContext
) -> None:
    async with Endpoint(daybook(development), authority.server_context(HOST)) as endpoint:
        url = f"https://{HOST}:{endpoint.port}"
        result = await check(url, development, resolve=LOOPBACK, trust=trust)
    assert (result.outcome, result.tls_version) == (CheckOutcome.OK, "TLSv1.3")
    assert result.milliseconds < 5000
    assert endpoint.server_names == [HOST]
    assert f"\r\nHost: {HOST}:{endpoint.port}\r\n" in endpoint.requests[0]


async def test_this_installation_is_recognised_on_localhost_in_development(development: Settings) -> None:
    async with Endpoint(daybook(development)) as endpoint:
        result = await check(f"http://localhost:{endpoint.port}", development)
    assert (result.outcome, result.tls_version) == (CheckOutcome.OK, "")


async def test_an_answer_in_chunks_is_understood(development: Settings) -> None:
    def chunked(path: str) -> bytes:
        found = answer(development.key(KEY), path.removeprefix(PATH)) or ""
        return (
            "HTTP/1.1 103 Early Hints\r\n\r\n"
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            f"20\r\n{found[:32]}\r\n20\r\n{found[32:]}\r\n0\r\n\r\n"
        ).encode()

    assert await outcome_of(chunked, development) == CheckOutcome.OK


async def test_another_installation_is_not_taken_for_this_one(development: Settings) -> None:
    other = replace(development, secret_key=b"o" * 32)
    assert await outcome_of(daybook(other), development) == CheckOutcome.OTHER_APPLICATION


async def test_a_host_that_this_server_does_not_answer_to_is_named(development: Settings) -> None:
    narrow = replace(development, allowed_hosts=("elsewhere.example",))
    assert await outcome_of(daybook(development), narrow) == CheckOutcome.HOST_NOT_ALLOWED


@pytest.mark.parametrize(
    "reply",
    [
        always(http("200 OK", "<h1>Welcome to nginx</h1>")),
        always(http("200 OK")),
        always(http("404 Not Found")),
        always(http("500 Internal Server Error")),
        always(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
        always(b"220 mail.example.com ESMTP\r\n"),
        always(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nbroken off"),
        always(b""),
        lambda path: http("200 OK", path.removeprefix(PATH)),
    ],
    ids=["page", "empty", "404", "500", "upgrade", "mail", "truncated", "nothing", "echo"],
)
async def test_another_application_is_recognised(reply: Reply, development: Settings) -> None:
    assert await outcome_of(reply, development) == CheckOutcome.OTHER_APPLICATION


async def test_a_redirect_is_not_followed(development: Settings) -> None:
    async with Endpoint(daybook(development)) as goal:
        redirect = always(http("302 Found", b"", f"Location: http://127.0.0.1:{goal.port}/"))
        assert await outcome_of(redirect, development) == CheckOutcome.REDIRECT
        assert goal.connections == 0


@pytest.mark.parametrize(
    "reply",
    [
        always(http("200 OK", b"x" * (LARGEST + 1))),
        always(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * LARGEST),
        always(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (LARGEST + 1)),
    ],
    ids=["body", "headers", "no length"],
)
async def test_an_answer_that_does_not_end_is_cut_off(reply: Reply, development: Settings) -> None:
    assert await outcome_of(reply, development) == CheckOutcome.TOO_LARGE


async def test_a_server_that_never_answers_is_given_up(development: Settings) -> None:
    assert await outcome_of(silent, development, seconds=0.2) == CheckOutcome.TIMEOUT


async def test_a_server_that_never_shakes_hands_is_given_up(
    development: Settings, trust: ssl.SSLContext
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"https://{HOST}:{deaf.getsockname()[1]}"
        result = await check(url, development, resolve=LOOPBACK, trust=trust, seconds=0.2)
    assert result.outcome == CheckOutcome.TIMEOUT


async def test_a_resolver_that_never_answers_is_given_up(development: Settings) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    result = await check(f"https://{HOST}", development, resolve=resolve, seconds=0.2)
    assert result.outcome == CheckOutcome.TIMEOUT


async def test_a_name_that_does_not_exist_is_told(production: Settings) -> None:
    result = await check("https://diary.invalid", production)
    assert result.outcome == CheckOutcome.DNS


async def test_a_closed_port_is_told(development: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert (await check(f"http://localhost:{port}", development)).outcome == CheckOutcome.CONNECTION


async def test_the_next_address_is_tried_when_the_first_takes_no_connection(development: Settings) -> None:
    async with Endpoint(daybook(development)) as endpoint:
        url = f"http://localhost:{endpoint.port}"
        result = await check(url, development, resolve=resolves_to("127.0.0.2", "127.0.0.1"))
    assert result.outcome == CheckOutcome.OK


async def test_a_certificate_for_another_name_is_refused(
    development: Settings, authority: Authority, trust: ssl.SSLContext
) -> None:
    context = authority.server_context("other.example.com")
    assert await tls_outcome(context, development, trust) == CheckOutcome.TLS


async def test_a_certificate_of_an_unknown_authority_is_refused(
    development: Settings, authority: Authority
) -> None:
    system = ssl.create_default_context()
    assert await tls_outcome(authority.server_context(HOST), development, system) == CheckOutcome.TLS


async def test_a_server_without_tls_behind_https_is_told(
    development: Settings, trust: ssl.SSLContext
) -> None:
    async def answer_plainly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http("400 Bad Request"))
        writer.close()

    async with await asyncio.start_server(answer_plainly, "127.0.0.1", 0) as server:
        url = f"https://{HOST}:{server.sockets[0].getsockname()[1]}"
        result = await check(url, development, resolve=LOOPBACK, trust=trust)
    assert result.outcome == CheckOutcome.TLS


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["::1"],
        ["10.0.0.8"],
        ["169.254.169.254"],
        ["64:ff9b::a9fe:a9fe"],
        ["168.63.129.16"],
        ["93.184.215.14", "127.0.0.1"],
    ],
    ids=", ".join,
)
async def test_outside_development_no_private_address_is_connected_to(
    addresses: list[str], production: Settings
) -> None:
    result = await check(f"https://{HOST}", production, resolve=resolves_to(*addresses))
    assert result.outcome == CheckOutcome.UNSAFE


@pytest.mark.parametrize("address", ["10.0.0.8", "169.254.169.254", "fd00::1"])
async def test_in_development_loopback_is_the_only_exception(address: str, development: Settings) -> None:
    result = await check(f"http://{HOST}", development, resolve=resolves_to(address))
    assert result.outcome == CheckOutcome.UNSAFE


@pytest.mark.parametrize("url", [f"http://{HOST}", f"https://{HOST}:8443", "http://localhost:8000", "", "x"])
async def test_outside_development_nothing_but_https_on_443_is_asked(url: str, production: Settings) -> None:
    result = await check(url, production, resolve=never_asked())
    assert result.outcome == CheckOutcome.UNSAFE


async def test_a_name_is_resolved_once(development: Settings) -> None:
    asked: list[str] = []

    async def resolve(host: str, _port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.8"]

    async with Endpoint(daybook(development)) as endpoint:
        result = await check(f"http://{HOST}:{endpoint.port}", development, resolve=resolve)
    assert (result.outcome, asked) == (CheckOutcome.OK, [HOST])


async def outcome_of(reply: Reply, settings: Settings, seconds: float = 5) -> CheckOutcome:
    """What the check says of a plain server on loopback that answers so."""
    async with Endpoint(reply) as endpoint:
        return (await check(f"http://localhost:{endpoint.port}", settings, seconds=seconds)).outcome


async def tls_outcome(context: ssl.SSLContext, settings: Settings, trust: ssl.SSLContext) -> CheckOutcome:
    """What the check says of this installation behind that certificate."""
    async with Endpoint(daybook(settings), context) as endpoint:
        url = f"https://{HOST}:{endpoint.port}"
        return (await check(url, settings, resolve=LOOPBACK, trust=trust)).outcome
