"""Who wants no messages gets none: by the link in each, by a mail program's own button, by STOP, or at the desk."""

from __future__ import annotations

import pytest

from app.db import rows
from app.messages.tables import Channel
from tests.diary.conftest import OpenAs
from tests.reminders.reminding import DAY, Reminding
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.vonage import Vonage

INBOUND = "/webhooks/vonage/inbound"


async def wants(patient: int) -> tuple[bool, bool]:
    """Whether they are written to by e-mail, by text."""
    (row,) = await rows("SELECT no_emails, no_texts FROM patient WHERE id = {}", patient)
    return not row["no_emails"], not row["no_texts"]


async def test_a_patient_opts_out_by_the_link_and_in_again(
    reminding: Reminding, client: Client, frozen: FrozenClock
) -> None:
    await reminding.due(frozen)
    page = await client.page(f"{await reminding.link()}/stop?channel=email")
    assert await wants(reminding.patient) == (True, True)  # opening it does nothing

    stopped = await page.submit("form.answer-form")
    assert "You get no more e-mails" in stopped.text
    assert await wants(reminding.patient) == (False, True)

    await stopped.submit("form.answer-form", button="button")
    assert await wants(reminding.patient) == (True, True)
    found = await rows("SELECT action, actor FROM audit_entry WHERE action LIKE 'patient.opted%' ORDER BY id")
    assert [(row["action"], row["actor"]) for row in found] == [
        ("patient.opted_out", None),
        ("patient.opted_in", None),
    ]


async def test_a_mail_programs_own_button_opts_out_at_once(
    reminding: Reminding, client: Client, frozen: FrozenClock
) -> None:
    await reminding.due(frozen)
    answer = await client.post(
        f"{await reminding.link()}/stop?channel=email", data={"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    assert await wants(reminding.patient) == (False, True)


async def test_stop_by_text_opts_everybody_at_that_number_out_and_start_in_again(
    reminding: Reminding, client: Client, vonage: Vonage
) -> None:
    async def says(text: str) -> int:
        webhook = vonage.webhooks.inbound(text, to="447700900000", sender="447911123456")
        return (await client.post(INBOUND, content=webhook.content, headers=webhook.headers)).status_code

    assert await says("I can't come, please cancel") == 200
    assert await wants(reminding.patient) == (True, True)
    assert await says(" Stop. ") == 200
    assert await wants(reminding.patient) == (True, False)
    assert await wants(reminding.kit.amelia) == (True, False)  # it is her number too
    assert await says("START") == 200
    assert await wants(reminding.patient) == (True, True)


async def test_a_stop_that_vonage_has_not_signed_is_refused(
    reminding: Reminding, client: Client, vonage: Vonage
) -> None:
    forged = vonage.webhooks.sign(
        {"channel": "sms", "from": "447911123456", "text": "STOP"},
        secret="somebody else's, as long as the real one",
    )

    assert (await client.post(INBOUND, content=forged.content, headers=forged.headers)).status_code == 401
    assert (await client.post(INBOUND, json={"from": "447911123456", "text": "STOP"})).status_code == 401
    assert await wants(reminding.patient) == (True, True)


@pytest.mark.parametrize("channel", list(Channel))
async def test_who_opted_out_gets_none_by_that_channel(
    reminding: Reminding, open_as: OpenAs, frozen: FrozenClock, channel: Channel
) -> None:
    for each in Channel:
        await reminding.rule(each, DAY)
    desk = await open_as(reminding.staff.dana)
    form = await desk.page(f"/patients/{reminding.patient}/edit")
    box = "no_emails" if channel is Channel.EMAIL else "no_texts"
    record = await (await form.submit(**{box: "true"})).follow()
    assert "about appointments" in record.text

    await reminding.book(reminding.at(3, 10))
    await reminding.look()
    frozen.move_to(reminding.at(2, 10))
    await reminding.look()
    assert [message["channel"] for message in await reminding.posted()] == [
        each.value for each in Channel if each is not channel
    ]
