"""The demo's two files in var/: its database, and the log-ins that open it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from app.clock import local_day, now, zone
from app.settings import Settings

ZONE = zone("Europe/London")


@dataclass(frozen=True, slots=True)
class DemoCredential:
    """One person's two log-ins. ``role`` is administrator, front desk or practitioner."""

    role: str
    name: str
    email: str
    password: str
    phone: str
    pin: str

    def __str__(self) -> str:
        return f"{self.role:13}  {self.name:20}  {self.email:46}  {self.password}  {self.phone}  {self.pin}"


def prepare_demo(settings: Settings) -> Settings:
    """The settings that a demo runs with: a database of its own, and the tray for every message.

    A demo that was built on another day, or not to the end, is removed: its today would be over. So nothing may have
    the database open yet.
    """
    database, credentials = settings.var / "demo.sqlite3", credentials_file(settings)
    if not (database.exists() and credentials.exists() and _is_todays(credentials)):
        for path in (credentials, database, Path(f"{database}-wal"), Path(f"{database}-shm")):
            path.unlink(missing_ok=True)
    return replace(settings, database_url=f"sqlite:///{database}", tray=True)


def credentials_file(settings: Settings) -> Path:
    """Written as the last step of building a demo."""
    return settings.var / "demo-credentials.json"


def write_credentials(settings: Settings, credentials: Sequence[DemoCredential]) -> None:
    """Write them so that only the owner can read them, from the file's first moment on."""
    created = os.open(credentials_file(settings), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(created, "w", encoding="utf-8") as file:
        json.dump([asdict(credential) for credential in credentials], file, indent=2, ensure_ascii=False)


def read_credentials(settings: Settings) -> list[DemoCredential]:
    """What was written."""
    return [
        DemoCredential(**entry)
        for entry in json.loads(credentials_file(settings).read_text(encoding="utf-8"))
    ]


def _is_todays(path: Path) -> bool:
    written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return local_day(written, ZONE) == local_day(now(), ZONE)
