"""Which host passkeys belong to. A browser offers a passkey to that host alone, which is why they can't be phished."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from app import settings
from app.clinic.clinic import ClinicSettings

LOCALHOST = "localhost"


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The portal as browsers know it: ``id`` is its host, ``origin`` its address."""

    id: str
    origin: str
    name: str


def relying_party(clinic: ClinicSettings, reached_at: str) -> RelyingParty | None:
    """The portal, as far as the browser is there; None where no passkey would work.

    ``reached_at`` is the address that the browser uses, scheme and host. While one develops, localhost does too.
    """
    here = urlsplit(reached_at).hostname or ""
    if here not in hosts_of(clinic):
        return None
    return RelyingParty(here, reached_at, clinic.name)


def hosts_of(clinic: ClinicSettings) -> list[str]:
    """The hosts whose passkeys count."""
    portal = host_of(clinic.portal_url)
    local = [LOCALHOST] if settings.current().is_development else []
    return [host for host in dict.fromkeys([portal, *local]) if host]


def host_of(portal_url: str) -> str:
    """The host that passkeys belong to while that is the portal's URL; empty without one."""
    return urlsplit(portal_url).hostname or ""
