"""The CPU that a server process spends on a request, as the kernel counts it for all of the process's threads."""

from __future__ import annotations

import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from urllib.parse import urlsplit

from app.accounts.middleware import SESSION_COOKIE
from tests.bench.clinic import Bench
from tests.bench.serve import HOST
from tests.support.ports import free_port
from tests.support.server import ROOT

WARM_UP, REQUESTS, ROUNDS = 40, 20, 15
AGAIN = 10  # requests begin each round and aren't counted: the others' turns have emptied the caches


@dataclass(frozen=True, slots=True)
class Measured:
    """A server process that answers requests."""

    process: subprocess.Popen[bytes]
    connection: http.client.HTTPConnection
    cookie: str

    def get(self, path: str, headers: Mapping[str, str] = {}) -> http.client.HTTPResponse:
        """Ask it once; the body is read."""
        self.connection.request("GET", path, headers={"Host": HOST, "Cookie": self.cookie, **headers})
        answer = self.connection.getresponse()
        answer.read()
        return answer

    def cpu(self) -> float:
        """Milliseconds of CPU that it has had so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


@dataclass(slots=True)
class Series:
    """One kind of request to one server, and what each round of it cost."""

    name: str
    server: Measured
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    rounds: list[float] = field(default_factory=list)

    def run(self, requests: int) -> float:
        """Milliseconds of CPU for each of so many requests."""
        before = self.server.cpu()
        for _ in range(requests):
            answer = self.server.get(self.path, self.headers)
            assert answer.status == self.status, (self.name, answer.status)
        return (self.server.cpu() - before) / requests

    @property
    def cost(self) -> float:
        """Milliseconds of CPU a request in the cheapest round: what else the machine does only ever adds to it."""
        return min(self.rounds)

    def times(self, other: Series) -> float:
        """How many times the other's cost, each round against the round beside it."""
        return median(mine / its for mine, its in zip(self.rounds, other.rounds, strict=True))


def measure(*series: Series) -> None:
    """Run all of them in turns, so that whatever else the machine does meets them alike."""
    for one in series:
        one.run(WARM_UP)
    for _ in range(ROUNDS):
        for one in series:
            one.run(AGAIN)
            one.rounds.append(one.run(REQUESTS))


@contextmanager
def measured(what: str, bench: Bench) -> Iterator[Measured]:
    """The ``application`` or the ``floor``, serving that database."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.serve", what, bench.url, str(port), bench.token]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        connection = http.client.HTTPConnection(urlsplit(f"http://127.0.0.1:{port}").netloc)
        server = Measured(process, connection, f"__Host-{SESSION_COOKIE}={bench.token}")
        _wait_for(server)
        yield _with_all_cookies(server)
    finally:
        process.terminate()
        process.wait(20)


def _with_all_cookies(server: Measured) -> Measured:
    """As a browser asks that has been here before: the first page leaves it the cookie of its forms."""
    cookies = server.get("/").headers.get_all("set-cookie", [])
    return replace(server, cookie="; ".join([server.cookie, *(cookie.split(";")[0] for cookie in cookies)]))


def _wait_for(server: Measured) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.process.poll() is None:
        try:
            server.get("/health")
        except OSError:
            server.connection.close()
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server to be measured did not start")
