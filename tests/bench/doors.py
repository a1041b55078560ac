"""A diary that fifty log-ins at once don't hold up."""

from __future__ import annotations

import asyncio
import math
import os
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from app.accounts.tables import CredentialKind
from tests.bench.clinic import DAY
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.strangers import AT_ONCE, SECRETS, Site, Stranger, colleagues, name_of, site_of, staffed
from tests.support.databases import Databases

ROUNDS, QUIET = 6, 150
DIARY = f"/diary/day/{DAY}"
PASSWORD = CredentialKind.PASSWORD


def measure_doors(engine: str, databases: Databases) -> Measurements:
    """The diary while fifty people log in."""
    url = databases.new("doors")
    bench = asyncio.run(staffed(url))
    with measured("application", bench) as server:
        quiet, busy = _diary_while_logging_in(server)
    databases.remove("doors")
    what = f"The diary's p99 while {AT_ONCE} log in against its quiet one"
    return Measurements([Limit(engine, what, _p99(busy) / _p99(quiet), 2)], [])


def _diary_while_logging_in(server: Measured) -> tuple[list[float], list[float]]:
    """Milliseconds that the day took, while nothing else was asked and while fifty people logged in."""
    site, quiet, busy = site_of(server), [], []
    # Whoever logs in has a machine of their own, not a share of the one that looks at the diary.
    with ProcessPoolExecutor(1, get_context("forkserver"), initializer=os.nice, initargs=(10,)) as elsewhere:
        for number in range(ROUNDS):
            quiet += [_day(server) for _ in range(QUIET)]
            under_way = elsewhere.submit(_all_log_in, site, 1000 + AT_ONCE * number)
            while not under_way.done():
                busy.append(_day(server))
            assert under_way.result() <= {303, 429}
    return quiet, busy


def _all_log_in(site: Site, first: int) -> set[int]:
    """Everybody at once, each from a device of their own; the statuses that they were answered with."""

    def one(n: int, who: str) -> int:
        return Stranger(first + n, site).log_in(PASSWORD, name_of(PASSWORD, who), SECRETS[PASSWORD])[0]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return set(pool.map(one, range(AT_ONCE), colleagues()))


def _day(server: Measured) -> float:
    began = time.perf_counter()
    assert server.get(DIARY).status == 200
    return (time.perf_counter() - began) * 1000


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.99) - 1]
