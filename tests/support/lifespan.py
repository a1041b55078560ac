"""Starts and stops an ASGI application as a server does, in one task: what it opens there it can close there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def running(app: Any) -> AsyncIterator[None]:
    """The application, started. Raises RuntimeError when it says that it couldn't start or stop."""
    orders: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    answers: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    task = asyncio.create_task(app({"type": "lifespan", "state": {}}, orders.get, answers.put))
    await _tell("startup", orders, answers, task)
    try:
        yield
    finally:
        await _tell("shutdown", orders, answers, task)
        await task


async def _tell(
    order: str,
    orders: asyncio.Queue[dict[str, str]],
    answers: asyncio.Queue[dict[str, str]],
    task: asyncio.Task[None],
) -> None:
    await orders.put({"type": f"lifespan.{order}"})
    answer = asyncio.create_task(answers.get())
    await asyncio.wait({answer, task}, return_when=asyncio.FIRST_COMPLETED)
    if not answer.done():
        answer.cancel()
        await task  # raises what ended it
    if answer.result()["type"] != f"lifespan.{order}.complete":
        raise RuntimeError(answer.result().get("message", order))
