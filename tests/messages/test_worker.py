"""From the outbox to the mail server and the carrier, and what becomes of a message on the way."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from app import db
from app.messages.dispatch import claim
from app.messages.outbox import About, delivery_of
from app.messages.outcomes import pause_before_retry
from app.messages.tables import Channel, MessageState
from app.settings import Keyring, Settings
from tests.messages.outbox import Outbox, attempted, becomes, put_off, working
from tests.support import smtp
from tests.support import vonage as endpoint
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage


async def test_an_e_mail_with_the_password_reaches_the_mail_server(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()

    row = await attempted(outbox, message, MessageState.ACCEPTED, settings)

    [mail] = smtp_server.mails
    assert "Password: hazel-otter-72" in mail.text
    assert mail.subject == "Your online login for Riverside Physio"
    assert mail.message["From"] == "Riverside Physio <diary@clinic.example>"
    assert row["finished_at"] == row["accepted_at"]
    assert (row["payload"], row["payload_key"], row["lease"], row["leased_until"]) == (None, "", "", None)


async def test_a_text_with_the_pin_reaches_the_carrier(
    outbox: Outbox, settings: Settings, vonage: Vonage
) -> None:
    message = await outbox.text()

    row = await attempted(outbox, message, MessageState.ACCEPTED, settings)

    [text] = vonage.texts
    assert "your PIN is 482913" in text.text
    assert text.body["from"] == "Riverside"
    assert row["provider_reference"] == text.message_uuid
    assert row["payload"] is None
    assert row["finished_at"] is None  # the carrier's receipt is still to come


async def test_a_message_posted_while_the_worker_waits_leaves_at_once(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    async with working(settings) as changes:
        await becomes(outbox, await outbox.mail(), MessageState.ACCEPTED, changes)
        await becomes(outbox, await outbox.mail(), MessageState.ACCEPTED, changes)

    assert len(smtp_server.mails) == 2


async def test_what_is_undone_is_never_sent(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    class UndoneError(Exception):
        pass

    with pytest.raises(UndoneError):
        async with db.write():
            await outbox.mail(recipient="undone@riverside.example")
            raise UndoneError
    await attempted(outbox, await outbox.mail(), MessageState.ACCEPTED, settings)

    assert [mail.recipients for mail in smtp_server.mails] == [("clara.lund@riverside.example",)]


async def test_more_messages_than_fit_at_once_all_leave(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    messages = [await outbox.mail(f"user{n}@riverside.example") for n in range(11)]

    async with working(settings) as changes:
        for message in messages:
            await becomes(outbox, message, MessageState.ACCEPTED, changes)

    assert sorted(mail.recipients[0] for mail in smtp_server.mails) == sorted(
        f"user{n}@riverside.example" for n in range(11)
    )


async def test_a_pin_does_not_wait_behind_reminders(outbox: Outbox) -> None:
    about = About(patient=1, appointment=1)
    reminders = [await outbox.text(about=about) for _ in range(3)]
    pin = await outbox.text()

    assert [taken.id for taken in await claim(Channel.TEXT, 1)] == [pin]
    assert {taken.id for taken in await claim(Channel.TEXT, 4)} == set(reminders)


# --- errors


async def test_a_temporary_error_is_tried_again_later_with_the_same_secret(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.GREYLISTED)

    row = await put_off(outbox, message, settings)

    assert (row["state"], row["error_class"], row["error_code"]) == ("queued", "temporary", "recipient-451")
    assert frozen.now <= row["next_attempt_at"] <= frozen.now + timedelta(seconds=5)
    assert (await delivery_of(message)).label == "trying again"

    frozen.tick(seconds=5)
    row = await attempted(outbox, message, MessageState.ACCEPTED, settings)
    assert (row["attempts"], row["error_class"], row["error_code"]) == (2, "", "")
    assert "Password: hazel-otter-72" in smtp_server.mails[0].text


def test_pauses_grow_to_a_quarter_of_an_hour_and_are_random() -> None:
    for attempt, longest in enumerate([5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900], start=1):
        pauses = [pause_before_retry(attempt).total_seconds() for _ in range(200)]
        assert 0 <= min(pauses) < longest / 4
        assert longest * 3 / 4 < max(pauses) <= longest


async def test_the_vendors_time_to_wait_is_honoured(
    outbox: Outbox, settings: Settings, vonage: Vonage, frozen: FrozenClock
) -> None:
    message = await outbox.text()
    vonage.answer_next(endpoint.UNAVAILABLE)

    row = await put_off(outbox, message, settings)

    assert row["next_attempt_at"] == frozen.now + timedelta(seconds=60)


async def test_a_permanent_error_stops_at_once_and_wipes(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.NO_SUCH_MAILBOX)

    row = await attempted(outbox, message, MessageState.FAILED, settings)

    assert (row["attempts"], row["error_class"], row["error_code"]) == (1, "permanent", "recipient-550")
    assert row["payload"] is None
    assert row["finished_at"]
    assert (await delivery_of(message)).words == "Not sent: the mail server refused this address."


async def test_an_unanswered_mail_is_sent_once_more_and_then_given_up(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.CUT_AFTER_DATA, smtp.CUT_AFTER_DATA)
    assert (await put_off(outbox, message, settings))["error_class"] == "ambiguous"

    frozen.tick(seconds=5)
    row = await attempted(outbox, message, MessageState.FAILED, settings)

    assert row["payload"] is None
    first, second = smtp_server.mails
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.text == second.text
    assert (await delivery_of(message)).label == "uncertain"


async def test_a_text_cut_off_before_its_answer_is_tried_again_with_the_same_pin(
    outbox: Outbox, settings: Settings, vonage: Vonage, frozen: FrozenClock
) -> None:
    message = await outbox.text()
    vonage.answer_next(endpoint.CUT)
    await put_off(outbox, message, settings)

    frozen.tick(seconds=5)
    await attempted(outbox, message, MessageState.ACCEPTED, settings)

    first, second = vonage.texts
    assert first.body == second.body


async def test_a_payload_whose_key_is_gone_fails_and_says_so(outbox: Outbox, settings: Settings) -> None:
    message = await outbox.mail()
    other_keys = replace(settings, message_keys=Keyring({"2": b"another key, 32 bytes long......"}))

    row = await attempted(outbox, message, MessageState.FAILED, other_keys)

    assert row["error_code"] == "unreadable"


# --- discretion


async def test_no_log_line_names_a_recipient_or_a_secret(
    outbox: Outbox,
    settings: Settings,
    smtp_server: SmtpServer,
    vonage: Vonage,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    smtp_server.fail_next(smtp.NO_SUCH_MAILBOX)
    vonage.answer_next(endpoint.INVALID)
    with structlog.testing.capture_logs() as lines:
        async with working(settings) as changes:
            for message in (await outbox.mail(), await outbox.text()):
                await becomes(outbox, message, MessageState.FAILED, changes)
            for message in (await outbox.mail(), await outbox.text()):
                await becomes(outbox, message, MessageState.ACCEPTED, changes)

    servers_own = "mail.log"
    told = repr(lines) + repr([r.getMessage() for r in caplog.records if r.name != servers_own])
    assert len(lines) == 4
    for secret in ("hazel", "482913", "clara.lund", "447911123456"):
        assert secret not in told
