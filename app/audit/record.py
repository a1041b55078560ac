"""Appending to the audit trail."""

from __future__ import annotations

import json
from contextvars import ContextVar

from app.audit.tables import AuditEntry
from app.clock import now

# Where the current request comes from; empty in commands and the worker. Set once a request, so that no verb has
# to hand it on.
from_address: ContextVar[str] = ContextVar("from_address", default="")


async def record(
    action: str,
    *,
    actor: int | None,
    subject: str = "",
    subject_id: int | str = "",
    **details: int | str | bool | None,
) -> None:
    """Append one entry, in the caller's transaction. ``details`` holds ids, codes and numbers: no names, no notes."""
    await AuditEntry.insert(
        AuditEntry(
            at=now(),
            actor=actor,
            action=action,
            subject=subject,
            subject_id=str(subject_id),
            address=from_address.get(),
            details=json.dumps(details, sort_keys=True) if details else "",
        )
    )
