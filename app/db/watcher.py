"""Noticing that the database has changed, whoever changed it: this process, another one, or one on another host."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import Self

import structlog

from app.db.engine import Engine

RETRY_SECONDS = 1

log = structlog.get_logger(__name__)


class Changes:
    """Counts commits while it is entered; one for a process is enough. It may count one that changed nothing."""

    def __init__(self, engine: Engine) -> None:
        self.counter = 0
        self._engine = engine
        self._state: object = None
        self._moved = asyncio.Condition()

    async def __aenter__(self) -> Self:
        started = asyncio.Event()
        self._task = asyncio.create_task(self._watch(started))
        await started.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task

    async def wait(self, after: int, timeout: float) -> int:
        """The counter once it is beyond ``after``; as it is when that takes longer than ``timeout`` seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(lambda: self.counter > after)
        return self.counter

    async def _watch(self, started: asyncio.Event) -> None:
        while True:
            try:
                async with aclosing(self._engine.states()) as states:
                    async for state in states:
                        await self._compare(state)
                        started.set()
            except Exception as error:  # whatever it is, watching goes on
                log.warning("watching the database was interrupted", error=type(error).__name__)
            started.set()
            await asyncio.sleep(RETRY_SECONDS)

    async def _compare(self, state: object) -> None:
        before, self._state = self._state, state
        if before not in (None, state):
            async with self._moved:
                self.counter += 1
                self._moved.notify_all()
