"""What was measured, for docs/performance.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.support.server import ROOT

REPORT = ROOT / "docs" / "performance.md"
HEAD = """# How fast the diary is

`make bench` measures this and writes this page; it fails when a ratio is missed. What counts is the CPU that the server
process spends on a request, all threads together, as the kernel counts it (Linux): it doesn't depend on what else the
machine does, and ratios are taken between requests that took turns. The floor is a bare ASGI application on the same
server that runs the same SELECT by the bare driver and renders the same template over objects that are ready.
The bytes and requests of a page are held by a test, tests/diary/test_weight.py.

Last run with Python {python} on {machine}.

| engine | what | ms of CPU | against | ratio or limit | at most |
|---|---|---:|---:|---:|---:|
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """One thing that was measured against another, or against a time; without ``most`` it is only told."""

    engine: str
    what: str
    value: float
    most: float | None
    unit: str
    cost: float
    against: float | None

    @property
    def is_kept(self) -> bool:
        """Whether it is within its limit."""
        return self.most is None or self.value <= self.most

    def __str__(self) -> str:
        return f"{self.engine}: {self.what} {self.value:.2f}{self.unit}, at most {self.most}{self.unit}"


def write_report(limits: Sequence[Limit]) -> None:
    """Write the page."""
    machine = f"{platform.machine()}, {platform.system()}"
    head = HEAD.format(python=platform.python_version(), machine=machine)
    REPORT.write_text(head + "\n".join(_rows(limits)) + "\n")


def _rows(limits: Iterable[Limit]) -> Iterable[str]:
    for limit in limits:
        against = f"{limit.against:.2f}" if limit.against is not None else ""
        most = f"{limit.most}{limit.unit}" if limit.most is not None else ""
        yield (
            f"| {limit.engine} | {limit.what} | {limit.cost:.2f} | {against} "
            f"| {limit.value:.2f}{limit.unit} | {most} |"
        )
