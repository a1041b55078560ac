"""Measures Daybook on both engines, writes docs/performance.md, and fails when a limit is missed."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.cuts import measure_cuts
from tests.bench.diary import measure_diary
from tests.bench.doors import measure_doors
from tests.bench.failures import measure_failures
from tests.bench.live import measure_live
from tests.bench.reminders import measure_reminders
from tests.bench.report import Measurements, write_report
from tests.support.databases import Databases, PostgresDatabases, SQLiteDatabases
from tests.support.postgres import postgres_server

# Each measures one thing on the engine of that name, in databases that it makes and removes.
PARTS: list[Callable[[str, Databases], Measurements]] = [
    measure_diary,
    measure_live,
    measure_failures,
    measure_doors,
    measure_cuts,
    measure_reminders,
]


@contextmanager
def engines() -> Iterator[dict[str, Databases]]:
    """Where databases are made, by the engine's name."""
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server:
        yield {"SQLite": SQLiteDatabases(Path(folder)), "PostgreSQL": PostgresDatabases(server)}


def main() -> int:
    """Zero when every limit is kept."""
    found: dict[str, Measurements] = {}
    with engines() as made:
        for engine, databases in made.items():
            found[engine] = Measurements([], [])
            for part in PARTS:
                print(f"{engine}: {part.__doc__}", flush=True)
                found[engine] += part(engine, databases)
            for series in found[engine].series:
                print(f"  {series.name:40} {series.cost:6.2f} ms", flush=True)
    write_report(found)
    limits = [limit for measurements in found.values() for limit in measurements.limits]
    for limit in limits:
        print(f"{'kept' if limit.is_kept else 'MISSED'}  {limit}")
    return 0 if all(limit.is_kept for limit in limits) else 1


if __name__ == "__main__":
    sys.exit(main())
