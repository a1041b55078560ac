"""Waiting for whichever comes first: news, a time, or the end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable


async def until_first(*ends: Awaitable[object]) -> None:
    """Until one of these ends; the others are cancelled."""
    waiting = [asyncio.ensure_future(end) for end in ends]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
