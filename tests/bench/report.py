"""What was measured, for docs/performance.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from tests.bench.meter import Series
from tests.bench.plot import bars
from tests.support.tree import ROOT

REPORT = ROOT / "docs" / "performance.md"
PLOT = ROOT / "docs" / "performance.svg"

HEAD = """# How fast Daybook is

`make bench` measures this, writes this page and its picture, and fails when a limit is missed.

What counts is the CPU that the server's process spends on a request, all threads together, as Linux counts it.
Requests take turns in rounds, which begin with some that aren't counted. A cost is that of the cheapest round,
because whatever else the machine does can only add to it; a ratio is the median of the rounds' own, because it meets
both alike. The floor is a bare ASGI application on the same server that runs the day's SELECT through the raw driver
and renders the same template to the same bytes, over the application's own objects, which are ready: it makes nothing
of the rows it reads. Nothing is compressed but where it says so. How soon a change is on an open page is the time
from its commit in one process until another one has told the page of it and served it anew. Of a million appointments
50,000 are the first practitioner's, whose column and week are among those measured. What a page weighs and how many
requests it takes is held by a test, `tests/diary/pages/test_weight.py`; how many queries each view asks, by others
beside it. Of log-ins and of cuts it is the time on the wall: two hundred failures of each kind from fresh devices,
six rounds of fifty log-ins at once, and the slowest page of two processes.

Last run on {cores} cores of {machine}, {system}, at a load of {load:.1f}; Python {python}, SQLite {sqlite}.

| engine | what | measured | at most |
| --- | --- | ---: | ---: |
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """Something that must not be more than ``most``, in whatever unit its words say."""

    engine: str
    what: str
    value: float
    most: float

    @classmethod
    def ratio(cls, engine: str, what: str, one: Series, other: Series, most: float) -> Self:
        """One cost in terms of another."""
        return cls(engine, what, one.times(other), most)

    @classmethod
    def cost(cls, engine: str, what: str, one: Series, most: float) -> Self:
        """A cost in milliseconds."""
        return cls(engine, what, one.cost, most)

    @property
    def is_kept(self) -> bool:
        """Whether it isn't more."""
        return self.value <= self.most

    def __str__(self) -> str:
        return f"{self.engine}: {self.what}: {self.value:.2f}, at most {self.most:g}"


@dataclass(frozen=True, slots=True)
class Measurements:
    """What was measured on one engine, and the limits that it is held to."""

    limits: Sequence[Limit]
    series: Sequence[Series]

    def __add__(self, other: Measurements) -> Measurements:
        return Measurements([*self.limits, *other.limits], [*self.series, *other.series])


def write_report(found: Mapping[str, Measurements]) -> None:
    """Write the page and its picture; ``found`` is by engine."""
    head = HEAD.format(
        cores=os.cpu_count(),
        machine=platform.machine(),
        system=platform.system(),
        load=os.getloadavg()[0],
        python=platform.python_version(),
        sqlite=sqlite3.sqlite_version,
    )
    rows = [row for measurements in found.values() for row in _rows(measurements.limits)]
    picture = f"\nMilliseconds of CPU a request:\n\n![Milliseconds of CPU a request]({PLOT.name})\n"
    REPORT.write_text(head + "\n".join(rows) + "\n" + picture)
    costs = {engine: [(one.name, one.cost) for one in of.series] for engine, of in found.items()}
    PLOT.write_text(bars(costs))


def _rows(limits: Sequence[Limit]) -> Iterator[str]:
    for limit in limits:
        missed = "" if limit.is_kept else " (missed)"
        yield f"| {limit.engine} | {limit.what} | {limit.value:.2f}{missed} | {limit.most:g} |"
