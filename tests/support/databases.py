"""A database for each test: a copy of one that was migrated once for the whole run."""

from __future__ import annotations

import asyncio
import os
import shutil
from abc import ABC, abstractmethod
from pathlib import Path

from app.db import connect
from app.db.migrate import migrate
from tests.support.postgres import PostgresServer


class Databases(ABC):
    """Makes databases on one engine. The first call migrates the one that all others are copies of."""

    _migrated = False

    def new(self, name: str) -> str:
        """The address of a new, migrated and empty database."""
        if not self._migrated:
            asyncio.run(_migrate(self.empty("template")))
            self._migrated = True
        return self.copy("template", name)

    @abstractmethod
    def empty(self, name: str) -> str:
        """The address of a new database without tables."""

    @abstractmethod
    def remove(self, name: str) -> None:
        """Drop the database, whoever still uses it."""

    @abstractmethod
    def copy(self, original: str, name: str) -> str:
        """The address of a new database that begins as the original, which nobody may be connected to."""


class SQLiteDatabases(Databases):
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self, name: str) -> str:
        return f"sqlite:///{self._path(name)}"

    def remove(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self._path(name)}{suffix}").unlink(missing_ok=True)

    def copy(self, original: str, name: str) -> str:
        # Nobody has the original open, so its write-ahead log is folded into the file.
        shutil.copyfile(self._path(original), self._path(name))
        return f"sqlite:///{self._path(name)}"

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.sqlite3"


class PostgresDatabases(Databases):
    """Databases of one server, which other runs may be using too."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server

    def empty(self, name: str) -> str:
        self._server.create(self._full(name))
        return self._server.url(self._full(name))

    def remove(self, name: str) -> None:
        self._server.drop(self._full(name))

    def copy(self, original: str, name: str) -> str:
        self._server.create(self._full(name), self._full(original))
        return self._server.url(self._full(name))

    def _full(self, name: str) -> str:
        return f"daybook_test_{os.getpid()}_{name}"


async def _migrate(url: str) -> None:
    await migrate(connect(url))
