"""Measures the diary on both engines, writes docs/performance.md, and fails when a ratio is missed."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.bench.clinic import DAY, WEEK, Bench, build
from tests.bench.history import grow
from tests.bench.meter import Measured, Series, measure, measured
from tests.bench.report import Limit, write_report
from tests.support.client import PARTIAL
from tests.support.databases import Databases, PostgresDatabases, SQLiteDatabases
from tests.support.postgres import postgres_server

SIZES = (10_000, 100_000, 1_000_000)
DAY_PAGE, WEEK_PAGE = f"/diary/day/{DAY}", f"/diary/week/{WEEK}"


@contextmanager
def engines(folder: Path) -> Iterator[dict[str, Databases]]:
    """Where databases are made, by the engine's name."""
    with postgres_server() as server:
        yield {"SQLite": SQLiteDatabases(folder), "PostgreSQL": PostgresDatabases(server)}


def run(engine: str, databases: Databases) -> list[Limit]:
    """All measurements on one engine, and the limits that they are held to."""
    benches = [_bench(databases, size) for size in SIZES]
    with ExitStack() as stack:
        floor = stack.enter_context(measured("floor", benches[0]))
        servers = [stack.enter_context(measured("application", bench)) for bench in benches]
        small = servers[0]
        week = f"{WEEK_PAGE}?practitioner={benches[0].practitioner}"
        tag = _tag(small)
        page = Series("Day, 40 appointments", small, DAY_PAGE)
        series = [
            least := Series("Floor: the same SELECT by the bare driver, the same template", floor, DAY_PAGE),
            page,
            packed := Series("Day, compressed", small, DAY_PAGE, {"Accept-Encoding": "gzip"}),
            weeks := Series("Week, 200 appointments", small, week),
            known := Series("Day, unchanged", small, DAY_PAGE, {**PARTIAL, "If-None-Match": tag}, status=304),
        ]
        measure(*series)
        grown = [
            Series(f"Day among {size:,}", server, DAY_PAGE)
            for size, server in zip(SIZES, servers, strict=True)
        ]
        measure(*grown)
    for one in [*series, *grown]:
        print(f"{engine:10}  {one.name:65} {one.cost:6.2f} ms")
    return [
        Limit(engine, "a day against its floor", page.times(least), 2.5, "×", page.cost, least.cost),
        Limit(engine, "a week with 200 against the day", weeks.times(page), 2.5, "×", weeks.cost, page.cost),
        Limit(engine, "an unchanged day", known.cost, 0.6, " ms", known.cost, None),
        *(
            Limit(
                engine,
                f"{big.name.lower()} against 10,000",
                big.times(grown[0]),
                1.15,
                "×",
                big.cost,
                grown[0].cost,
            )
            for big in grown[1:]
        ),
        Limit(
            engine, "a compressed day against the day", packed.times(page), None, "×", packed.cost, page.cost
        ),
    ]


def _bench(databases: Databases, size: int) -> Bench:
    url = databases.new(f"bench_{size}")

    async def filled() -> Bench:
        bench = await build(url)
        await grow(bench, to=size)
        return bench

    return asyncio.run(filled())


def _tag(server: Measured) -> str:
    etag = server.get(DAY_PAGE).headers["etag"]
    assert etag is not None
    return etag


def main() -> int:
    """Zero when every limit is kept."""
    limits: list[Limit] = []
    with tempfile.TemporaryDirectory() as folder, engines(Path(folder)) as made:
        for engine, databases in made.items():
            limits += run(engine, databases)
            for size in SIZES:
                databases.remove(f"bench_{size}")
    write_report(limits)
    for missed in (limit for limit in limits if not limit.is_kept):
        print(f"Missed: {missed}")
    return 0 if all(limit.is_kept for limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
