"""How long a temporary secret lives."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clinic.clinic import ClinicSettings
from app.clock import now


def life_began(
    *, message: int | None, accepted_at: datetime | None, issued_at: datetime | None
) -> datetime | None:
    """When it began: as the message that carries it was accepted, which may be yet to come; else as it was made."""
    return accepted_at if message else issued_at


def is_over(began: datetime | None, clinic: ClinicSettings) -> bool:
    """Whether its days are over."""
    return began is not None and now() - began > timedelta(days=clinic.temporary_secret_days)
