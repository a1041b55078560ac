"""Only requests for our own names are answered."""

from __future__ import annotations

import pytest

from app.web.hosts import host_name
from tests.support.client import HOST, Client
from tests.support.people import a_clinic


@pytest.mark.parametrize("host", [HOST, HOST.upper(), f"{HOST}:443", f"{HOST}:8443"])
async def test_our_name_is_answered_whatever_its_port_and_case(
    client: Client, database: object, host: str
) -> None:
    await a_clinic()
    assert (await client.page("/login", headers={"host": host})).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        f"{HOST}.evil.example",
        f"evil.{HOST}",
        f"evil@{HOST}",
        f"{HOST}@evil.example",
        f"{HOST}/",
        f"{HOST}:443:443",
        f"{HOST}:x",
        "",
        "[::1",
        "127.0.0.1",
    ],
)
async def test_any_other_name_is_refused(client: Client, database: object, host: str) -> None:
    await a_clinic()
    answer = await client.page("/login", headers={"host": host})
    assert answer.status == 400
    assert "evil" not in answer.response.text


async def test_a_platform_asks_for_our_health_by_address(client: Client) -> None:
    for path in ("/health", "/ready"):
        assert (await client.get(path, headers={"host": "10.1.2.3:8000"})).status_code == 200


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("Portal.Example:80", "portal.example"),
        ("[2001:DB8::1]:80", "[2001:db8::1]"),
        ("localhost", "localhost"),
        ("a b", ""),
        ("a,b", ""),
        ("x@y", ""),
    ],
)
def test_a_name_is_read_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name
