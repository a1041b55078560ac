"""What goes on beside the requests: in the worker's process, or on one machine inside the web process."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.accounts.alerts import tell_of_lost_login
from app.audit.sealer import run_sealer
from app.db.watcher import Changes
from app.diary.notices.digests import run_digests
from app.messages.worker import run_worker
from app.reminders.messages import may_leave
from app.reminders.planner import run_planner
from app.settings import Settings

GIVE_WAY_SECONDS = 0.0005
"""How long a thread may keep the others from running: a text takes ten times as long, and requests come first."""


async def run_work(settings: Settings, changes: Changes, stop: asyncio.Event) -> None:
    """Send messages, remind patients, tell of changed diaries and seal the audit record until ``stop`` is set; what is
    under way is finished first."""
    await asyncio.gather(
        run_worker(settings, changes, stop, tell=tell_of_lost_login, leave=may_leave),
        run_planner(settings, changes, stop),
        run_sealer(settings.audit_key, changes, stop),
        run_digests(changes, stop),
    )


@asynccontextmanager
async def work_inside(settings: Settings, changes: Changes) -> AsyncIterator[None]:
    """The same while the block runs, in a web process that is to do it."""
    if not settings.worker_inside:
        yield
        return
    sys.setswitchinterval(GIVE_WAY_SECONDS)
    stop = asyncio.Event()
    work = asyncio.create_task(run_work(settings, changes, stop))
    try:
        yield
    finally:
        stop.set()
        await work
