"""A diary that fifty log-ins at once don't hold up."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait

from app.accounts.tables import CredentialKind
from tests.bench.clinic import DAY
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.strangers import AT_ONCE, SECRETS, Stranger, colleagues, name_of, staffed, token_of
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
    token, quiet, busy = token_of(server), [], []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(ROUNDS):
            quiet += [_day(server) for _ in range(QUIET)]
            under_way = [
                pool.submit(
                    Stranger(1000 + AT_ONCE * number + n, server, token).log_in,
                    PASSWORD,
                    name_of(PASSWORD, who),
                    SECRETS[PASSWORD],
                )
                for n, who in enumerate(colleagues())
            ]
            while not all(each.done() for each in under_way):
                busy.append(_day(server))
            wait(under_way)
            statuses = {each.result()[0] for each in under_way}
            assert statuses <= {303, 429}, statuses
    return quiet, busy


def _day(server: Measured) -> float:
    began = time.perf_counter()
    assert server.get(DIARY).status == 200
    return (time.perf_counter() - began) * 1000


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.99) - 1]
