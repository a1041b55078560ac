"""Logging in: failures that take the same time whatever was wrong, and a diary that fifty log-ins don't hold up."""

from __future__ import annotations

import asyncio
import http.client
import math
import re
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from urllib.parse import urlencode

from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.tables import Credential, CredentialKind, LoginFailures, User
from app.accounts.users import insert_user
from app.clock import now
from app.db import rows, write
from app.settings import use
from tests.bench.clinic import DAY, Bench, build, using
from tests.bench.meter import Measured, measured
from tests.bench.report import Limit, Measurements
from tests.bench.serve import HOST, bench_settings
from tests.support.databases import Databases

TRIES = 200
AT_ONCE, ROUNDS, QUIET = 50, 6, 150
SECRET, WRONG = "stapler orchid velvet", "not the password"
DIARY = f"/diary/day/{DAY}"
FAILURES = ("unknown", "wrong", "expired", "disabled", "locked")


def measure_doors(engine: str, databases: Databases) -> Measurements:
    """Failed log-ins of every kind, and the diary while fifty people log in."""
    url = databases.new("doors")
    bench = asyncio.run(_filled(url))
    with measured("application", bench) as server:
        took = _failures(server, bench)
        quiet, busy = _diary_while_logging_in(server, bench)
    databases.remove("doors")
    medians = [median(times) for times in took.values()]
    return Measurements(
        [
            Limit(
                engine,
                "Failed log-ins, by what was wrong: medians apart, ms",
                max(medians) - min(medians),
                10,
            ),
            Limit(
                engine, "The diary's p99 while 50 log in against its quiet one", _p99(busy) / _p99(quiet), 2
            ),
        ],
        [],
    )


@dataclass(slots=True)
class Stranger:
    """A device that nobody knows, in a network of its own. Only the token of its forms is already there."""

    number: int
    server: Measured
    token: str
    address: str = field(init=False)

    def __post_init__(self) -> None:
        self.address = f"127.1.{self.number // 200}.{1 + self.number % 200}"

    def log_in(self, email: str, password: str) -> tuple[int, float]:
        """The answer's status, and the milliseconds that it took."""
        connection = http.client.HTTPConnection(
            self.server.connection.host, self.server.connection.port, source_address=(self.address, 0)
        )
        body = urlencode({"_csrf_token": self.token, "email": email, "password": password})
        headers = {
            "Host": HOST,
            "Cookie": f"__Host-csrf={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.connect()
        began = time.perf_counter()
        connection.request("POST", "/login", body, headers)
        answer = connection.getresponse()
        answer.read()
        took = (time.perf_counter() - began) * 1000
        connection.close()
        return answer.status, took


async def _filled(url: str) -> Bench:
    """The clinic, whose staff of fifty have passwords, and one each whose log-in fails in its own way."""
    bench = await build(url)
    use(bench_settings(url))
    async with using(url):
        people = [f"user{n}" for n in range(AT_ONCE)]
        for name in [*people, *FAILURES[1:]]:
            email = f"{name}@riverside.example"
            user = await insert_user(
                UserForm(name=name, email=email, enabled_for_online=True, practitioner=True), by=None
            )
            hashed = await hash_secret("password", user, SECRET)
            at = now() - timedelta(days=30)
            await Credential.insert(
                Credential(
                    user=user,
                    kind=CredentialKind.PASSWORD,
                    secret_hash=hashed.secret_hash,
                    pepper=hashed.pepper,
                    temporary=name == "expired",
                    issued_at=at,
                )
            )
            if name == "disabled":
                await User.update({User.enabled_for_online: False}).where(User.id == user)
    return bench


def _failures(server: Measured, bench: Bench) -> Mapping[str, Sequence[float]]:
    """Milliseconds of each try, by what was wrong. One after the other: they are compared, not how long a queue is."""
    token = _token(server)
    took: dict[str, list[float]] = {kind: [] for kind in FAILURES}
    Stranger(0, server, token).log_in("locked@riverside.example", WRONG)
    locked = asyncio.run(_lock(bench.url))

    for number in range(1, TRIES + 1):
        for kind in FAILURES:
            # A disabled user's secret is right. That one has expired is told to whoever has it: it is no failure.
            secret = SECRET if kind == "disabled" else WRONG
            status, ms = Stranger(number, server, token).log_in(f"{kind}@riverside.example", secret)
            assert status == 422, (kind, status)
            took[kind].append(ms)
        asyncio.run(_forget_failures(bench.url, locked))
    return took


async def _lock(url: str) -> str:
    """The one who has just failed is locked for the rest of the day; what is counted of them."""
    async with using(url):
        [found] = await rows("SELECT key FROM login_failures WHERE kind = 'password'")
        await LoginFailures.update({LoginFailures.blocked_until: now() + timedelta(days=1)}).where(
            LoginFailures.key == found["key"]
        )
    return str(found["key"])


async def _forget_failures(url: str, locked: str) -> None:
    """The next round's tries are first ones again."""
    async with using(url), write():
        await LoginFailures.delete().where(LoginFailures.key != locked)


def _diary_while_logging_in(server: Measured, bench: Bench) -> tuple[list[float], list[float]]:
    """Milliseconds that the day took, while nothing else was asked and while fifty people logged in."""
    token, quiet, busy = _token(server), [], []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for number in range(ROUNDS):
            quiet += [_day(server) for _ in range(QUIET)]
            strangers = [Stranger(1000 + AT_ONCE * number + n, server, token) for n in range(AT_ONCE)]
            under_way = [
                pool.submit(stranger.log_in, f"user{n}@riverside.example", SECRET)
                for n, stranger in enumerate(strangers)
            ]
            while not all(each.done() for each in under_way):
                busy.append(_day(server))
            wait(under_way)
            assert {each.result()[0] for each in under_way} <= {303, 429}
    return quiet, busy


def _day(server: Measured) -> float:
    began = time.perf_counter()
    assert server.get(DIARY).status == 200
    return (time.perf_counter() - began) * 1000


def _token(server: Measured) -> str:
    found = re.search("__Host-csrf=([^;]+)", server.cookie)
    assert found
    return found[1]


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[math.ceil(len(times) * 0.99) - 1]
