"""Appending to the audit trail."""

from __future__ import annotations

import json

from app.audit.tables import AuditEntry
from app.clock import now


async def record(
    action: str,
    *,
    actor: int | None,
    subject: str = "",
    subject_id: int | str = "",
    address: str = "",
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
            address=address,
            details=json.dumps(details, sort_keys=True) if details else "",
        )
    )
