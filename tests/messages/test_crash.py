"""Workers that race, die, and lose their database: every message leaves, and with the secret it was posted with."""

from __future__ import annotations

import asyncio
import signal
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

import pytest
import structlog

from app import clock, db
from app.db.watcher import Changes
from app.messages.dispatch import LEASE, claim
from app.messages.tables import Channel, MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted, becomes, until, working
from tests.support import smtp
from tests.support.mail import Mail
from tests.support.server import Server, ended
from tests.support.smtp import SmtpServer
from tests.support.vonage import HANG, Text, Vonage


@pytest.fixture
def start_worker(serve: Callable[..., Server], settings: Settings) -> Callable[[], Server]:
    """Starts a worker in a process of its own, with the keys that the test's messages are sealed with."""
    key_id, key = settings.message_keys.current
    return partial(serve, "worker", MESSAGE_KEYS=f"{key_id}:{urlsafe_b64encode(key).decode()}")


async def killed(worker: Server) -> None:
    worker.process.kill()
    assert await asyncio.to_thread(ended, worker.process, 20) == -signal.SIGKILL


async def sent_by_another(outbox: Outbox, messages: Iterable[int], settings: Settings) -> None:
    """Let another worker send what the killed one has left, when its lease is over."""
    with clock.freeze(clock.now() + LEASE):
        async with working(settings) as changes:
            for message in messages:
                await becomes(outbox, message, MessageState.ACCEPTED, changes)


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


@pytest.mark.parametrize("stage", ["banner", "auth", "mail", "rcpt", "data"])
async def test_what_a_killed_worker_was_sending_is_sent_again_with_the_same_secret(
    stage: smtp.Stage,
    outbox: Outbox,
    start_worker: Callable[[], Server],
    settings: Settings,
    smtp_server: SmtpServer,
) -> None:
    recipients = [f"user{n}@riverside.example" for n in range(6)]
    messages = {recipient: await outbox.mail(recipient) for recipient in recipients}
    smtp_server.fail_next(smtp.Fault(stage, hangs=True))
    worker = start_worker()
    await smtp_server.hung(timeout=30)
    taken = [mail.recipients[0] for mail in await smtp_server.received(6 if stage == "data" else 5)]
    await killed(worker)
    interrupted = {r for r in recipients if await outbox.state(messages[r]) == MessageState.SENDING}
    assert interrupted

    await sent_by_another(outbox, messages.values(), settings)

    twice = [recipient for recipient in taken if recipient in interrupted]
    received = smtp_server.mails
    assert Counter(mail.recipients[0] for mail in received) == Counter(recipients + twice)
    assert len({(mail.message["Message-ID"], mail.text) for mail in received}) == len(recipients)


async def test_a_text_whose_answer_a_killed_worker_waited_for_is_sent_again_with_the_same_pin(
    outbox: Outbox, start_worker: Callable[[], Server], settings: Settings, vonage: Vonage
) -> None:
    message = await outbox.text()
    vonage.answer_next(HANG)
    worker = start_worker()
    await vonage.received(timeout=30)
    await killed(worker)
    assert await outbox.state(message) == MessageState.SENDING

    await sent_by_another(outbox, [message], settings)

    first, second = vonage.texts
    assert first.body == second.body


@pytest.mark.parametrize("channel", list(Channel))
async def test_what_was_accepted_when_its_worker_was_killed_before_noting_it_is_sent_once_more(
    channel: Channel,
    outbox: Outbox,
    start_worker: Callable[[], Server],
    settings: Settings,
    smtp_server: SmtpServer,
    vonage: Vonage,
) -> None:
    by_mail = channel is Channel.EMAIL
    await outbox.mail()
    await change("UPDATE message SET state = 'accepted'")
    # Whatever is accepted after this one can't be noted.
    await change("CREATE UNIQUE INDEX no_other ON message (state) WHERE state = 'accepted'")
    message = await (outbox.mail() if by_mail else outbox.text())
    worker = start_worker()
    await (smtp_server if by_mail else vonage).received(timeout=30)

    async def has_its_answer() -> bool:
        return "outcome not stored yet" in worker.log

    async with Changes(db.database()) as changes:
        await until(changes, has_its_answer)
    await killed(worker)
    await change("DROP INDEX no_other")
    assert await outbox.state(message) == MessageState.SENDING

    await sent_by_another(outbox, [message], settings)

    first, second = smtp_server.mails or vonage.texts
    assert said(first) == said(second)


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
    outbox: Outbox, start_worker: Callable[[], Server], smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)

    worker = start_worker()
    await smtp_server.received(timeout=30)
    worker.process.terminate()
    smtp_server.release()
    assert await asyncio.to_thread(ended, worker.process, 20) == 0

    assert await outbox.state(message) == MessageState.ACCEPTED


async def test_a_database_that_fails_for_a_moment_neither_stops_the_worker_nor_repeats_a_message(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)
    with structlog.testing.capture_logs() as lines:
        async with working(settings) as changes:
            await smtp_server.received()
            await change("ALTER TABLE message RENAME TO mislaid")
            smtp_server.release()

            async def complained() -> bool:
                return {"worker stumbled", "outcome not stored yet"} <= {line["event"] for line in lines}

            await until(changes, complained)
            await change("ALTER TABLE mislaid RENAME TO message")
            await becomes(outbox, message, MessageState.ACCEPTED, changes)
            await becomes(outbox, await outbox.mail(), MessageState.ACCEPTED, changes)

    assert len(smtp_server.mails) == 2


async def change(statement: str) -> None:
    async with db.write():
        await db.execute(statement)


def said(message: Mail | Text) -> object:
    """What its reader sees, and what tells mail servers and carriers that it is a repetition."""
    return message.body if isinstance(message, Text) else (message.message["Message-ID"], message.text)
