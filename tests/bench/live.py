"""How soon a change that one process makes is on the page that another process keeps open."""

from __future__ import annotations

import asyncio
import http.client
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

from app.accounts.sessions import LiveSession, load_session
from app.diary.booking.booking import Booking, book
from tests.bench.clinic import DAY, Bench, build, using
from tests.bench.diary import DAY_PAGE, tag_of
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.serve import HOST
from tests.support.client import PARTIAL
from tests.support.databases import Databases

CHANGES = 10
MOST = 1000  # ms


def measure_live(engine: str, databases: Databases) -> Measurements:
    """A change made in one process, until the page that another one keeps open has it."""
    name = "bench_live"
    bench = asyncio.run(build(databases.new(name)))
    with measured("application", bench) as server:
        slowest = max(_waits(bench, server))
    databases.remove(name)
    what = "A change by another process on an open page, ms, the slowest of ten"
    return Measurements([Limit(engine, what, slowest, MOST)], [])


def _waits(bench: Bench, server: Measured) -> Iterator[float]:
    """How long each change took to be heard of and fetched, in milliseconds."""
    stream = http.client.HTTPConnection(server.connection.host, server.connection.port)
    stream.request("GET", f"/events?view=day&day={DAY}", headers={"Host": HOST, "Cookie": server.cookie})
    events = stream.getresponse()
    _next_tag(events)
    for number in range(CHANGES):
        known = tag_of(server)
        made_at = asyncio.run(_book(bench, number))
        heard = _next_tag(events)
        page = server.get(DAY_PAGE, {**PARTIAL, "If-None-Match": known})
        waited = (time.monotonic() - made_at) * 1000
        assert page.status == 200
        assert page.headers["etag"] == f'"{heard}"'
        yield waited
    stream.close()


def _next_tag(events: BinaryIO) -> str:
    while not (line := events.readline().decode()).startswith("data: "):
        pass
    return line.removeprefix("data: ").strip()


async def _book(bench: Bench, number: int) -> float:
    """Book something in this process; the moment at which that was stored."""
    async with using(bench.url):
        clinic, session = await load_session(bench.token)
        assert clinic
        assert isinstance(session, LiveSession)
        at = datetime(DAY.year, DAY.month, DAY.day, 14, tzinfo=UTC) + timedelta(minutes=20 * number)
        await book(Booking(bench.practitioner, 1, at, (1,)), clinic, by=session.viewer)
        return time.monotonic()
