"""Failed log-ins: the same time whatever was wrong, by password and by PIN."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from statistics import median

from app.accounts.limits import PIN_LIMIT, as_counted
from app.accounts.tables import Credential, CredentialKind, LoginFailures
from app.clock import now
from app.db import write
from tests.bench.clinic import Bench, using
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.strangers import FAILURES, SECRETS, WRONG, Stranger, name_of, site_of, staffed
from tests.support.databases import Databases

TRIES = 200
ANSWERS = {
    CredentialKind.PASSWORD: 422,
    CredentialKind.PIN: 303,
}  # an unknown phone is always asked for a code
DOORS = {CredentialKind.PASSWORD: "with a password", CredentialKind.PIN: "with a PIN"}


def measure_failures(engine: str, databases: Databases) -> Measurements:
    """Failed log-ins of every kind."""
    url = databases.new("failures")
    bench = asyncio.run(staffed(url))
    limits = []
    with measured("application", bench) as server:
        for door, words in DOORS.items():
            medians = [median(times) for times in _failures(server, bench, door).values()]
            what = f"Failed log-ins {words}, by what was wrong: medians apart, ms"
            limits.append(Limit(engine, what, max(medians) - min(medians), 10))
    databases.remove("failures")
    return Measurements(limits, [])


def _failures(server: Measured, bench: Bench, door: CredentialKind) -> Mapping[str, Sequence[float]]:
    """Milliseconds of each try, by what was wrong. One of each at once, so that whatever else the machine does meets
    them alike, and each is the first of them in its turn.
    """
    site = site_of(server)
    took: dict[str, list[float]] = {kind: [] for kind in FAILURES}

    def fail(number: int, kind: str) -> tuple[int, float]:
        # A disabled user's secret is right. That one has expired is told to whoever has it: it is no failure.
        secret = SECRETS[door] if kind == "disabled" else WRONG[door]
        return Stranger(number, site).log_in(door, name_of(door, kind), secret)

    with ThreadPoolExecutor(len(FAILURES)) as pool:
        for number in range(TRIES):
            asyncio.run(_lock(bench.url, door))
            turn = number % len(FAILURES)
            kinds = FAILURES[turn:] + FAILURES[:turn]
            for kind, (status, ms) in zip(kinds, pool.map(fail, [number] * len(kinds), kinds), strict=True):
                assert status == ANSWERS[door], (kind, status)
                took[kind].append(ms)
    return took


async def _lock(url: str, door: CredentialKind) -> None:
    """Everybody's next try is their first, but of the one who is locked for the rest of the day."""
    async with using(url), write():
        await LoginFailures.delete(force=True)
        await Credential.update({Credential.failures: 0}, force=True)
        key = as_counted(door, name_of(door, "locked"), "").identifier_key
        await LoginFailures.insert(
            LoginFailures(
                kind=door,
                key=key,
                window_started_at=now(),
                failures=PIN_LIMIT,
                blocked_until=now() + timedelta(days=1),
            )
        )
