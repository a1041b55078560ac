"""The addresses that the check may connect to."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.portal.public import is_public

Carrier = Callable[[IPv4Address], IPv6Address]

PRIVATE = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
]

ipv4 = st.integers(0, 2**32 - 1).map(IPv4Address)
ipv6 = st.integers(0, 2**128 - 1).map(IPv6Address)
private_ipv4 = st.sampled_from([ip_network(net) for net in PRIVATE]).flatmap(
    lambda net: st.integers(int(net.network_address), int(net.broadcast_address)).map(IPv4Address)
)
carriers: st.SearchStrategy[Carrier] = st.sampled_from(
    [
        lambda ip: IPv6Address(int(IPv6Address("::ffff:0:0")) | int(ip)),
        lambda ip: IPv6Address(int(IPv6Address("64:ff9b::")) | int(ip)),
        lambda ip: IPv6Address(int(IPv6Address("2002::")) | int(ip) << 80),
    ]
)


@given(private_ipv4)
def test_no_address_of_a_private_network_is_public(address: IPv4Address) -> None:
    assert not is_public(address)


@given(ipv4, carriers)
def test_an_address_inside_another_is_judged_like_itself(address: IPv4Address, carry: Carrier) -> None:
    assert is_public(carry(address)) == is_public(address)


@given(ipv4)
def test_an_address_in_the_compatible_range_is_never_public(address: IPv4Address) -> None:
    assert not is_public(IPv6Address(int(address)))


@given(ipv6)
def test_outside_global_unicast_only_carried_addresses_are_public(address: IPv6Address) -> None:
    if is_public(address) and address not in ip_network("2000::/3"):
        assert address.ipv4_mapped or address in ip_network("64:ff9b::/96")


@pytest.mark.parametrize(
    "address",
    [
        "::",
        "::1",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "2001:0:a9fe:a9fe::1",
        "2001:db8::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "168.63.129.16",
        "64:ff9b::168.63.129.16",
        "192.88.99.1",
        "255.255.255.255",
    ],
)
def test_it_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4009::1", "64:ff9b::1.1.1.1"]
)
def test_it_is_public(address: str) -> None:
    assert is_public(ip_address(address))
