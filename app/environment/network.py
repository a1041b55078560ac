"""Who may speak to us, and whom we believe about where a request came from."""

from __future__ import annotations

import ipaddress
import re

from app.environment.reader import Reader
from app.settings import TrustedProxies

HOST_NAME = r"[a-z0-9._-]+|\[[0-9a-f:.]+\]"


def allowed_hosts(reader: Reader) -> tuple[str, ...]:
    """The host names that the server answers to."""
    hosts = tuple(h.strip().lower() for h in reader.text("ALLOWED_HOSTS").split(",") if h.strip())
    if not hosts and reader.development:
        return ("localhost", "127.0.0.1", "[::1]")
    if not hosts:
        reader.fault(
            "ALLOWED_HOSTS is missing; list the host names the server answers to, e.g. diary.example.com."
        )
    if any("*" in host for host in hosts):
        reader.fault("ALLOWED_HOSTS must name each host; * would let anybody's name in.")
    elif not all(re.fullmatch(HOST_NAME, host) for host in hosts):
        reader.fault("ALLOWED_HOSTS takes host names only, without https://, a port or a path.")
    return hosts


def trusted_proxies(reader: Reader) -> TrustedProxies:
    """Whose X-Forwarded-For is believed."""
    value = reader.text("TRUSTED_PROXIES") or ("none" if reader.development else "")
    if value == "none":
        return TrustedProxies()
    if value.isdecimal() and 1 <= int(value) <= 10:
        return TrustedProxies(hops=int(value))
    if not value:
        reader.fault(
            "TRUSTED_PROXIES is missing; list the proxies' networks, or their number of hops, or none when "
            "browsers reach the server directly."
        )
        return TrustedProxies()
    try:
        networks = tuple(ipaddress.ip_network(part.strip()) for part in value.split(","))
    except ValueError:
        reader.fault(
            "TRUSTED_PROXIES must be networks like 10.0.0.0/8, a number of hops from 1 to 10, or none."
        )
        return TrustedProxies()
    if any(network.prefixlen == 0 for network in networks):
        reader.fault("TRUSTED_PROXIES names the whole internet; anybody could then forge an address.")
    return TrustedProxies(networks=networks)
