"""What the diary costs: a day against its floor, a week against the day, and both among more and more appointments."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

from tests.bench.clinic import DAY, WEEK, Bench, build
from tests.bench.history import grow
from tests.bench.meter import Measured, Series, measure, measured
from tests.bench.report import Limit, Measurements
from tests.support.client import PARTIAL
from tests.support.databases import Databases

SIZES = (10_000, 100_000, 1_000_000)
DAY_PAGE, WEEK_PAGE = f"/diary/day/{DAY}", f"/diary/week/{WEEK}"
GZIP = {"Accept-Encoding": "gzip"}


def measure_diary(engine: str, databases: Databases) -> Measurements:
    """All of it on one engine, with the limits that it is held to."""
    benches = [_bench(databases, size) for size in SIZES]
    with ExitStack() as stack:
        floor = stack.enter_context(measured("floor", benches[0]))
        servers = [stack.enter_context(measured("application", bench)) for bench in benches]
        week_page = f"{WEEK_PAGE}?practitioner={benches[0].practitioner}"
        known = {**PARTIAL, "If-None-Match": tag_of(servers[0])}
        least = Series("Floor: the day's SELECT and template", floor, DAY_PAGE)
        unchanged = Series("Day, unchanged", servers[0], DAY_PAGE, known, status=304)
        packed = Series("Day, compressed", servers[0], DAY_PAGE, GZIP)
        days = [_among(size, "Day", server, DAY_PAGE) for size, server in zip(SIZES, servers, strict=True)]
        weeks = [_among(size, "Week", server, week_page) for size, server in zip(SIZES, servers, strict=True)]
        measure(least, unchanged, packed, *days, *weeks)
    for size in SIZES:
        databases.remove(_name(size))
    day, week = days[0], weeks[0]
    limits = [
        Limit.ratio(engine, "A day with 40 appointments against its floor", day, least, 2.5),
        Limit.ratio(engine, "A week with 200 against the day", week, day, 2.5),
        Limit.cost(engine, "A day that is unchanged, ms", unchanged, 0.6),
        *(Limit.ratio(engine, f"{big.name} against 10,000", big, day, 1.15) for big in days[1:]),
        *(Limit.ratio(engine, f"{big.name} against 10,000", big, week, 1.15) for big in weeks[1:]),
    ]
    return Measurements(limits, [least, unchanged, packed, *days, *weeks])


def _among(size: int, what: str, server: Measured, path: str) -> Series:
    return Series(f"{what} among {size:,}", server, path)


def _bench(databases: Databases, size: int) -> Bench:
    url = databases.new(_name(size))

    async def filled() -> Bench:
        bench = await build(url)
        await grow(bench, to=size)
        return bench

    return asyncio.run(filled())


def _name(size: int) -> str:
    return f"bench_{size}"


def tag_of(server: Measured) -> str:
    """The tag of the day's page as it is now."""
    etag = server.get(DAY_PAGE).headers["etag"]
    assert etag is not None
    return etag
