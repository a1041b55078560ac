"""What the database refuses, said the same way whichever engine said it.

A fault inside a transaction leaves PostgreSQL unable to go on with it. A verb that means to carry on after catching
one makes the attempt in a nested ``write()``, which then undoes that attempt alone.
"""

from __future__ import annotations

import sqlite3

import asyncpg

# What reading or writing raises while the database itself can't be reached or used.
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    sqlite3.OperationalError,
)


class Fault(Exception):
    """The database refused a statement because of a rule of ours."""


class UniqueViolation(Fault):
    """There is such a row already. ``constraint`` is ``<table>_<columns>_key``, PostgreSQL's own way to name one."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint


class RuleBroken(Fault):
    """A trigger of ours refused. ``rule`` is what its message says after ``daybook:``."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class SlotTaken(RuleBroken):
    """The time is taken by another appointment; ``whose`` says of what: ``practitioner`` or ``room``."""

    @property
    def whose(self) -> str:
        return self.rule.partition(":")[2]


PREFIX = "daybook:"


def broken_rule(message: str) -> RuleBroken | None:
    """The fault that a trigger's message names; None when it isn't one of ours."""
    if not message.startswith(PREFIX):
        return None
    rule = message.removeprefix(PREFIX)
    return SlotTaken(rule) if rule.startswith("slot-taken:") else RuleBroken(rule)
