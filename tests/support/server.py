"""The real application in a process of its own, on a free port of loopback."""

from __future__ import annotations

import multiprocessing
import os
import runpy
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent.parent
SERVING = ("serve", "demo")
# Some seventy processes start during a run: they begin as copies of one, which knows nothing of the tests.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.support.preloaded"])


@dataclass(frozen=True, slots=True)
class Server:
    """A running one. ``log`` is what it has printed so far; ``at`` is when its clock stands still."""

    url: str
    process: ForkServerProcess
    log_file: Path
    at: datetime | None = None

    @property
    def log(self) -> str:
        return self.log_file.read_text()


@contextmanager
def serving(
    folder: Path, environment: Mapping[str, str], command: str = "serve", *, at: datetime | None = None
) -> Iterator[Server]:
    """Run a command of the application until the block ends; one that serves is ready when the block begins.

    With ``at`` its clock stands still there.
    """
    port = free_port()
    log_file = folder / f"{command}.log"
    env = inherited() | {
        "PORT": str(port),
        "VAR_DIR": str(folder / "var"),
        "PYTHONUNBUFFERED": "1",
        **environment,
    }
    program = ["app"] if at is None else ["tests.support.stopped", at.isoformat()]
    process = begin([*program, command], env, log_file)
    server = Server(f"http://localhost:{port}", process, log_file, at)
    try:
        if command in SERVING:
            _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        if ended(process, 20) is None:
            process.kill()
            process.join()
            raise TimeoutError(f"it did not stop:\n{server.log}")


def inherited() -> dict[str, str]:
    """What a process needs from its surroundings; settings of ours never come from the developer's shell."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}


def begin(
    arguments: list[str], environment: Mapping[str, str], output: Path, errors: Path | None = None
) -> ForkServerProcess:
    """Start what ``python -m`` would, printing to a new file; errors go there, too, unless they have their own."""
    output.unlink(missing_ok=True)
    process = _FORKS.Process(target=_run, args=(arguments, dict(environment), output, errors or output))
    process.start()
    return process


def ended(process: ForkServerProcess, seconds: float) -> int | None:
    """The status a process ended with, waiting that long for it; None while it runs."""
    process.join(seconds)
    return process.exitcode


def _run(arguments: list[str], environment: dict[str, str], output: Path, errors: Path) -> None:
    """In the new process: what ``python -m`` does."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(environment)
    for stream, path in ((sys.stdout, output), (sys.stderr, errors)):
        with path.open("ab") as file:
            os.dup2(file.fileno(), stream.fileno())
    sys.argv = arguments
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.process.is_alive():
        if _says_that_it_is_ready(server.url):
            return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not get ready:\n{server.log}")


def _says_that_it_is_ready(url: str) -> bool:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=5)  # httpx would first read all certificates
    try:
        connection.request("GET", "/ready")
        return connection.getresponse().status == 200
    except OSError:
        return False  # not listening yet
    finally:
        connection.close()
