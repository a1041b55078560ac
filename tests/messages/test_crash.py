"""Workers that race, die, and lose their database: every message leaves, and with the secret it was posted with."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import structlog

from app import clock, db
from app.messages.dispatch import LEASE, claim
from app.messages.tables import Channel, MessageState
from app.settings import ROOT, Settings
from tests.messages.outbox import Outbox, attempted, becomes, until, working
from tests.support import smtp
from tests.support.server import INHERITED
from tests.support.settings import environment_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


@contextmanager
def worker_process(
    settings: Settings, smtp_server: SmtpServer, vonage: Vonage, folder: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m app worker`` on the test's database and servers, with the test's keys."""
    key_id, key = settings.message_keys.current
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    environment |= environment_for(settings.database_url, smtp_server, vonage)
    environment |= {"MESSAGE_KEYS": f"{key_id}:{urlsafe_b64encode(key).decode()}", "VAR_DIR": str(folder)}
    log = (folder / "worker.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "worker"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        log.close()
        print((folder / "worker.log").read_text())


async def test_workers_that_race_send_each_message_once(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    messages = [await outbox.mail(f"user{n}@riverside.example") for n in range(30)]

    async with working(settings), working(settings), working(settings) as changes:
        for message in messages:
            await becomes(outbox, message, MessageState.ACCEPTED, changes)

    assert Counter(mail.recipients[0] for mail in smtp_server.mails) == {
        f"user{n}@riverside.example": 1 for n in range(30)
    }
    assert {(await outbox.row(message))["attempts"] for message in messages} == {1}


async def test_what_another_worker_is_claiming_is_passed_over_and_not_waited_for(outbox: Outbox) -> None:
    first, second = await outbox.mail(), await outbox.mail()
    if isinstance(db.database(), db.PooledSQLiteEngine):
        pytest.skip("on SQLite writers take turns")
    begun, over = asyncio.Event(), asyncio.Event()

    async def slow_worker() -> None:
        async with db.write():
            assert [taken.id for taken in await claim(Channel.EMAIL, 1)] == [first]
            begun.set()
            await over.wait()

    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        tasks.create_task(slow_worker())
        await begun.wait()
        assert [taken.id for taken in await claim(Channel.EMAIL, 4)] == [second]
        over.set()


async def test_what_a_killed_worker_was_sending_is_sent_again_with_the_same_secret(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, vonage: Vonage, tmp_path: Path
) -> None:
    recipients = [f"user{n}@riverside.example" for n in range(6)]
    messages = [await outbox.mail(recipient) for recipient in recipients]
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)
    with worker_process(settings, smtp_server, vonage, tmp_path) as process:
        await smtp_server.received(6, timeout=30)
        process.kill()
        await asyncio.to_thread(process.wait)
    interrupted = [m for m in messages if await outbox.state(m) == MessageState.SENDING]
    assert interrupted

    with clock.freeze(clock.now() + LEASE):
        async with working(settings) as changes:
            for message in messages:
                await becomes(outbox, message, MessageState.ACCEPTED, changes)

    received = smtp_server.mails
    assert {mail.recipients[0] for mail in received} == set(recipients)
    assert len(received) == len(recipients) + len(interrupted)
    assert len({(mail.message["Message-ID"], mail.text) for mail in received}) == len(recipients)


async def test_a_lease_that_still_runs_is_respected(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    abandoned = await outbox.mail("abandoned@riverside.example")
    async with db.write():
        await db.execute(
            "UPDATE message SET state = 'sending', lease = 'x', leased_until = {} WHERE id = {}",
            clock.now() + LEASE,
            abandoned,
        )

    async with working(settings) as changes:
        await becomes(outbox, await outbox.mail(), MessageState.ACCEPTED, changes)

    assert await outbox.state(abandoned) == MessageState.SENDING
    assert len(smtp_server.mails) == 1


async def test_what_a_dead_worker_left_expires_in_its_time_while_the_portal_is_offline(
    outbox: Outbox, settings: Settings
) -> None:
    message = await outbox.mail(waits_for_portal=True, expires_at=clock.now() + LEASE)
    async with db.write():
        await db.execute("UPDATE clinic SET portal_status = 'offline'")
        await db.execute(
            "UPDATE message SET state = 'sending', lease = 'x', leased_until = {}", clock.now() + LEASE
        )

    with clock.freeze(clock.now() + LEASE):
        row = await attempted(outbox, message, MessageState.EXPIRED, settings)

    assert row["payload"] is None


async def test_stopping_finishes_what_is_under_way(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)

    async with working(settings):
        await smtp_server.received()
        asyncio.get_running_loop().call_later(0.1, smtp_server.release)

    assert await outbox.state(message) == MessageState.ACCEPTED


async def test_a_worker_that_is_told_to_stop_sends_what_is_under_way_and_ends_well(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, vonage: Vonage, tmp_path: Path
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)

    with worker_process(settings, smtp_server, vonage, tmp_path) as process:
        await smtp_server.received(timeout=30)
        process.terminate()
        smtp_server.release()
        assert await asyncio.to_thread(process.wait, 20) == 0

    assert await outbox.state(message) == MessageState.ACCEPTED


async def test_a_database_that_fails_for_a_moment_neither_stops_the_worker_nor_repeats_a_message(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)
    with structlog.testing.capture_logs() as lines:
        async with working(settings) as changes:
            await smtp_server.received()
            await change_schema("ALTER TABLE message RENAME TO mislaid")
            smtp_server.release()

            async def complained() -> bool:
                return {"worker stumbled", "outcome not stored yet"} <= {line["event"] for line in lines}

            await until(changes, complained)
            await change_schema("ALTER TABLE mislaid RENAME TO message")
            await becomes(outbox, message, MessageState.ACCEPTED, changes)
            await becomes(outbox, await outbox.mail(), MessageState.ACCEPTED, changes)

    assert len(smtp_server.mails) == 2


async def change_schema(statement: str) -> None:
    async with db.write():
        await db.execute(statement)
