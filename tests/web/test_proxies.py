"""Whom a request came from: X-Forwarded-For is believed as far as the proxies that wrote it are trusted."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.db import rows
from app.settings import Settings, TrustedProxies
from app.web.proxies import client_behind
from tests.support.client import Client
from tests.support.people import a_clinic, a_practitioner, give_password, log_in

NETWORK = TrustedProxies(networks=(ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")))
ONE, TWO = TrustedProxies(hops=1), TrustedProxies(hops=2)

addresses = st.ip_addresses().map(str)


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        (NETWORK, "10.0.0.1", ["198.51.100.9"], "198.51.100.9"),
        (NETWORK, "10.0.0.1", ["1.1.1.1", "198.51.100.9"], "198.51.100.9"),
        (NETWORK, "10.0.0.1", ["1.1.1.1", "198.51.100.9", "10.0.0.2"], "198.51.100.9"),
        (NETWORK, "10.0.0.1", ["10.9.9.9", "10.0.0.2"], "10.9.9.9"),
        (NETWORK, "2001:db8::1", ["2001:470::9"], "2001:470::9"),
        (NETWORK, "198.51.100.9", ["1.1.1.1"], "198.51.100.9"),
        (NETWORK, "10.0.0.1", ["nonsense"], "10.0.0.1"),
        (NETWORK, "10.0.0.1", ["1.1.1.1", "nonsense"], "10.0.0.1"),
        (NETWORK, "10.0.0.1", [""], "10.0.0.1"),
        (NETWORK, "10.0.0.1", [], "10.0.0.1"),
        (ONE, "172.16.0.1", ["198.51.100.9"], "198.51.100.9"),
        (ONE, "172.16.0.1", ["1.1.1.1", "198.51.100.9"], "198.51.100.9"),
        (TWO, "172.16.0.1", ["1.1.1.1", "198.51.100.9", "172.16.0.2"], "198.51.100.9"),
        (TWO, "172.16.0.1", ["198.51.100.9"], "198.51.100.9"),
        (ONE, "172.16.0.1", ["unix:"], "172.16.0.1"),
    ],
)
def test_the_list_is_read_from_the_right_as_far_as_it_is_trusted(
    trusted: TrustedProxies, peer: str, forwarded: list[str], client: str
) -> None:
    assert client_behind(peer, forwarded, trusted)[0] == client


@given(forged=st.lists(addresses | st.text(max_size=10)), true=addresses)
def test_what_a_browser_writes_itself_changes_nothing(forged: list[str], true: str) -> None:
    """The only proxy there is appends the true address last."""
    assert client_behind("172.16.0.1", [*forged, true], ONE) == (true, 1)


@given(forged=st.lists(addresses | st.text(max_size=10)))
def test_whoever_comes_past_the_proxies_is_believed_nothing(forged: list[str]) -> None:
    assert client_behind("198.51.100.9", forged, NETWORK) == ("198.51.100.9", 0)


class TestBehindOneProxy:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, trusted_proxies=ONE)

    async def test_the_session_is_noted_with_the_browser_s_address(
        self, client: Client, database: object
    ) -> None:
        await a_clinic()
        anna = await a_practitioner()
        await give_password(anna)
        client.headers["x-forwarded-for"] = "1.1.1.1, 198.51.100.9"
        await log_in(client, anna.email)
        assert await rows("SELECT address FROM login_session") == [{"address": "198.51.100.9"}]
        assert await rows("SELECT address FROM audit_entry WHERE action = 'login.succeeded'") == [
            {"address": "198.51.100.9"}
        ]


async def test_without_trusted_proxies_the_header_is_ignored(client: Client, database: object) -> None:
    await a_clinic()
    anna = await a_practitioner()
    await give_password(anna)
    client.headers["x-forwarded-for"] = "1.1.1.1"
    await log_in(client, anna.email)
    assert await rows("SELECT address FROM login_session") == [{"address": "203.0.113.7"}]
