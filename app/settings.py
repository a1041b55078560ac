"""What a process knows before it starts, as one frozen object; app.environment reads it from the environment."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

ROOT = Path(__file__).parent.parent
KEY_BYTES = 32
OF_PROVIDERS = "PROVIDER_"
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Keyring:
    """Versioned keys: the first encrypts or hashes what is new, the others still read what is old."""

    keys: Mapping[str, bytes] = field(repr=False)

    @property
    def current(self) -> tuple[str, bytes]:
        """The id and value of the key for new rows."""
        return next(iter(self.keys.items()))

    def __getitem__(self, key_id: str) -> bytes:
        return self.keys[key_id]

    def __contains__(self, key_id: str) -> bool:
        return key_id in self.keys


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """Where e-mail leaves. ``ca_file`` adds a certificate authority to the system's."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "plain"]
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None


@dataclass(frozen=True, slots=True)
class VonageSettings:
    """Where texts leave: Vonage's Messages API. ``api_host`` is host[:port][/prefix]."""

    application_id: str
    private_key: str = field(repr=False)
    sender: str = ""
    api_host: str = "api.nexmo.com"
    signature_secret: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class TrustedProxies:
    """Whose X-Forwarded-For and -Proto are believed: these networks, or that many hops from the right."""

    networks: tuple[Network, ...] = ()
    hops: int = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """All that a process needs to know before it starts."""

    environment: Literal["development", "production"]
    database_url: str
    port: int
    allowed_hosts: tuple[str, ...]
    trusted_proxies: TrustedProxies
    secret_key: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)
    peppers: Keyring
    message_keys: Keyring
    smtp: SmtpSettings | None
    vonage: VonageSettings | None
    var: Path
    worker_inside: bool  # the web process also sends messages
    tray: bool  # every message goes to the tray, even where SMTP and Vonage are set up
    # The variables that begin with OF_PROVIDERS: the files of further providers read them, each its own.
    providers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_development(self) -> bool:
        """Plain cookies, localhost links and the tray are allowed."""
        return self.environment == "development"

    def key(self, purpose: str) -> bytes:
        """A key of its own for each purpose, derived from SECRET_KEY."""
        return HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(self.secret_key)


_current: Settings | None = None


def use(settings: Settings) -> None:
    """Make these the running process's settings."""
    global _current
    _current = settings


def current() -> Settings:
    """The running process's settings. Raises RuntimeError when none were set."""
    if _current is None:
        raise RuntimeError("no settings yet: call app.settings.use() first")
    return _current
