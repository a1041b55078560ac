"""The clinic that messages are sent for, and a message ready to leave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any, TypeVar

import pytest

from app import clock, db
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic
from app.db.engine import Engine
from app.db.watcher import Changes
from app.messages.outbox import post
from app.messages.tables import MessageState
from app.messages.transports import Outgoing
from app.messages.worker import run_worker
from app.settings import Settings

Found = TypeVar("Found")
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
        temporary_secret_days=7,
        pin_digits=6,
        desktop_idle_minutes=60,
        desktop_absolute_hours=12,
        phone_idle_minutes=15,
        phone_absolute_hours=24,
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


class Outbox:
    """Posts messages, and looks at what the database knows of them."""

    async def mail(self, recipient: str = "clara.lund@riverside.example", **options: Any) -> int:
        """Post an e-mail with the password "hazel-otter-72"."""
        context = {"name": "Clara Lund", "password": "hazel-otter-72"}
        return await self._post("online_login", "email", recipient, 7, context, **options)

    async def text(self, pin: str = "482913", **options: Any) -> int:
        """Post a text with a PIN."""
        return await self._post("mobile_login", "text", "+447911123456", 7, {"pin": pin}, **options)

    async def _post(self, *message: Any, **options: Any) -> int:
        async with db.write():
            return await post(*message, **options)

    async def row(self, message: int) -> dict[str, Any]:
        """The message as it is stored."""
        [row] = await db.rows("SELECT * FROM message WHERE id = {}", message)
        return row

    async def state(self, message: int) -> str:
        return str((await self.row(message))["state"])


@pytest.fixture
async def outbox(database: Engine, riverside: ClinicSettings) -> Outbox:
    """The outbox of a clinic whose portal is online."""
    await Clinic.insert(Clinic(id=1, **asdict(riverside)))
    return Outbox()


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Changes]:
    """A worker, sending while the block runs."""
    stop = asyncio.Event()
    async with Changes(db.database()) as changes, asyncio.TaskGroup() as tasks:
        tasks.create_task(run_worker(settings, changes, stop))
        try:
            yield changes
        finally:
            stop.set()


async def until(changes: Changes, found: Callable[[], Awaitable[Found | None]]) -> Found:
    """Wait until the database holds what ``found`` looks for; returns that."""
    async with asyncio.timeout(20):
        while True:
            seen = changes.counter
            if value := await found():
                return value
            await changes.wait(seen, 1)


async def becomes(outbox: Outbox, message: int, state: MessageState, changes: Changes) -> dict[str, Any]:
    """Wait for the message's state; returns its row."""

    async def row() -> dict[str, Any] | None:
        found = await outbox.row(message)
        return found if found["state"] == state else None

    return await until(changes, row)


async def attempted(outbox: Outbox, message: int, state: MessageState, settings: Settings) -> dict[str, Any]:
    """Let a worker run until the message is in that state; returns its row."""
    async with working(settings) as changes:
        return await becomes(outbox, message, state, changes)


async def put_off(outbox: Outbox, message: int, settings: Settings) -> dict[str, Any]:
    """Let a worker run until an attempt has failed and another is to follow; returns the message's row."""

    async def row() -> dict[str, Any] | None:
        found = await outbox.row(message)
        return found if found["state"] == MessageState.QUEUED and found["error_code"] else None

    async with working(settings) as changes:
        return await until(changes, row)
