"""The application's commands, each in a process of its own, and what they said."""

from __future__ import annotations

import asyncio
import itertools
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Self

from tests.support.server import ROOT, begin, ended, inherited

NUMBERS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command said, and its exit status."""

    status: int
    said: str
    complained: str


async def interpreted(*command: str, **environment: str) -> Finished:
    """A command as a person types it, from the interpreter's start on; settings are only what is given."""
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *command,
        cwd=ROOT,
        env=inherited() | environment,
        stdout=pipe,
        stderr=pipe,
    )
    try:
        async with asyncio.timeout(60):
            said, complained = await process.communicate()
    except TimeoutError:
        process.kill()
        raise
    return Finished(process.returncode or 0, said.decode(), complained.decode())


@dataclass(frozen=True, slots=True)
class Running:
    """A command in a process that needn't read the libraries first."""

    process: ForkServerProcess
    said: Path
    complained: Path

    @classmethod
    def begun(cls, folder: Path, *command: str, **environment: str) -> Self:
        name = f"{command[0]}-{next(NUMBERS)}"
        said, complained = folder / f"{name}.out", folder / f"{name}.err"
        return cls(begin(["app", *command], inherited() | environment, said, complained), said, complained)

    async def finished(self, seconds: float = 60) -> Finished:
        """Waits for its end. Raises TimeoutError."""
        status = await asyncio.to_thread(ended, self.process, seconds)
        if status is None:
            raise TimeoutError
        return Finished(status, self.said.read_text(), self.complained.read_text())
