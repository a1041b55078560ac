"""Hours without a mail server and without Vonage: nothing is lost, given up or changed, and the pauses stay short."""

from __future__ import annotations

from datetime import timedelta

from app.clock import now
from app.messages.outcomes import LONGEST_PAUSE
from app.messages.tables import MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, becomes, until, working
from tests.support import smtp
from tests.support import vonage as endpoint
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

HOURS = 6


async def test_six_hours_of_outage_lose_nothing(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, vonage: Vonage, frozen: FrozenClock
) -> None:
    mail, text = await outbox.mail(), await outbox.text()
    smtp_server.fail_next(*[smtp.CUT_AT_BANNER] * (HOURS + 1))
    vonage.answer_next(*[endpoint.INTERNAL_ERROR] * (HOURS + 1))

    async def both_put_off() -> bool:
        found = [await outbox.row(message) for message in (mail, text)]
        return all(
            row["state"] == MessageState.QUEUED
            and row["error_class"] == "temporary"
            and now() <= row["next_attempt_at"] <= now() + LONGEST_PAUSE
            for row in found
        )

    async with working(settings) as changes:
        await until(changes, both_put_off)
        for _ in range(HOURS):
            frozen.tick(hours=1)
            await outbox.mail(
                "kick@riverside.example", expires_at=now()
            )  # the worker sees no frozen clock move
            await until(changes, both_put_off)
        frozen.tick(seconds=LONGEST_PAUSE.total_seconds())
        await outbox.mail("kick@riverside.example", expires_at=now())
        for message in (mail, text):
            row = await becomes(outbox, message, MessageState.ACCEPTED, changes)
            assert row["attempts"] == HOURS + 2

    [received] = smtp_server.mails
    assert "Password: hazel-otter-72" in received.text
    assert "your PIN is 482913" in vonage.texts[-1].text
    assert row["accepted_at"] - row["created_at"] == timedelta(hours=HOURS) + LONGEST_PAUSE
