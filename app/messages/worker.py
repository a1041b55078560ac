"""The worker: sends what is due. It runs inside the web process on one machine, or by itself, in any number.

It may die at any moment: what it was sending is sent again by another once the lease is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial

import structlog

from app.clock import now
from app.db.watcher import Changes
from app.messages import outcomes
from app.messages.alarm import Alarm
from app.messages.compose import TO_PATIENTS
from app.messages.dispatch import Claim, claim, next_due, tidy
from app.messages.holds import probe_now
from app.messages.leave import Leave, Unwanted, always
from app.messages.outbox import call_off
from app.messages.sender import Sender
from app.messages.tables import Channel
from app.messages.transports import ErrorKind, TransportError
from app.settings import Settings

AT_ONCE = 4
"""Messages of one channel that are on their way at the same time."""
LONGEST_PAUSE_SECONDS = 60
OTHERS_SECONDS = 1
"""How long to leave to another worker what it is taking."""
STUMBLE_SECONDS = 2
"""How long to leave the database alone after it failed."""

log = structlog.get_logger(__name__)


async def run_worker(
    settings: Settings, watcher: Changes, stop: asyncio.Event, *, tell: Alarm, leave: Leave = always
) -> None:
    """Send messages until ``stop`` is set; then finish those on their way, which takes a minute at most.

    ``tell`` hears of those that were refused for good; ``leave`` is asked of each that is for a patient.
    """
    async with asyncio.TaskGroup() as lanes:
        for channel in Channel:
            lanes.create_task(_Lane(channel, settings, watcher, stop, tell, leave).run())


class _Lane:
    """One channel's worker: a mail server that hangs doesn't hold up the texts."""

    def __init__(
        self,
        channel: Channel,
        settings: Settings,
        watcher: Changes,
        stop: asyncio.Event,
        tell: Alarm,
        leave: Leave,
    ) -> None:
        self._channel = channel
        self._sender = Sender(channel, settings)
        self._watcher = watcher
        self._stop = stop
        self._tell = tell
        self._leave = leave
        self._sending: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        try:
            await self._run()
        finally:
            await self._sender.close()

    async def _run(self) -> None:
        probed = False
        async with asyncio.TaskGroup() as tasks:
            while not self._stop.is_set():
                seen = self._watcher.counter
                try:
                    if not probed:
                        await probe_now(self._channel)
                        probed = True
                    pause = await self._send_due(tasks)
                except Exception as error:  # whatever it is, the messages after it must still go out
                    log.warning("worker stumbled", channel=self._channel.value, error=type(error).__name__)
                    await self._pause(STUMBLE_SECONDS, self._stop.wait())
                else:
                    change = self._watcher.wait(seen, LONGEST_PAUSE_SECONDS)
                    await self._pause(pause, self._stop.wait(), change, *self._sending)

    async def _send_due(self, tasks: asyncio.TaskGroup) -> float:
        """Start sending what is due. Returns for how many seconds there is nothing more to do, if nothing changes."""
        while free := AT_ONCE - len(self._sending):
            due = await next_due(self._channel)
            if due is None or due > now():
                return (due - now()).total_seconds() if due else LONGEST_PAUSE_SECONDS
            await tidy(self._channel)
            claimed = await claim(self._channel, free)
            if not claimed:
                return OTHERS_SECONDS
            for each in claimed:
                task = tasks.create_task(self._attempt(each))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
        return LONGEST_PAUSE_SECONDS  # or until one of them is done

    async def _pause(self, seconds: float, *ends: Awaitable[object]) -> None:
        """Until one of these ends, or the time is over."""
        waiting = [asyncio.ensure_future(end) for end in ends]
        try:
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in set(waiting) - self._sending:
                task.cancel()

    async def _attempt(self, claimed: Claim) -> None:
        try:
            if claimed.purpose in TO_PATIENTS and (later := await self._leave(claimed.id)):
                await self._store(claimed, partial(outcomes.put_off, claimed, later))
                return
            reference = await self._sender.send(claimed)
        except Unwanted:
            await self._store(claimed, partial(call_off, [claimed.id]))
        except TransportError as error:
            await self._store(claimed, partial(outcomes.refused, claimed, error, tell=self._tell))
        except Exception as error:  # a fault of ours; its words might quote the message
            fault = TransportError(ErrorKind.TEMPORARY, type(error).__name__)
            await self._store(claimed, partial(outcomes.refused, claimed, fault, tell=self._tell))
        else:
            await self._store(claimed, partial(outcomes.accepted, claimed, reference))

    async def _store(self, claimed: Claim, outcome: Callable[[], Awaitable[None]]) -> None:
        """Store what came of it, also when the database fails for a moment: a forgotten message is sent twice."""
        stored = False
        while not stored and now() < claimed.leased_until:
            try:
                await outcome()
                stored = True
            except Exception as error:
                log.warning("outcome not stored yet", message=claimed.id, error=type(error).__name__)
                await asyncio.sleep(STUMBLE_SECONDS)
