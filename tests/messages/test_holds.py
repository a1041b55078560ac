"""A channel whose own settings are wrong burns nothing, and goes on by itself once they are right."""

from __future__ import annotations

from dataclasses import replace

from app import db
from app.messages.holds import PROBE_EVERY
from app.messages.outbox import delivery_of
from app.messages.tables import MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted, becomes, until, working
from tests.support import smtp
from tests.support import vonage as endpoint
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


async def held_channels() -> list[str]:
    return [row["channel"] for row in await db.rows("SELECT channel FROM channel_hold")]


async def test_a_wrong_password_holds_the_channel_and_burns_no_message(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    messages = [await outbox.mail() for _ in range(3)]
    smtp_server.fail_next(*[smtp.WRONG_PASSWORD] * 3)
    async with working(settings) as changes:
        for message in messages:
            await becomes(outbox, message, MessageState.HELD, changes)
    late = await outbox.mail()

    async with working(settings) as changes:
        # A new worker may have new settings, so it lets one message try at once, and all follow it.
        for message in [*messages, late]:
            row = await becomes(outbox, message, MessageState.ACCEPTED, changes)
            assert row["attempts"] == 1
    assert await held_channels() == []
    assert len(smtp_server.mails) == 4


async def test_a_held_channel_is_tried_by_one_message_every_five_minutes(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(*[smtp.WRONG_PASSWORD] * 2)

    async def tried_again() -> bool:
        row = await outbox.row(message)
        return row["state"] == MessageState.HELD and row["next_attempt_at"] == frozen.now + PROBE_EVERY

    async with working(settings) as changes:
        await becomes(outbox, message, MessageState.HELD, changes)
        held = await delivery_of(message)
        late = await outbox.mail()
        # The text shows that the worker has been around since.
        await becomes(outbox, await outbox.text(), MessageState.ACCEPTED, changes)
        assert await outbox.state(late) == MessageState.QUEUED
        assert smtp_server.connections == 1
        frozen.tick(minutes=5)
        await outbox.text()  # wakes the worker, which the frozen clock doesn't
        await until(changes, tried_again)
        assert smtp_server.connections == 2
        frozen.tick(minutes=5)
        await outbox.text()
        await becomes(outbox, message, MessageState.ACCEPTED, changes)
        await becomes(outbox, late, MessageState.ACCEPTED, changes)

    assert held.label == "held"
    assert "the mail server refuses our user name and password" in held.words


async def test_a_waiting_message_shows_that_its_channel_is_held(
    outbox: Outbox, settings: Settings, vonage: Vonage
) -> None:
    first = await outbox.text()
    vonage.answer_next(endpoint.LOW_BALANCE)
    await attempted(outbox, first, MessageState.HELD, settings)

    delivery = await delivery_of(await outbox.text())

    assert delivery.label == "held"
    assert "the Vonage account has no credit" in delivery.words
    assert not delivery.is_final


async def test_without_a_vonage_account_texts_are_held_and_mails_still_leave(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    text, mail = await outbox.text(), await outbox.mail()

    async with working(replace(settings, vonage=None)) as changes:
        row = await becomes(outbox, text, MessageState.HELD, changes)
        await becomes(outbox, mail, MessageState.ACCEPTED, changes)

    assert row["error_code"] == "not-set-up"
    assert await held_channels() == ["text"]


async def test_a_refused_recipient_shows_that_the_channel_works_again(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    first = await outbox.mail()
    smtp_server.fail_next(smtp.WRONG_PASSWORD)
    await attempted(outbox, first, MessageState.HELD, settings)
    smtp_server.fail_next(smtp.NO_SUCH_MAILBOX)

    await attempted(outbox, first, MessageState.FAILED, settings)

    assert await held_channels() == []
