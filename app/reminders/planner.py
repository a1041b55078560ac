"""The planner: looks at what has changed in the diary, and posts what is due. It runs beside the worker, in any number.

While nothing changes and nothing is due it asks the database nothing; when something does, two rows by index.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import structlog

from app.clinic.clinic import load_clinic
from app.clock import now
from app.db.watcher import Changes
from app.reminders.planning import plan_some
from app.reminders.posting import next_due, post_due
from app.settings import Settings

LONGEST_PAUSE_SECONDS = 60
BREATH_SECONDS = 1
"""Between two looks: what is told hours ahead has time, and ten thousand at once leave room for everything else."""
BREATH_BETWEEN_PLANS_SECONDS = 0.2
STUMBLE_SECONDS = 5

log = structlog.get_logger(__name__)


async def run_planner(settings: Settings, watcher: Changes, stop: asyncio.Event) -> None:
    """Plan and post until ``stop`` is set."""
    while not stop.is_set():
        seen = watcher.counter
        try:
            pause, breath = await look(settings)
        except Exception as error:  # whatever it is, there is another time
            log.warning("planner stumbled", error=type(error).__name__)
            pause, breath = STUMBLE_SECONDS, STUMBLE_SECONDS
        await _until(breath, stop.wait())
        if pause > breath and not stop.is_set():
            await _until(pause - breath, stop.wait(), watcher.wait(seen, LONGEST_PAUSE_SECONDS))


async def look(settings: Settings) -> tuple[float, float]:
    """Do what there is to do. Returns for how many seconds there is nothing more, if nothing changes, and how many to
    wait even so."""
    clinic = await load_clinic()
    if clinic is None:
        return LONGEST_PAUSE_SECONDS, BREATH_SECONDS
    more = await plan_some(clinic)
    due = await next_due()
    if due is not None and due <= now():
        await post_due(clinic, settings)
        due = await next_due()
    if more:
        return 0, BREATH_BETWEEN_PLANS_SECONDS
    pause = (due - now()).total_seconds() if due else LONGEST_PAUSE_SECONDS
    # What stays due waits for room in the outbox, whose changes wake us, or for the morning.
    return (pause if pause > 0 else LONGEST_PAUSE_SECONDS), BREATH_SECONDS


async def _until(seconds: float, *ends: Awaitable[object]) -> None:
    """Until one of these ends, or the time is over."""
    waiting = [asyncio.ensure_future(end) for end in ends]
    try:
        await asyncio.wait(
            waiting, timeout=min(seconds, LONGEST_PAUSE_SECONDS), return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for task in waiting:
            task.cancel()
