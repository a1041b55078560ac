"""The outbox as tests use it: post, let a worker run, wait for what becomes of a message."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from app import db
from app.accounts.alerts import tell_of_lost_login
from app.db.watcher import Changes
from app.messages.outbox import post
from app.messages.tables import MessageState
from app.messages.worker import run_worker
from app.settings import Settings

Found = TypeVar("Found")


class Outbox:
    """Posts messages, and looks at what the database knows of them."""

    async def mail(
        self, recipient: str = "clara.lund@riverside.example", *, user_id: int = 7, **options: Any
    ) -> int:
        """Post an e-mail with the password "hazel-otter-72"."""
        context = {"name": "Clara Lund", "password": "hazel-otter-72"}
        return await self._post("online_login", "email", recipient, user_id, context, **options)

    async def text(self, pin: str = "482913", *, user_id: int = 7, **options: Any) -> int:
        """Post a text with a PIN."""
        return await self._post("mobile_login", "text", "+447911123456", user_id, {"pin": pin}, **options)

    async def _post(self, *message: Any, **options: Any) -> int:
        async with db.write():
            return await post(*message, **options)

    async def row(self, message: int) -> dict[str, Any]:
        """The message as it is stored."""
        [row] = await db.rows("SELECT * FROM message WHERE id = {}", message)
        return row

    async def state(self, message: int) -> str:
        return str((await self.row(message))["state"])


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[Changes]:
    """A worker, sending while the block runs."""
    stop = asyncio.Event()
    async with Changes(db.database()) as changes, asyncio.TaskGroup() as tasks:
        tasks.create_task(run_worker(settings, changes, stop, tell=tell_of_lost_login))
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
