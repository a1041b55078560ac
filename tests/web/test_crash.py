"""A fault of ours: a calm page, and a log that says where it was but not what was typed."""

from __future__ import annotations

import pytest

from app.db import execute
from tests.support.client import Client
from tests.support.people import Person, a_clinic, an_administrator, logged_in


@pytest.fixture
async def sam(database: object) -> Person:
    await a_clinic()
    return await an_administrator()


@pytest.fixture
async def admin(sam: Person, client: Client) -> Client:
    return await logged_in(client, sam)


async def test_a_fault_is_a_page_and_a_line_in_the_log(
    admin: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """Here a table lacks a column, which no verb expects."""
    await execute("ALTER TABLE staff_user RENAME COLUMN search TO lost")
    answer = await admin.page("/admin/users", params={"q": "Confidential"})
    assert answer.status >= 500
    assert "Try again" in answer.text
    assert "Confidential" not in answer.response.text
    said = capsys.readouterr()
    assert "request.crashed" in said.out + said.err
    assert "Confidential" not in said.out + said.err
