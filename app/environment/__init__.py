"""Reads the environment into Settings. Every fault is a sentence, and all of them are told at once."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.environment.keys import key, keyring
from app.environment.network import allowed_hosts, trusted_proxies
from app.environment.reader import Reader
from app.environment.transports import smtp, vonage
from app.settings import OF_PROVIDERS, Settings

__all__ = ["SettingsError", "settings_from"]


class SettingsError(Exception):
    """The environment can't be used. ``faults`` has a sentence for each reason."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def settings_from(env: Mapping[str, str]) -> Settings:
    """Read and check the environment. Raises SettingsError with every fault."""
    reader = Reader(env)
    database_url = _database_url(reader)
    settings = Settings(
        environment="development" if reader.development else "production",
        database_url=database_url,
        port=reader.number("PORT", 8000, 1, 65535),
        allowed_hosts=allowed_hosts(reader),
        trusted_proxies=trusted_proxies(reader),
        secret_key=key(reader, "SECRET_KEY"),
        audit_key=key(reader, "AUDIT_KEY"),
        peppers=keyring(reader, "PEPPERS"),
        message_keys=keyring(reader, "MESSAGE_KEYS"),
        smtp=smtp(reader),
        vonage=vonage(reader),
        var=reader.var,
        worker_inside=reader.flag("WORKER_INSIDE", default=database_url.startswith("sqlite")),
        tray=_tray(reader),
        providers=reader.beginning_with(OF_PROVIDERS),
    )
    if reader.faults:
        raise SettingsError(reader.faults)
    return settings


def _database_url(reader: Reader) -> str:
    # Several platforms still hand out the short form.
    url = re.sub(r"^postgres://", "postgresql://", reader.text("DATABASE_URL"))
    if not url and reader.development:
        return f"sqlite:///{reader.var / 'daybook.sqlite3'}"
    if not url:
        reader.fault(
            "DATABASE_URL is missing; set it to postgresql://user:password@host/name or sqlite:///path/to/file."
        )
    elif not re.match(r"postgresql://[^/]+/.+|sqlite:///.+", url):
        reader.fault("DATABASE_URL must begin with postgresql:// or sqlite:/// and name a database.")
    return url


def _tray(reader: Reader) -> bool:
    tray = reader.flag("MESSAGE_TRAY", default=False)
    if tray and not reader.development:
        reader.fault("MESSAGE_TRAY is for development only: it keeps passwords and PINs as readable files.")
    return tray
