"""Reads the environment into Settings. Every fault is a sentence, and all of them are told at once."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from app.keys import development_keys
from app.settings import KEY_BYTES, ROOT, Keyring, Settings, SmtpSettings, TrustedProxies, VonageSettings


class SettingsError(Exception):
    """The environment can't be used. ``faults`` has a sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def settings_from(env: Mapping[str, str]) -> Settings:
    """Read and check the environment. Raises SettingsError with every fault."""
    return _Reader(env).settings()


class _Reader:
    """Reads variables one by one and collects what is wrong with them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env: dict[str, str] = {name: value.strip() for name, value in env.items()}
        self.faults: list[str] = []
        self.var = Path(self.env.get("VAR_DIR") or ROOT / "var")
        environment = self.env.get("ENVIRONMENT") or "production"
        if environment not in ("development", "production"):
            self.fault(f"ENVIRONMENT is {environment!r}; it must be development or production.")
        self.development = environment == "development"
        if self.development:
            self.env = {**development_keys(self.var), **{k: v for k, v in self.env.items() if v}}

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)

    def settings(self) -> Settings:
        smtp, vonage = self.smtp(), self.vonage()
        database_url = self.database_url()
        settings = Settings(
            environment="development" if self.development else "production",
            database_url=database_url,
            port=self.number("PORT", 8000, 1, 65535),
            allowed_hosts=self.allowed_hosts(),
            trusted_proxies=self.trusted_proxies(),
            secret_key=self.key("SECRET_KEY"),
            audit_key=self.key("AUDIT_KEY"),
            peppers=self.keyring("PEPPERS"),
            message_keys=self.keyring("MESSAGE_KEYS"),
            smtp=smtp,
            vonage=vonage,
            var=self.var,
            worker_inside=self.flag("WORKER_INSIDE", default=database_url.startswith("sqlite")),
            tray=self.tray(),
        )
        if self.faults:
            raise SettingsError(self.faults)
        return settings

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.env.get(name) or str(default)
        if not value.isdecimal() or not low <= int(value) <= high:
            self.fault(f"{name} is {value!r}; it must be a whole number from {low} to {high}.")
            return default
        return int(value)

    def flag(self, name: str, *, default: bool) -> bool:
        value = self.env.get(name) or ("yes" if default else "no")
        if value not in ("yes", "no"):
            self.fault(f"{name} is {value!r}; it must be yes or no.")
        return value == "yes"

    def database_url(self) -> str:
        url = self.env.get("DATABASE_URL", "")
        if not url and self.development:
            return f"sqlite:///{self.var / 'daybook.sqlite3'}"
        if not url:
            self.fault(
                "DATABASE_URL is missing; set it to postgresql://user:password@host/name or sqlite:///path/to/file."
            )
        elif url.startswith("postgres://"):  # what several platforms still hand out
            return "postgresql://" + url.removeprefix("postgres://")
        elif not re.match(r"postgresql://[^/]+/.+|sqlite:///.+", url):
            self.fault("DATABASE_URL must begin with postgresql:// or sqlite:/// and name a database.")
        return url

    def allowed_hosts(self) -> tuple[str, ...]:
        hosts = tuple(h.strip().lower() for h in self.env.get("ALLOWED_HOSTS", "").split(",") if h.strip())
        if not hosts and self.development:
            return ("localhost", "127.0.0.1", "[::1]")
        if not hosts:
            self.fault(
                "ALLOWED_HOSTS is missing; list the host names the server answers to, e.g. diary.example.com."
            )
        if any("*" in host for host in hosts):
            self.fault("ALLOWED_HOSTS must name each host; * would let anybody's name in.")
        if any("/" in host for host in hosts):
            self.fault("ALLOWED_HOSTS takes host names only, without https:// and without a path.")
        return hosts

    def trusted_proxies(self) -> TrustedProxies:
        value = self.env.get("TRUSTED_PROXIES") or ("none" if self.development else "")
        if value == "none":
            return TrustedProxies()
        if value.isdecimal() and 1 <= int(value) <= 10:
            return TrustedProxies(hops=int(value))
        if not value:
            self.fault(
                "TRUSTED_PROXIES is missing; list the proxies' networks, or their number of hops, or none when "
                "browsers reach the server directly."
            )
            return TrustedProxies()
        try:
            networks = tuple(ipaddress.ip_network(part.strip()) for part in value.split(","))
        except ValueError:
            self.fault(
                "TRUSTED_PROXIES must be networks like 10.0.0.0/8, a number of hops from 1 to 10, or none."
            )
            return TrustedProxies()
        if any(network.prefixlen == 0 for network in networks):
            self.fault("TRUSTED_PROXIES names the whole internet; anybody could then forge an address.")
        return TrustedProxies(networks=networks)

    def key(self, name: str) -> bytes:
        value = self.env.get(name, "")
        if not value:
            self.fault(f"{name} is missing; `python -m app keys` makes one.")
        return self._decoded(name, value) if value else bytes(KEY_BYTES)

    def keyring(self, name: str) -> Keyring:
        keys: dict[str, bytes] = {}
        for part in filter(None, (p.strip() for p in self.env.get(name, "").split(","))):
            key_id, colon, value = part.partition(":")
            if not colon or not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", key_id):
                self.fault(f"{name} must be a list of id:value pairs, the current one first.")
            elif key_id in keys:
                self.fault(f"{name} has the id {key_id!r} twice.")
            else:
                keys[key_id] = self._decoded(name, value)
        if not keys:
            self.fault(f"{name} is missing; `python -m app keys` makes one.")
        return Keyring(keys or {"": bytes(KEY_BYTES)})

    def _decoded(self, name: str, value: str) -> bytes:
        try:
            key = base64.b64decode(value, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            self.fault(f"{name} must be base64; `python -m app keys` makes one.")
            return bytes(KEY_BYTES)
        if len(key) < KEY_BYTES or len(set(key)) < 12:
            self.fault(
                f"{name} is too weak; it must be {KEY_BYTES} random bytes (`python -m app keys` makes one)."
            )
        return key

    def smtp(self) -> SmtpSettings | None:
        url = self.env.get("SMTP_URL", "")
        if not url:
            if not self.development:
                self.fault("SMTP_URL is missing; set it to smtp+starttls://user:password@host:587.")
            return None
        parts = urlsplit(url)
        schemes: dict[str, tuple[Literal["starttls", "tls", "plain"], int]] = {
            "smtp+starttls": ("starttls", 587),
            "smtps": ("tls", 465),
            "smtp": ("plain", 25),
        }
        if parts.scheme not in schemes or not parts.hostname:
            self.fault(
                "SMTP_URL must look like smtp+starttls://user:password@host:587 or smtps://user:password@host."
            )
            return None
        security, port = schemes[parts.scheme]
        if security == "plain" and not self.development:
            self.fault(
                "SMTP_URL must use smtp+starttls:// or smtps://; plain SMTP would send passwords in clear."
            )
        sender = self.env.get("MAIL_FROM", "")
        if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
            self.fault(
                "MAIL_FROM must be the e-mail address that messages come from, e.g. diary@clinic.example."
            )
        return SmtpSettings(
            host=parts.hostname,
            port=parts.port or port,
            sender=sender,
            security=security,
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            ca_file=self.env.get("SMTP_CA_FILE") or None,
        )

    def vonage(self) -> VonageSettings | None:
        application_id = self.env.get("VONAGE_APPLICATION_ID", "")
        private_key = self.env.get("VONAGE_PRIVATE_KEY", "").replace("\\n", "\n")
        if not application_id and not private_key:
            return None
        if not application_id or not private_key:
            self.fault("VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY go together; one of them is missing.")
            return None
        if not private_key.startswith("-----BEGIN"):
            try:
                private_key = Path(private_key).read_text()
            except OSError:
                self.fault(
                    "VONAGE_PRIVATE_KEY must be the key itself (PEM) or the path of a file that holds it."
                )
        return VonageSettings(
            application_id=application_id,
            private_key=private_key,
            sender=self.env.get("VONAGE_SENDER", ""),
            api_host=self.env.get("VONAGE_API_HOST") or "api.nexmo.com",
            signature_secret=self.env.get("VONAGE_SIGNATURE_SECRET", ""),
        )

    def tray(self) -> bool:
        tray = self.flag("MESSAGE_TRAY", default=False)
        if tray and not self.development:
            self.fault("MESSAGE_TRAY is for development only: it keeps passwords and PINs as readable files.")
        return tray
