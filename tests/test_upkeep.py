"""Backups: a copy while Daybook runs, and what restoring one must end."""

from __future__ import annotations

import sqlite3
import stat
from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from app.clock import now
from app.commands import COMMANDS
from app.db import Engine, rows, write
from app.messages.outbox import post
from app.settings import Settings
from tests.support.client import Client
from tests.support.people import a_clinic, a_practitioner, give_password, give_pin, logged_in


async def run(
    settings: Settings, capsys: pytest.CaptureFixture[str], command: str, **arguments: object
) -> tuple[int, str]:
    """A command's exit status, and what it said."""
    status = await COMMANDS[command](settings, Namespace(**arguments))
    return status, capsys.readouterr().out


async def test_a_backup_is_a_whole_database_that_its_owner_alone_may_read(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    await a_clinic()
    await a_practitioner()
    copy = tmp_path / "copy.sqlite3"
    status, said = await run(settings, capsys, "backup", path=copy)
    if database.engine_type == "postgres":
        assert (status, "pg_dump --format=custom" in said, copy.exists()) == (1, True, False)
        return
    assert (status, "The keys are not in it" in said) == (0, True)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as restored:
        assert restored.execute("SELECT name FROM staff_user").fetchall() == [("Anna Marsh",)]
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy.sqlite3"]
    assert await run(settings, capsys, "backup", path=copy) == (
        1,
        f"The copy failed: there is a file {copy} already. Choose another name.\n",
    )
    status, said = await run(settings, capsys, "backup", path=tmp_path / "nowhere" / "copy")
    assert (status, "The copy failed: " in said) == (1, True)


async def test_restoring_one_ends_messages_sessions_codes_and_links(
    settings: Settings, client: Client, new_client: Callable[..., Client], capsys: pytest.CaptureFixture[str]
) -> None:
    await a_clinic()
    anna = await a_practitioner(mobile="+447911123456")
    await give_password(anna)
    await give_pin(anna)
    await logged_in(client, anna)
    async with write():
        await post("mobile_login", "text", anna.mobile, anna.id, {"pin": "204957"})
    await (await new_client().page("/login/forgotten")).submit(email=anna.email)

    status, said = await run(settings, capsys, "restored")

    ended = "Ended: messages that had not left: 2; sessions: 1; all links and codes."
    assert (status, said.splitlines()[-1]) == (0, ended)
    assert await rows("SELECT DISTINCT state, payload FROM message") == [
        {"state": "expired", "payload": None}
    ]
    assert await rows("SELECT end_reason FROM login_session") == [{"end_reason": "restored"}]
    assert await rows("SELECT id FROM forgotten_link WHERE expires_at > {}", now()) == []
    assert await rows("SELECT actor FROM audit_entry WHERE action = 'database.restored'") == [{"actor": None}]
