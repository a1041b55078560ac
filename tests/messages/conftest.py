"""The clinic that messages are sent for, and a message ready to leave."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest

from app import clock
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic
from app.db import Engine
from app.messages.transports import Outgoing
from tests.messages.outbox import Outbox

PORTAL = "https://portal.riverside.example"


@pytest.fixture
def riverside() -> ClinicSettings:
    """A clinic's settings, without a database."""
    return ClinicSettings(
        name="Riverside Physio",
        phone="+442079460123",
        country="GB",
        time_zone="Europe/London",
        support_contact="",
        portal_status="online",
        portal_changed_by=None,
        portal_changed_at=None,
        portal_url=PORTAL,
        email_sender_name="Riverside Physio",
        text_sender_name="Riverside",
        colleague_access="full",
        admin_factor="offered",
        temporary_secret_days=7,
        pin_digits=6,
        desktop_idle_minutes=60,
        desktop_absolute_hours=12,
        tablet_lock_minutes=5,
        tablet_absolute_hours=12,
        phone_idle_minutes=15,
        phone_absolute_hours=24,
        admin_minutes=15,
        version=1,
    )


@pytest.fixture
def mail() -> Outgoing:
    """An e-mail, ready to leave."""
    return Outgoing(
        reference="0123456789abcdef0123456789abcdef",
        recipient="clara.lund@riverside.example",
        sender_name="Riverside Physio",
        expires_at=clock.now() + timedelta(days=7),
        subject="Your online login for Riverside Physio",
        text="Password: hazel=otter=7 — keep it",
        html="<!doctype html><title>Login</title><p>Password: <code>hazel=otter=7</code> — keep it</p>",
    )


@pytest.fixture
def text() -> Outgoing:
    """A text, ready to leave."""
    return Outgoing(
        reference="fedcba9876543210fedcba9876543210",
        recipient="+447911123456",
        sender_name="Riverside",
        expires_at=clock.now() + timedelta(days=7),
        subject="",
        text="Riverside Physio: your PIN is 482913.",
        html="",
    )


@pytest.fixture
async def outbox(database: Engine, riverside: ClinicSettings) -> Outbox:
    """The outbox of a clinic whose portal is online."""
    await Clinic.insert(Clinic(id=1, **asdict(riverside)))
    return Outbox()
