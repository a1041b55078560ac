"""What both engines have in common: one place where every statement passes, and transactions that nest."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncGenerator, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from piccolo.apps.migrations.tables import Migration
from piccolo.engine.base import Engine as PiccoloEngine
from piccolo.query import Select
from piccolo.querystring import QueryString

from app.db.columns import refuse_naive
from app.db.faults import Fault
from app.db.transaction import Transaction


class Engine(PiccoloEngine[Any]):
    """The half of an engine that is the same for SQLite and PostgreSQL; the other half is Piccolo's."""

    BEGIN: ClassVar[str]

    @abstractmethod
    async def lend(self) -> Any:
        """A connection that nobody else uses until it is given back."""

    @abstractmethod
    def undo(self, connection: Any) -> None:
        """See to it that an open transaction on this connection is undone before anybody else is lent it."""

    @abstractmethod
    async def give_back(self, connection: Any) -> None:
        """Take a lent connection back, even from a cancelled task. Never raises for the connection's own troubles."""

    @abstractmethod
    async def announce(self, connection: Any) -> None:
        """Tell the other processes that this connection is about to commit a change."""

    @abstractmethod
    async def take_turns(self, number: int, about: int) -> None:
        """In a transaction: wait until no other one that has called this with the same numbers is open."""

    @abstractmethod
    async def start_connection_pool(self) -> None:
        """Open the connections."""

    @abstractmethod
    async def close_connection_pool(self) -> None:
        """Wait for what is running, then close the connections."""

    @abstractmethod
    def states(self) -> AsyncGenerator[object, None]:
        """Look at the database again and again, with pauses; yields something that every commit makes different."""

    @abstractmethod
    def seconds_between(self, start: str, end: str) -> str:
        """The expression for how long it is from one column's time to another's."""

    @abstractmethod
    def joined(self, expression: str) -> str:
        """The expression for all of a query's values of that one in a text, with spaces between them."""

    @abstractmethod
    def passing_over_held(self, query: Select[Any]) -> Select[Any]:
        """The query, in a transaction that holds the rows it finds; what another one holds it doesn't find."""

    @abstractmethod
    async def fetch(self, connection: Any, sql: str, args: Sequence[Any]) -> Any:
        """Run a statement in the transaction of a lent connection."""

    @abstractmethod
    async def fetch_alone(self, sql: str, args: Sequence[Any]) -> Any:
        """Run a statement outside any transaction."""

    async def fetch_at_once(self, sql: str, args: Sequence[Any]) -> Any:
        """The same for a look at a few rows, as quickly as it can be had."""
        return await self.fetch_alone(sql, args)

    @abstractmethod
    def fault(self, error: Exception) -> Fault | None:
        """The driver's error in our words; None when it isn't about a rule of ours."""

    def transaction(self, *_: Any, **__: Any) -> Any:
        """A transaction, or inside one a savepoint of it: a Transaction or Savepoint, to be used by ``async with``."""
        outer = self.open_transaction()
        return outer.savepoint() if outer else Transaction(self)

    def open_transaction(self) -> Transaction | None:
        """The transaction that statements join."""
        transaction: Transaction | None = self.current_transaction.get()
        # A task that was started inside a transaction inherits it, and may live on after its end.
        return transaction if transaction and not transaction.over else None

    def transaction_exists(self) -> bool:
        """Whether a statement would join a transaction."""
        return self.open_transaction() is not None

    async def run(self, sql: str, args: Sequence[Any] = (), *, glance: bool = False) -> Any:
        """Run a statement, in the open transaction if there is one. Raises Fault when a rule of ours forbids it."""
        transaction = self.open_transaction()
        try:
            if transaction:
                return await self.fetch(transaction.connection, sql, args)
            return await (self.fetch_at_once if glance else self.fetch_alone)(sql, args)
        except Exception as error:
            if fault := self.fault(error):
                raise fault from error
            raise

    async def run_querystring(self, querystring: QueryString, *_: Any, **__: Any) -> Any:
        """Piccolo's queries come this way. Raises ValueError for a naive datetime."""
        sql, args = querystring.compile_string(engine_type=self.engine_type)
        if querystring.table is not Migration:  # Piccolo's own list of migrations keeps naive times
            for arg in args:
                refuse_naive(arg)
        return await self.run(sql, args)

    async def run_own(self, sql: str, args: Sequence[Any], *, glance: bool = False) -> Any:
        """Our own statements come this way; ``{}`` stands for each argument in turn. Raises ValueError likewise."""
        for arg in args:
            refuse_naive(arg)
        return await self.run(_in_its_words(sql, len(args), self.engine_type), args, glance=glance)

    async def run_ddl(self, ddl: str, *_: Any, **__: Any) -> Any:
        """Piccolo's changes of tables come this way."""
        return await self.run(ddl)


@lru_cache(maxsize=512)
def _in_its_words(sql: str, args: int, engine_type: str) -> str:
    """The statement with that engine's own placeholders; written once, because it takes as long as a small read."""
    return QueryString(sql, *range(args)).compile_string(engine_type=engine_type)[0]
