"""The real application in a process of its own, on a free port of loopback."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx

from tests.support.ports import free_port

ROOT = Path(__file__).parent.parent.parent
SERVING = ("serve", "demo")
# What a process needs from its surroundings; settings of ours never come from the developer's shell.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Server:
    """A running one. ``log`` is what it has printed so far; ``at`` is when its clock stands still."""

    url: str
    process: subprocess.Popen[bytes]
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
    env = {name: os.environ[name] for name in INHERITED if name in os.environ}
    env |= {"PORT": str(port), "VAR_DIR": str(folder / "var"), "PYTHONUNBUFFERED": "1", **environment}
    with log_file.open("wb") as log:
        program = ["app"] if at is None else ["tests.support.stopped", at.isoformat()]
        process = subprocess.Popen(
            [sys.executable, "-m", *program, command], cwd=ROOT, env=env, stdout=log, stderr=log
        )
    server = Server(f"http://localhost:{port}", process, log_file, at)
    try:
        if command in SERVING:
            _wait_until_ready(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if httpx.get(f"{server.url}/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass  # not listening yet
        time.sleep(0.1)
    raise RuntimeError(f"the server did not get ready:\n{server.log}")
