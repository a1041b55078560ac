"""How long sessions last, as the clinic has set it for what they run on."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.tables import SessionKind
from app.clinic.clinic import ClinicSettings


def lifetime(kind: str, clinic: ClinicSettings, *, shared: bool) -> timedelta:
    """How long a session lasts at most."""
    if kind == SessionKind.PHONE:
        return timedelta(hours=clinic.phone_absolute_hours)
    return timedelta(hours=clinic.tablet_absolute_hours if shared else clinic.desktop_absolute_hours)


def idle_time(kind: str, clinic: ClinicSettings, *, shared: bool) -> timedelta:
    """How long a session lasts, or stays unlocked, without being used."""
    if kind == SessionKind.PHONE:
        return timedelta(minutes=clinic.phone_idle_minutes)
    return timedelta(minutes=clinic.tablet_lock_minutes if shared else clinic.desktop_idle_minutes)


def locks(kind: str, *, shared: bool) -> bool:
    """Whether such a session locks after its idle time, rather than being over."""
    return shared or kind == SessionKind.PHONE
