"""Transactions that always end: committed or undone, with their connection given back, whatever happens."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from piccolo.engine.base import BaseTransaction

if TYPE_CHECKING:
    from app.db.engine import Engine


class TransactionLost(Exception):
    """An inner part failed and could not be undone by itself, so the whole is undone."""


class Transaction(BaseTransaction):
    """A transaction on a connection of its own."""

    connection: Any

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._savepoints = 0
        self.over = False
        self.damaged = False

    async def __aenter__(self) -> Self:
        self.connection = await self._engine.lend()
        try:
            await self.connection.execute(self._engine.BEGIN)
        except BaseException:
            await self._leave(committed=False)
            raise
        self._engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        committed = False
        try:
            if error is None:
                await self._commit()
                committed = True
        finally:
            self._engine.current_transaction.set(None)
            await self._leave(committed=committed)
        return False

    async def _commit(self) -> None:
        if self.damaged:
            raise TransactionLost
        await self._engine.announce(self.connection)
        await self.connection.execute("COMMIT")

    async def _leave(self, *, committed: bool) -> None:
        self.over = True
        if not committed:
            self._engine.undo(self.connection)
        await self._engine.give_back(self.connection)

    def savepoint(self) -> Savepoint:
        """A part of this transaction that can be undone alone."""
        self._savepoints += 1
        return Savepoint(self, f"part_{self._savepoints}")


class Savepoint(BaseTransaction):
    """A part of a transaction: an error that leaves it and is caught outside undoes this part only."""

    def __init__(self, outer: Transaction, name: str) -> None:
        self._outer = outer
        self._name = name

    async def __aenter__(self) -> Self:
        await self._outer.connection.execute(f"SAVEPOINT {self._name}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        damaged_before, self._outer.damaged = self._outer.damaged, True
        if error is not None:
            await self._outer.connection.execute(f"ROLLBACK TO SAVEPOINT {self._name}")
        await self._outer.connection.execute(f"RELEASE SAVEPOINT {self._name}")
        # Only reached when both worked. Undoing this part has also undone what was damaged inside it.
        self._outer.damaged = damaged_before and error is None
        return False
