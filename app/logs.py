"""Logging: one JSON object a line in production, readable lines in development.

What is logged is chosen: an event's name, ids, codes and times. Never a body, a query, a path's values or the text of
an exception: they may hold what somebody typed. Libraries log at WARNING, since some print secrets below it.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping
from typing import Any

import structlog

_encode = json.JSONEncoder(default=repr).encode  # one for all lines: to make it takes as long as to use it


def _as_json(event: Mapping[str, Any], **_options: Any) -> str:
    return _encode(event)


def configure(*, readable: bool) -> None:
    """Set up logging for this process."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(_as_json)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,  # else each line makes a logger anew, which takes longer than the line
    )
