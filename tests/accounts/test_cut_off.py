"""Whatever ends a session ends its requests and its open streams, in every process. ``make bench`` holds how soon."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack

import httpx
import pytest

from app.accounts.sessions import start_session
from app.accounts.tables import SessionKind
from app.db import write
from app.db.engine import Engine
from tests.support.cuts import CUTS, listening
from tests.support.people import a_clinic, a_practitioner, an_administrator
from tests.support.server import Server

PATIENCE = 30  # seconds; a loaded machine is no fault of ours


@pytest.fixture
def two_processes(serve: Callable[..., Server]) -> list[str]:
    return [serve().url, serve().url]


async def test_each_cause_ends_requests_and_streams_in_every_process(
    database: Engine, two_processes: list[str]
) -> None:
    clinic, sam = await a_clinic(), await an_administrator()
    for number, (cause, cut) in enumerate(CUTS.items()):
        person = await a_practitioner("Anna Marsh", email=f"anna{number}@riverside.example")
        async with write():
            token = await start_session(
                person.id, SessionKind.DESKTOP, clinic, device=None, address="127.0.0.1"
            )
        async with AsyncExitStack() as stack:
            browsers = [
                await stack.enter_async_context(httpx.AsyncClient(base_url=url, cookies={"session": token}))
                for url in two_processes
            ]
            pages = [await stack.enter_async_context(listening(browser)) for browser in browsers]
            assert [(await each.get("/account")).status_code for each in browsers] == [200, 200], cause
            await cut(token, sam.viewer)
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(*(over() for over in pages))
            refused = [(await each.get("/account")).status_code for each in browsers]
            assert set(refused) <= {303, 503}, cause
