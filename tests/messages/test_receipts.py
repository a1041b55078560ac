"""What carriers report through Vonage: only believed when it is signed, and harmless however it arrives."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import rows, write
from app.messages.dispatch import claim
from app.messages.outbox import delivery_of, supersede
from app.messages.outcomes import accepted
from app.messages.tables import Channel, MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted, put_off
from tests.support import smtp
from tests.support import vonage as endpoint
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import a_practitioner, an_administrator
from tests.support.smtp import SmtpServer
from tests.support.vonage import Text, Vonage
from tests.support.vonage_webhooks import Webhook, Webhooks

STATUS = "/webhooks/vonage/status"


async def receive(client: Client, webhook: Webhook) -> int:
    answer = await client.post(STATUS, content=webhook.content, headers=webhook.headers)
    return answer.status_code


@pytest.fixture
async def message(outbox: Outbox, frozen: FrozenClock) -> int:
    """A text with a PIN, posted but not sent yet."""
    return await outbox.text()


@pytest.fixture
async def sent(outbox: Outbox, message: int, settings: Settings, vonage: Vonage) -> Text:
    """That text as Vonage got it."""
    await attempted(outbox, message, MessageState.ACCEPTED, settings)
    return vonage.texts[0]


async def test_a_delivered_text_is_shown_as_such_with_its_time(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, sent: Text, frozen: FrozenClock
) -> None:
    accepted_at = (await outbox.row(message))["accepted_at"]
    frozen.tick(seconds=20)

    assert await receive(client, vonage.webhooks.receipt(sent)) == 200

    row = await outbox.row(message)
    assert (row["state"], row["accepted_at"], row["finished_at"]) == ("delivered", accepted_at, frozen.now)
    assert row["provider_reference"] == sent.message_uuid
    assert [step.text for step in (await delivery_of(message)).steps] == ["queued", "sent", "delivered"]


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        ("undeliverable", "1180", "Not delivered: the phone was switched off or out of reach."),
        ("rejected", "1170", "Not delivered: there is no such number."),
        ("undeliverable", "9999", "Not delivered: the carrier could not deliver it."),
        ("undeliverable", None, "Not delivered: the carrier could not deliver it."),
    ],
)
async def test_an_undeliverable_text_says_why_in_plain_words(
    client: Client,
    vonage: Vonage,
    outbox: Outbox,
    message: int,
    sent: Text,
    status: str,
    code: str | None,
    words: str,
) -> None:
    assert await receive(client, vonage.webhooks.receipt(sent, status, error=code)) == 200

    row = await outbox.row(message)
    assert row["state"] == "undeliverable"
    assert row["error_code"] == (f"receipt-{code}" if code else "receipt")
    assert "The carrier's words" not in str(row)
    delivery = await delivery_of(message)
    assert (delivery.words, delivery.has_failed) == (words, True)


@pytest.mark.parametrize(
    ("receipts", "end"),
    [
        (["delivered", "submitted"], "delivered"),
        (["delivered", "undeliverable", "rejected"], "delivered"),
        (["undeliverable", "submitted"], "undeliverable"),
        (["undeliverable", "delivered"], "delivered"),  # the carrier tried again and the phone was on
        (["submitted", "submitted"], "accepted"),
    ],
)
async def test_receipts_in_any_order_and_twice_are_harmless(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, sent: Text, receipts: list[str], end: str
) -> None:
    for status in receipts:
        webhook = vonage.webhooks.receipt(sent, status)
        assert [await receive(client, webhook), await receive(client, webhook)] == [200, 200]

    assert await outbox.state(message) == end


async def test_a_receipt_may_be_faster_than_our_own_commit(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, frozen: FrozenClock
) -> None:
    [claimed] = await claim(Channel.TEXT, 1)
    text = Text({"to": "447911123456", "from": "Riverside", "client_ref": claimed.reference})

    assert await receive(client, vonage.webhooks.receipt(text)) == 200
    await accepted(claimed, text.message_uuid)

    row = await outbox.row(message)
    assert (row["state"], row["accepted_at"], row["payload"]) == ("delivered", frozen.now, None)


async def test_a_text_whose_answer_was_lost_is_not_sent_again_once_a_receipt_tells_of_it(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, settings: Settings
) -> None:
    vonage.answer_next(endpoint.CUT)
    await put_off(outbox, message, settings)

    await receive(client, vonage.webhooks.receipt(vonage.texts[0], "submitted"))

    row = await outbox.row(message)
    assert (row["state"], row["payload"], row["error_code"]) == ("accepted", None, "")
    assert len(vonage.texts) == 1


async def test_bad_news_of_a_first_try_says_nothing_of_the_second(
    client: Client,
    vonage: Vonage,
    outbox: Outbox,
    message: int,
    settings: Settings,
    frozen: FrozenClock,
) -> None:
    vonage.answer_next(endpoint.CUT)
    await put_off(outbox, message, settings)
    frozen.tick(minutes=1)
    await attempted(outbox, message, MessageState.ACCEPTED, settings)
    first, second = vonage.texts

    await receive(client, vonage.webhooks.receipt(first, "undeliverable", error="1180"))
    assert await outbox.state(message) == MessageState.ACCEPTED
    await receive(client, vonage.webhooks.receipt(second, "undeliverable", error="1180"))
    assert await outbox.state(message) == MessageState.UNDELIVERABLE


async def test_a_withdrawn_text_stays_withdrawn(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, settings: Settings
) -> None:
    vonage.answer_next(endpoint.CUT)
    await put_off(outbox, message, settings)
    async with write():
        await supersede([message])

    assert await receive(client, vonage.webhooks.receipt(vonage.texts[0])) == 200

    assert await outbox.state(message) == MessageState.SUPERSEDED


async def test_administrators_are_told_once_of_a_pin_that_did_not_arrive(
    client: Client, vonage: Vonage, outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    clara, sam = await a_practitioner("Clara Lund"), await an_administrator()
    message = await outbox.text(user_id=clara.id)
    await attempted(outbox, message, MessageState.ACCEPTED, settings)
    webhook = vonage.webhooks.receipt(vonage.texts[0], "undeliverable", error="1190")
    for _ in range(2):
        await receive(client, webhook)

    [told] = await rows("SELECT id, recipient, purpose FROM message WHERE id <> {}", message)
    assert (told["recipient"], told["purpose"]) == (sam.email, "login_not_delivered")
    await attempted(outbox, told["id"], MessageState.ACCEPTED, settings)
    [mail] = smtp_server.mails
    assert mail.subject == "Clara Lund's login has not arrived"
    for words in (
        "The text message with Clara Lund's PIN was not delivered: the number is no longer in use.",
        "+44 7911 123456",
        f"/admin/users/{clara.id}",
    ):
        assert words in mail.text.replace("\n", " ")
    assert "482913" not in mail.text


async def test_of_a_refused_e_mail_address_they_hear_as_well(
    outbox: Outbox, settings: Settings, smtp_server: SmtpServer
) -> None:
    clara, sam = await a_practitioner("Clara Lund"), await an_administrator()
    smtp_server.fail_next(smtp.NO_SUCH_MAILBOX)
    message = await outbox.mail(user_id=clara.id)

    await attempted(outbox, message, MessageState.FAILED, settings)

    found = await rows("SELECT recipient FROM message WHERE purpose = 'login_not_delivered'")
    assert [row["recipient"] for row in found] == [sam.email]


async def test_what_is_unknown_is_well_received(
    client: Client, vonage: Vonage, outbox: Outbox, message: int
) -> None:
    stranger = Text({"to": "447911999999", "from": "Riverside", "client_ref": uuid4().hex})
    for text in (stranger, replace(stranger, body={**stranger.body, "client_ref": "x" * 100})):
        assert await receive(client, vonage.webhooks.receipt(text)) == 200
    seen_elsewhere = {"message_uuid": str(uuid4()), "channel": "whatsapp", "status": "read"}
    assert await receive(client, vonage.webhooks.sign(seen_elsewhere)) == 200

    assert await outbox.state(message) == MessageState.QUEUED


async def test_a_receipt_without_our_reference_is_known_by_vonages(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, sent: Text
) -> None:
    without = replace(sent, body={name: value for name, value in sent.body.items() if name != "client_ref"})

    assert await receive(client, vonage.webhooks.receipt(without)) == 200

    assert await outbox.state(message) == MessageState.DELIVERED


async def test_what_vonage_did_not_sign_for_us_just_now_is_refused(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, sent: Text, frozen: FrozenClock
) -> None:
    good = vonage.webhooks.receipt(sent)
    elsewhere = Webhooks(str(uuid4()))
    forged = vonage.webhooks.sign(
        {"message_uuid": sent.message_uuid}, secret="a guess that is thirty-two bytes long"
    )
    refused = {
        "unsigned": Webhook(good.content, {}),
        "no token": Webhook(good.content, {"Authorization": "Bearer "}),
        "another scheme": Webhook(good.content, {"Authorization": "Basic dXNlcjpzZWNyZXQ="}),
        "another secret": forged,
        "another body": Webhook(good.content.replace(b"delivered", b"submitted"), good.headers),
        "another application": elsewhere.receipt(sent),
        "too old": vonage.webhooks.receipt(sent, issued_at=frozen.now - timedelta(minutes=6)),
        "not yet": vonage.webhooks.receipt(sent, issued_at=frozen.now + timedelta(minutes=2)),
    }

    assert {name: await receive(client, webhook) for name, webhook in refused.items()} == dict.fromkeys(
        refused, 401
    )
    assert await outbox.state(message) == MessageState.ACCEPTED
    slow = vonage.webhooks.receipt(sent, issued_at=frozen.now - timedelta(minutes=4))
    assert await receive(client, slow) == 200


async def test_a_receipt_that_names_no_application_is_known_by_the_account_s_secret(
    client: Client, outbox: Outbox, message: int, sent: Text
) -> None:
    assert await receive(client, Webhooks().receipt(sent)) == 200

    assert await outbox.state(message) == MessageState.DELIVERED


async def test_what_is_signed_and_no_receipt_is_refused_calmly(
    client: Client, vonage: Vonage, outbox: Outbox
) -> None:
    odd = [[], "delivered", None, {}, {"message_uuid": 7, "status": "delivered"}]
    assert {await receive(client, vonage.webhooks.sign(body)) for body in odd} == {400}
    huge = vonage.webhooks.sign({"message_uuid": "x" * 20_000})
    assert await receive(client, huge) == 413
    assert (await client.get(STATUS)).status_code == 405


async def test_receipts_are_taken_while_the_portal_is_offline(
    client: Client, vonage: Vonage, outbox: Outbox, message: int, sent: Text
) -> None:
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)

    assert await receive(client, vonage.webhooks.receipt(sent)) == 200

    assert await outbox.state(message) == MessageState.DELIVERED
