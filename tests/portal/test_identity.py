"""What the portal says when it is asked who it is, how it is, and whether it is ready."""

from __future__ import annotations

from app import db
from app.db import Engine, execute
from app.portal.check import KEY, PATH
from app.portal.nonce import new_nonce, right_answer
from app.settings import Settings
from tests.support.client import Client
from tests.support.ports import free_port


async def test_a_nonce_of_ours_is_answered_to_anybody(
    settings: Settings, clinic: None, client: Client
) -> None:
    """The portal is offline, nobody is logged in, and the Host is one that isn't let in."""
    key = settings.key(KEY)
    nonce = new_nonce(key)
    answer = await client.get(PATH + nonce, headers={"host": "unknown.example"})
    assert (answer.status_code, answer.text) == (200, right_answer(key, nonce))
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"


async def test_it_is_answered_before_set_up_too(settings: Settings, client: Client) -> None:
    assert (await client.get(PATH + new_nonce(settings.key(KEY)))).status_code == 200


async def test_any_other_nonce_is_not_found(clinic: None, client: Client) -> None:
    for nonce in ("x", new_nonce(b"x" * 32), "1.2.3", "%00", "%F0%9F%92%A9"):
        answer = await client.get(PATH + nonce)
        assert answer.status_code == 404
        assert nonce not in answer.text or len(nonce) < 10


async def test_any_other_page_needs_a_host_of_ours(clinic: None, client: Client) -> None:
    assert (await client.get("/login", headers={"host": "unknown.example"})).status_code == 400


async def test_health_and_readiness_are_told_to_anybody(clinic: None, client: Client) -> None:
    for path in ("/health", "/ready"):
        assert (await client.get(path, headers={"host": "10.0.0.8"})).status_code == 200


async def test_it_is_not_ready_while_migrations_wait(client: Client) -> None:
    await execute("DELETE FROM migration WHERE id = (SELECT max(id) FROM migration) RETURNING id")
    answer = await client.get("/ready")
    assert answer.status_code == 503
    assert "python -m app migrate" in answer.text
    assert (await client.get("/health")).status_code == 200


async def test_it_is_alive_but_not_ready_without_its_database(client: Client, database: Engine) -> None:
    db.bind(db.connect(f"postgresql://nobody@127.0.0.1:{free_port()}/gone"))
    try:
        answer = await client.get("/ready")
        assert (answer.status_code, answer.text) == (503, "The database doesn't answer.\n")
        assert (await client.get("/health")).status_code == 200
    finally:
        db.bind(database)
