"""Who comes to which appointment, with what a message to them is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.clock import now
from app.db import rows
from app.diary.statuses import FREEING
from app.diary.tables import Status
from app.messages.tables import Channel

# Whoever is in one of these may still be told when to come.
EXPECTED = (Status.BOOKED, Status.CONFIRMED)

Key = tuple[int, int]
"""An appointment and one of its patients."""


@dataclass(frozen=True, slots=True)
class Attending:
    """A patient of an appointment, as both are now."""

    appointment: int
    patient: int
    starts_at: datetime
    ends_at: datetime
    appointment_status: str
    status: str
    told: int
    kind: int
    type: str
    practitioner_id: int
    practitioner: str
    location: str
    address: str
    name: str
    preferred_name: str
    email: str
    mobile: str
    no_emails: bool
    no_texts: bool

    @property
    def key(self) -> Key:
        return self.appointment, self.patient

    @property
    def is_cancelled(self) -> bool:
        """Whether the patient doesn't come, or the whole appointment doesn't take place."""
        return self.status in FREEING or self.appointment_status in FREEING

    @property
    def is_expected(self) -> bool:
        """Whether the patient is still to come."""
        return self.status in EXPECTED and self.appointment_status not in FREEING and self.starts_at > now()

    def recipient(self, channel: Channel) -> str:
        """Where to write to by that channel; empty where there is no way, or the patient wants none."""
        if channel is Channel.EMAIL:
            return "" if self.no_emails else self.email
        return "" if self.no_texts else self.mobile


async def attending(appointments: Collection[int]) -> Mapping[Key, Attending]:
    """Everybody who comes to those appointments, or was to; blocks and holds have nobody."""
    if not appointments:
        return {}
    found = await rows(
        f"""
        SELECT a.id AS appointment, s.patient, a.starts_at, a.ends_at, a.status AS appointment_status, s.status, s.told,
               a.type AS kind, t.name AS type, a.practitioner AS practitioner_id, u.name AS practitioner,
               COALESCE(l.name, '') AS location, COALESCE(l.address, '') AS address,
               p.name, p.preferred_name, p.email, p.mobile, p.no_emails, p.no_texts
        FROM appointment a
        JOIN attendance s ON s.appointment = a.id
        JOIN patient p ON p.id = s.patient
        JOIN appointment_type t ON t.id = a.type
        JOIN staff_user u ON u.id = a.practitioner
        LEFT JOIN room r ON r.id = a.room
        LEFT JOIN location l ON l.id = COALESCE(r.location, a.location)
        WHERE a.id IN ({", ".join(["{}"] * len(appointments))}) AND a.held_until IS NULL
        """,
        *appointments,
    )
    all_of_them = [Attending(**row) for row in found]
    return {one.key: one for one in all_of_them}
