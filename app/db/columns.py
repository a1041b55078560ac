"""Columns of ours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NoReturn, Unpack

from piccolo.columns import Timestamptz
from piccolo.columns.base import ColumnKwargs
from piccolo.table import Table


class Moment(Timestamptz):
    """A point in time, stored in UTC and read back with its zone. Without ``null`` each new row must be given one.

    The database never sets or moves it: on SQLite ``DEFAULT current_timestamp`` and ``column + timedelta`` lose
    the offset, and the text then compares wrong. Naive values are refused here and, for queries, by the engine.
    """

    def __init__(self, default: None = None, **kwargs: Unpack[ColumnKwargs]) -> None:
        super().__init__(default=default, **kwargs)

    @property
    def column_type(self) -> str:
        """The database's name for it; Piccolo would make one from the class's name."""
        return "TIMESTAMPTZ"

    def __set__(self, row: Table, value: datetime | None) -> None:
        refuse_naive(value)
        super().__set__(row, value)

    def __add__(self, value: timedelta) -> NoReturn:
        raise TypeError("add to a moment in Python, not in the database")

    __radd__ = __sub__ = __add__


def refuse_naive(value: Any) -> None:
    """Raise ValueError when ``value`` is a datetime without a zone."""
    if isinstance(value, datetime) and value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone")
