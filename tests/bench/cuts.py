"""How soon somebody who is cut off hears of it, on open pages of two processes."""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

import httpx

from app.accounts.forms import UserForm
from app.accounts.middleware import SESSION_COOKIE
from app.accounts.sessions import start_session
from app.accounts.tables import SessionKind
from app.accounts.users import insert_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import load_clinic
from app.db import write
from app.settings import use
from tests.bench.clinic import Bench, build, using
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.serve import HOST, bench_settings
from tests.support.cuts import CUTS, listening
from tests.support.databases import Databases

ROUNDS = 5


def measure_cuts(engine: str, databases: Databases) -> Measurements:
    """Open pages after a user was disabled, reissued, made non-current, ended or locked, and the portal put offline."""
    bench = asyncio.run(build(databases.new("cuts")))
    with measured("application", bench) as one, measured("application", bench) as other:
        slowest = asyncio.run(_slowest(bench, [one, other]))
    databases.remove("cuts")
    return Measurements([Limit(engine, "Open pages end after a cut, s", slowest, 2)], [])


async def _slowest(bench: Bench, servers: list[Measured]) -> float:
    """Seconds until the last page of the slowest cut heard of it."""
    took = []
    use(bench_settings(bench.url))
    async with using(bench.url):
        *others, offline = CUTS
        for number, cause in enumerate([*others * ROUNDS, offline]):
            token = await _somebody(number)
            async with AsyncExitStack() as stack:
                browsers = [await stack.enter_async_context(_browser(server, token)) for server in servers]
                pages = [await stack.enter_async_context(listening(browser)) for browser in browsers]
                began = time.perf_counter()
                await CUTS[cause](token, Viewer(1, "Sam Reyes", True, False, False, 0, "desktop"))
                await asyncio.gather(*(over() for over in pages))
                took.append(time.perf_counter() - began)
    return max(took)


async def _somebody(number: int) -> str:
    """A practitioner with a session; its token."""
    clinic = await load_clinic()
    assert clinic
    name = f"Somebody {number}"
    form = UserForm(
        name=name, email=f"somebody{number}@riverside.example", enabled_for_online=True, practitioner=True
    )
    async with write():
        user = await insert_user(form, by=None)
        return await start_session(user, SessionKind.DESKTOP, clinic, device=None, address="203.0.113.7")


def _browser(server: Measured, token: str) -> httpx.AsyncClient:
    url = f"http://{server.connection.host}:{server.connection.port}"
    return httpx.AsyncClient(
        base_url=url, headers={"host": HOST, "cookie": f"__Host-{SESSION_COOKIE}={token}"}
    )
