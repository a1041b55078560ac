"""Counts what is asked of the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from app.db.engine import Engine


@contextmanager
def counted_statements(engine: Engine) -> Iterator[list[str]]:
    """The statements that are run meanwhile, each as it runs."""
    seen: list[str] = []
    run = engine.run

    async def noted(sql: str, args: Sequence[Any] = (), **how: Any) -> Any:
        seen.append(sql)
        return await run(sql, args, **how)

    with patch.object(engine, "run", noted):
        yield seen
