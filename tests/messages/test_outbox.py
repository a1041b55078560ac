"""Posting, what is left of a message at rest, and how its delivery is told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import db
from app.errors import NotFound
from app.messages.outbox import delivery_of, post
from app.messages.tables import Message, MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted
from tests.support.clock import FrozenClock


async def test_a_posted_message_is_queued_for_a_week_unless_told_otherwise(
    outbox: Outbox, frozen: FrozenClock
) -> None:
    usual = await outbox.row(await outbox.mail())
    short = await outbox.row(await outbox.mail(expires_at=frozen.now + timedelta(minutes=30)))

    assert (usual["state"], usual["attempts"], usual["next_attempt_at"]) == ("queued", 0, frozen.now)
    assert usual["expires_at"] == frozen.now + timedelta(days=7)
    assert short["expires_at"] == frozen.now + timedelta(minutes=30)
    assert (usual["user_id"], usual["recipient"]) == (7, "clara.lund@riverside.example")


@pytest.mark.parametrize(
    ("purpose", "channel", "context"),
    [
        ("online_login", "email", {"name": "Clara Lund"}),
        ("online_login", "text", {"name": "Clara Lund", "password": "quilt"}),
        ("birthday", "email", {"name": "Clara Lund"}),
    ],
)
async def test_a_message_that_could_not_be_composed_is_not_posted(
    outbox: Outbox, purpose: str, channel: str, context: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match=purpose):
        await post(purpose, channel, "clara.lund@riverside.example", 7, context)

    assert not await Message.exists()


async def test_the_database_never_holds_a_readable_secret(
    outbox: Outbox, database: db.Engine, settings: Settings
) -> None:
    text, mail = await outbox.text(), await outbox.mail()
    waiting = await at_rest(database)
    await attempted(outbox, text, MessageState.ACCEPTED, settings)
    await attempted(outbox, mail, MessageState.ACCEPTED, settings)
    sent = await at_rest(database)

    for bytes_on_disk in (waiting, sent):
        assert b"clara.lund@riverside.example" in bytes_on_disk
        assert b"482913" not in bytes_on_disk
        assert b"hazel-otter-72" not in bytes_on_disk


async def at_rest(database: db.Engine) -> bytes:
    """All that the engine has written to its files for messages, its log included."""
    if isinstance(database, db.PooledSQLiteEngine):
        files = [Path(database.path), Path(f"{database.path}-wal")]
        return b"".join([await asyncio.to_thread(file.read_bytes) for file in files])
    await db.rows("CHECKPOINT")
    [heap] = await db.rows("SELECT pg_read_binary_file(pg_relation_filepath('message')) AS bytes")
    [log] = await db.rows(
        "SELECT pg_read_binary_file('pg_wal/' || pg_walfile_name(pg_current_wal_lsn())) AS bytes"
    )
    return bytes(heap["bytes"] + log["bytes"])


async def stored(outbox: Outbox, channel: str, **values: Any) -> int:
    """A message in whatever state."""
    message = await (outbox.mail() if channel == "email" else outbox.text())
    async with db.write():
        await Message.update({getattr(Message, name): value for name, value in values.items()}).where(
            Message.id == message
        )
    return message


@pytest.mark.parametrize(
    ("channel", "state", "label", "kind", "final", "ok", "failed"),
    [
        ("email", "queued", "queued", "info", False, False, False),
        ("email", "sending", "sending", "info", False, False, False),
        ("email", "accepted", "sent", "good", True, True, False),
        ("text", "accepted", "sent", "good", False, True, False),
        ("text", "delivered", "delivered", "good", True, True, False),
        ("text", "undeliverable", "not delivered", "bad", True, False, True),
        ("email", "held", "held", "warning", False, False, False),
        ("email", "failed", "failed", "bad", True, False, True),
        ("email", "expired", "expired", "bad", True, False, True),
        ("email", "superseded", "replaced", "neutral", True, False, False),
    ],
)
async def test_each_state_is_told_in_a_word_and_a_sentence(
    outbox: Outbox, channel: str, state: str, label: str, kind: str, final: bool, ok: bool, failed: bool
) -> None:
    delivery = await delivery_of(await stored(outbox, channel, state=state))

    assert (delivery.label, delivery.kind) == (label, kind)
    assert (delivery.is_final, delivery.is_ok, delivery.has_failed) == (final, ok, failed)
    assert delivery.words.endswith(".")


async def test_the_steps_of_a_delivery_have_their_times(outbox: Outbox, frozen: FrozenClock) -> None:
    posted = frozen.now
    frozen.tick(seconds=4)
    message = await stored(
        outbox,
        "text",
        state="undeliverable",
        error_code="receipt-1190",
        created_at=posted,
        accepted_at=frozen.now,
    )
    frozen.tick(seconds=30)
    async with db.write():
        await Message.update({Message.finished_at: frozen.now}).where(Message.id == message)

    delivery = await delivery_of(message)

    assert [(step.text, step.at, step.kind) for step in delivery.steps] == [
        ("queued", posted, "good"),
        ("sent", posted + timedelta(seconds=4), "good"),
        ("not delivered: the number is no longer in use", posted + timedelta(seconds=34), "bad"),
    ]


@pytest.mark.parametrize(
    ("channel", "code", "words"),
    [
        ("email", "recipient-550", "the mail server refused this address"),
        ("email", "recipient-451", "the mail server doesn't take mail for this address at the moment"),
        ("email", "connect-lost", "the mail server can't be reached"),
        ("email", "connect-554", "the mail server won't speak to us"),
        ("text", "http-422", "Vonage refused this number or sender"),
        ("text", "http-402", "the Vonage account has no credit"),
        ("text", "connect", "Vonage can't be reached"),
        ("text", "KeyError", "something went wrong here (KeyError)"),
    ],
)
async def test_each_code_is_told_in_words(outbox: Outbox, channel: str, code: str, words: str) -> None:
    failed = await stored(outbox, channel, state="failed", error_class="permanent", error_code=code)

    assert (await delivery_of(failed)).words == f"Not sent: {words}."


async def test_a_message_that_never_was_has_no_delivery(outbox: Outbox) -> None:
    with pytest.raises(NotFound):
        await delivery_of(404)
