"""The clinic's settings as everybody reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from app.clinic.tables import Clinic, PortalStatus
from app.clock import zone
from app.db import glance
from app.i18n import Renderer, locale_for
from app.text import searchable

SENDER_NAME_LETTERS = 60
TEXT_SENDER_LETTERS = 11


@dataclass(frozen=True, slots=True)
class ClinicSettings:
    """The settings row. Times are UTC; ``portal_url`` is empty until an administrator sets it."""

    name: str
    phone: str
    country: str
    time_zone: str
    support_contact: str
    portal_status: str
    portal_changed_by: int | None
    portal_changed_at: datetime | None
    portal_url: str
    email_sender_name: str
    text_sender_name: str
    colleague_access: str
    admin_factor: str
    temporary_secret_days: int
    pin_digits: int
    desktop_idle_minutes: int
    desktop_absolute_hours: int
    tablet_lock_minutes: int
    tablet_absolute_hours: int
    phone_idle_minutes: int
    phone_absolute_hours: int
    admin_minutes: int
    version: int

    @property
    def portal_online(self) -> bool:
        """Whether practitioners and patients can reach the portal."""
        return self.portal_status == PortalStatus.ONLINE

    @property
    def zone(self) -> ZoneInfo:
        """The clinic's time zone."""
        return zone(self.time_zone)


_NAMES = tuple(f.name for f in fields(ClinicSettings))
_values = itemgetter(*_NAMES)
CLINIC_COLUMNS = ", ".join(f"clinic.{name}" for name in _NAMES)


async def load_clinic() -> ClinicSettings | None:
    """The clinic's settings; None until it is set up."""
    return clinic_of(await glance(f"SELECT {CLINIC_COLUMNS} FROM clinic WHERE id = 1"))


def clinic_of(found: Sequence[dict[str, Any]]) -> ClinicSettings | None:
    """The settings in rows that begin with CLINIC_COLUMNS; None when there is no row."""
    return ClinicSettings(*_values(found[0])) if found else None


def renderer(clinic: ClinicSettings) -> Renderer:
    """The renderer of dates and times for this clinic."""
    return _renderer(clinic.country, clinic.time_zone)


@lru_cache(maxsize=16)
def _renderer(country: str, time_zone: str) -> Renderer:
    return Renderer(locale_for(country), zone(time_zone))


async def create_clinic(*, name: str, country: str, time_zone: str, phone: str) -> None:
    """Make the settings row of a new installation: offline, without a portal URL. In the caller's transaction."""
    await Clinic.insert(
        Clinic(
            id=1,
            name=name,
            country=country,
            time_zone=time_zone,
            phone=phone,
            email_sender_name=name[:SENDER_NAME_LETTERS],
            text_sender_name=_as_text_sender(name),
        )
    )


def _as_text_sender(name: str) -> str:
    """The clinic's name as networks take an alphanumeric sender: letters and digits, 11 at most, not digits only.

    As many of its first words as fit, or the beginning of the first one.
    """
    words = [re.sub("[^A-Za-z0-9]", "", word) for word in searchable(name).title().split()]
    fitting = [beginning for beginning in accumulate(words) if len(beginning) <= TEXT_SENDER_LETTERS]
    sender = fitting[-1] if fitting else "".join(words)[:TEXT_SENDER_LETTERS]
    return "" if sender.isdigit() else sender
