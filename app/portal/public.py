"""Which IP addresses belong to the public internet: the only ones that the portal's check may connect to."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

GLOBAL_UNICAST = ip_network("2000::/3")

# What ``is_global`` lets pass, in some version of Python or in all of them.
NEVER_PUBLIC = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # Azure's platform, behind an ordinary-looking address
            "192.0.0.0/24",  # IETF protocol assignments; holds one cloud's metadata service
            "192.88.99.0/24",  # relays of 6to4
            "224.0.0.0/4",  # multicast
            "2001::/23",  # IETF protocol assignments; Teredo hides an IPv4 address in here
            "3fff::/20",  # documentation
        ),
    )
)

NAT64 = ip_network("64:ff9b::/96")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether the address is global unicast; one that carries an IPv4 address is judged by that as well."""
    if isinstance(address, IPv6Address):
        carried = _carried(address)
        if carried is not None:
            return is_public(carried)
        if address not in GLOBAL_UNICAST:
            return False
    return address.is_global and not any(address in network for network in NEVER_PUBLIC)


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to this one end at: mapped (::ffff:0:0/96), NAT64 or 6to4 (2002::/16)."""
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour
