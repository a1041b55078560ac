"""Other processes that use the same database."""

from __future__ import annotations

import asyncio
import sys
import textwrap

HEADER = """
import asyncio, sys
from app.clinic.tables import Location
from app.db import bind, close_pool, connect, database, execute, open_pool, rows, write
from app.db.migrate import migrate

async def main():
    engine = connect(sys.argv[1])
    bind(engine)
"""
FOOTER = """
asyncio.run(main())
"""
SECONDS = 60


async def run_elsewhere(url: str, body: str) -> str:
    """Run the body of an async function in a process of its own, ``engine`` bound; what it printed.

    Raises AssertionError when it failed, and TimeoutError when it didn't end.
    """
    code = HEADER + textwrap.indent(textwrap.dedent(body), "    ") + FOOTER
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        code,
        url,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        said, errors = await asyncio.wait_for(process.communicate(), SECONDS)
    except TimeoutError:
        process.kill()
        raise
    assert process.returncode == 0, errors.decode()
    return said.decode()
