"""Ids in addresses."""

from __future__ import annotations

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler

LARGEST_ID = 2**31 - 1


async def require_possible_ids(
    connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
) -> None:
    """Raise NotFoundException for a number that no id can be: the database would fail on it."""
    numbers = (value for value in connection.path_params.values() if isinstance(value, int))
    if any(number > LARGEST_ID for number in numbers):
        raise NotFoundException
