"""What a platform asks."""

from __future__ import annotations

from app.db import execute
from tests.support.client import Client


async def test_a_process_that_answers_is_alive(client: Client, database: object) -> None:
    answer = await client.get("/health")
    assert (answer.status_code, answer.text) == (200, "alive\n")


async def test_it_is_ready_with_its_database_up_to_date(client: Client, database: object) -> None:
    answer = await client.get("/ready")
    assert (answer.status_code, answer.text) == (200, "ready\n")


async def test_it_is_not_ready_while_migrations_are_missing_and_still_alive(
    client: Client, database: object
) -> None:
    await execute("DELETE FROM migration")
    answer = await client.get("/ready")
    assert (answer.status_code, "python -m app migrate" in answer.text) == (503, True)
    assert (await client.get("/health")).status_code == 200
