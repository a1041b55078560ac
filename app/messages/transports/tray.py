"""The tray: messages kept as files instead of being sent, so that development needs no account anywhere."""

from __future__ import annotations

import asyncio
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from app.clock import now
from app.messages.transports.base import Outgoing

IN_TRAY = "tray-"
"""How the references that the tray gives out begin."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message in the tray, and when it got there."""

    at: datetime
    message: Outgoing

    @property
    def is_mail(self) -> bool:
        return bool(self.message.html)

    def to_json(self) -> str:
        return json.dumps({"at": self.at, **asdict(self.message)}, default=datetime.isoformat, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Self:
        values = json.loads(text)
        at, values["expires_at"] = (datetime.fromisoformat(values.pop(name)) for name in ("at", "expires_at"))
        return cls(at, Outgoing(**values))


class Tray:
    """A folder with a file for each message, readable by its owner only. A message sent twice is there once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: Outgoing) -> str:
        await asyncio.to_thread(self._keep, message)
        return f"{IN_TRAY}{message.reference}"

    async def close(self) -> None:
        """Nothing is kept open."""

    def messages(self, limit: int = 100) -> list[Kept]:
        """The newest messages, newest first."""
        kept = [Kept.from_json(path.read_text()) for path in self._folder.glob("*.json")]
        return sorted(kept, key=lambda each: each.at, reverse=True)[:limit]

    def find(self, reference: str) -> Kept | None:
        """The message with that reference."""
        path = self._folder / f"{reference}.json"
        if not re.fullmatch("[0-9a-f]{32}", reference) or not path.exists():
            return None
        return Kept.from_json(path.read_text())

    def _keep(self, message: Outgoing) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Written aside and moved into place: a reader never sees half a message.
        aside = self._folder / f"{message.reference}.part"
        with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(Kept(now(), message).to_json())
        aside.rename(self._folder / f"{message.reference}.json")
