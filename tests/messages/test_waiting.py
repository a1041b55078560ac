"""Messages that wait, are withdrawn, or come too late."""

from __future__ import annotations

from datetime import timedelta

from app import db
from app.clinic.tables import Clinic, PortalStatus
from app.messages.outbox import delivery_of, supersede
from app.messages.tables import MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted, becomes, put_off, working
from tests.support import smtp
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpServer


async def set_portal(status: PortalStatus) -> None:
    async with db.write():
        await Clinic.update({Clinic.portal_status: status}).where(Clinic.id == 1)


async def test_a_login_waits_while_the_portal_is_offline_and_leaves_when_it_is_online(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    await set_portal(PortalStatus.OFFLINE)
    waiting = await outbox.mail("waits@riverside.example", waits_for_portal=True)
    other = await outbox.mail("other@riverside.example")

    async with working(settings) as changes:
        await becomes(outbox, other, MessageState.ACCEPTED, changes)
        assert await outbox.state(waiting) == MessageState.QUEUED
        delivery = await delivery_of(waiting)
        assert delivery.waits_for_portal
        assert delivery.words == "It will be sent when the portal is online."

        await set_portal(PortalStatus.ONLINE)
        await becomes(outbox, waiting, MessageState.ACCEPTED, changes)

    assert [mail.recipients[0] for mail in smtp_server.mails] == [
        "other@riverside.example",
        "waits@riverside.example",
    ]


async def test_links_start_with_the_portals_address_of_the_moment(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    async with db.write():
        await Clinic.update({Clinic.portal_url: "https://new.riverside.example"}).where(Clinic.id == 1)

    await attempted(outbox, message, MessageState.ACCEPTED, settings)

    assert "https://new.riverside.example" in smtp_server.mails[0].text


async def test_without_an_address_of_the_portal_messages_wait_for_one(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    async with db.write():
        await Clinic.update({Clinic.portal_url: ""}).where(Clinic.id == 1)
    message = await outbox.mail()
    await put_off(outbox, message, settings)

    assert "address isn't set yet" in (await delivery_of(message)).words
    assert smtp_server.connections == 0


async def test_what_cannot_be_sent_in_time_expires_and_is_wiped(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer, frozen: FrozenClock
) -> None:
    await set_portal(PortalStatus.OFFLINE)
    message = await outbox.mail(waits_for_portal=True, expires_at=frozen.now + timedelta(days=7))
    frozen.tick(days=7)

    row = await attempted(outbox, message, MessageState.EXPIRED, settings)

    assert row["payload"] is None
    assert smtp_server.connections == 0
    assert (await delivery_of(message)).has_failed


async def test_a_superseded_message_is_wiped_and_never_sent(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    old, new = await outbox.mail("old@riverside.example"), await outbox.mail("new@riverside.example")
    async with db.write():
        await supersede([old])
        await supersede([])

    await attempted(outbox, new, MessageState.ACCEPTED, settings)

    row = await outbox.row(old)
    assert (row["state"], row["payload"]) == ("superseded", None)
    assert [mail.recipients[0] for mail in smtp_server.mails] == ["new@riverside.example"]


async def test_a_message_superseded_while_it_is_being_sent_stays_superseded(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    message = await outbox.mail()
    smtp_server.fail_next(smtp.HANG_AFTER_DATA)
    async with working(settings):
        await smtp_server.received()
        async with db.write():
            await supersede([message])
        smtp_server.release()

    assert await outbox.state(message) == MessageState.SUPERSEDED


async def test_what_has_left_cannot_be_superseded(outbox: Outbox, settings: Settings) -> None:
    message = await outbox.mail()
    await attempted(outbox, message, MessageState.ACCEPTED, settings)

    async with db.write():
        await supersede([message])

    assert await outbox.state(message) == MessageState.ACCEPTED
