"""The chain over the audit record: each entry's seal is an HMAC that covers the entry and the seal before it.

Whoever can write to the database but lacks the audit key can neither change an entry, nor take one out, nor put one in
between, without a seal that no longer fits. What is cut off at the end leaves a chain that fits: only its head, kept
elsewhere, tells.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Self

SEALED = "id, at, actor, action, subject, subject_id, address, details"
"""The columns of an entry that its seal covers: all."""


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's last seal. ``position`` is how many there are; 0 where there is none yet."""

    position: int = 0
    mac: str = ""

    def __str__(self) -> str:
        return f"{self.position}:{self.mac}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What ``str`` made of it. Raises ValueError."""
        found = re.fullmatch(r"(\d{1,18}):([0-9a-f]{64})", text.strip(), re.ASCII)
        if not found:
            raise ValueError("a head is a number, a colon and 64 hexadecimal digits")
        return cls(int(found[1]), found[2])

    def next(self, entry: Mapping[str, Any], key: bytes) -> Head:
        """The head once this entry, with the columns SEALED, is sealed."""
        # JSON tells where one field ends and the next begins, so that no two entries say the same.
        said = json.dumps(
            [
                self.position + 1,
                self.mac,
                entry["id"],
                entry["at"].astimezone(UTC).isoformat(timespec="microseconds"),
                *(entry[name] for name in ("actor", "action", "subject", "subject_id", "address", "details")),
            ]
        )
        return Head(self.position + 1, hmac.new(key, said.encode(), hashlib.sha256).hexdigest())
