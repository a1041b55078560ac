"""Admin › Messages: what became of each, what can be done about it, and whether the channels work."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app import db
from app.accounts.tables import User
from app.clinic.clinic import ClinicSettings
from app.messages.compose import Purpose
from app.messages.history import LISTED
from app.messages.holds import hold
from app.messages.outbox import post
from app.messages.purposes import purpose_words
from app.messages.tables import Channel, Message, MessageState
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import Person, logged_in
from tests.support.statements import counted_statements

PAGE = "/admin/messages"


async def becomes(state: MessageState, recipient: str, **values: Any) -> int:
    """Put the newest message to that recipient into a state; its id."""
    [row] = await db.rows("SELECT max(id) AS id FROM message WHERE recipient = {}", recipient)
    changed = {getattr(Message, name): value for name, value in values.items()}
    await Message.update({Message.state: state, **changed}).where(Message.id == row["id"])
    return int(row["id"])


async def notices(count: int, recipient: str = "dana@riverside.example") -> None:
    async with db.write():
        for _ in range(count):
            await post(
                "credential_changed", "email", recipient, None, {"name": "Dana", "changed": "password"}
            )


async def held(channel: Channel, code: str) -> None:
    async with db.write():
        [row] = await db.rows("SELECT max(id) AS id FROM message")
        await hold(channel, code, row["id"])


def listed(answer: Answer) -> list[str]:
    return [row.text for row in answer.all("#messages tbody tr")]


def test_every_purpose_has_its_words() -> None:
    assert all(purpose_words(purpose) for purpose in Purpose)


async def test_each_message_is_listed_with_whom_it_is_for_and_what_became_of_it(
    wizard: Wizard, deliver: Deliver
) -> None:
    await wizard.create()
    await deliver()
    await becomes(MessageState.FAILED, EMAIL, error_code="recipient-550", attempts=2)

    page = await wizard.admin.page(PAGE)

    pin, password = listed(page)
    for words in ("PIN", "Clara Lund", "+44 7911 123456", "today 08:41", "sent", "Kept in the message tray."):
        assert words in pin
    for words in (
        "Password",
        EMAIL,
        "failed",
        "Not sent: the mail server refused this address.",
        "2 attempts.",
    ):
        assert words in password
    assert page[".rail-list a[aria-current=page]"].text == "Messages"


async def test_the_list_is_narrowed_by_state_channel_person_and_day(
    wizard: Wizard, deliver: Deliver, frozen: FrozenClock
) -> None:
    await wizard.create()
    await deliver()
    await notices(1)
    await becomes(MessageState.UNDELIVERABLE, MOBILE, error_code="receipt-1180")
    await notices(1, "ben@riverside.example")
    tomorrow = frozen.now + timedelta(days=1)
    await becomes(MessageState.QUEUED, "ben@riverside.example", created_at=tomorrow)

    async def found(**search: str) -> list[str]:
        page = await wizard.admin.page(PAGE, params=search)
        return [element.text for element in page.all("#messages .message-to .muted")]

    everybody = ["ben@riverside.example", "dana@riverside.example", "+44 7911 123456", EMAIL]
    assert await found() == everybody
    assert await found(state="not-delivered") == ["+44 7911 123456"]
    assert await found(state="waiting") == everybody[:2]
    assert await found(channel="text") == ["+44 7911 123456"]
    assert await found(q="lund") == everybody[2:]
    assert await found(q="dana@") == ["dana@riverside.example"]
    assert await found(q="07911 123") == everybody[2:], "both are Clara's"
    assert await found(day="2026-11-24") == ["ben@riverside.example"]
    assert await found(q="nobody", state="sent") == []
    assert await found(state="nonsense", day="yesterday", channel="pigeon", before="x") == everybody


async def test_older_messages_follow_page_by_page(wizard: Wizard, admin: Client) -> None:
    await notices(LISTED + 2)
    page = await admin.page(PAGE)
    assert len(listed(page)) == LISTED
    older = await admin.page(page["nav[aria-label=Pages] a"].get("href"))
    assert len(listed(older)) == 2
    assert not older["#messages"].has("hx-get"), "what is past doesn't move"
    assert older["nav[aria-label=Pages] a"].text == "Newest"


async def test_the_page_asks_again_and_gets_nothing_while_nothing_has_changed(
    wizard: Wizard, frozen: FrozenClock
) -> None:
    await wizard.create(mobile=False)
    page = await wizard.admin.page(PAGE)
    again = page["#messages"].get("hx-get")
    assert (await wizard.admin.partial(again)).status == 204
    await becomes(MessageState.FAILED, EMAIL, error_code="recipient-550")
    news = await wizard.admin.partial(again)
    assert (news.status, "the mail server refused this address" in news.text) == (200, True)


async def test_a_failed_password_is_sent_again_or_its_address_corrected(
    wizard: Wizard, deliver: Deliver
) -> None:
    await wizard.create(mobile=False)
    [first] = await deliver()
    message = await becomes(MessageState.FAILED, EMAIL, error_code="recipient-550")
    page = await wizard.admin.page(f"{PAGE}/{message}")
    correct = page.all("#message a.button")[0]
    assert correct.text == "Correct the address"
    assert (await wizard.admin.page(correct.get("href"))).status == 200
    assert first.secret not in page.text

    answer = await page.submit("#message form")

    assert answer.location == f"{PAGE}/{message}"
    _first, second = await deliver()
    assert second.secret != first.secret
    page = await answer.follow()
    assert "#message form" not in page
    assert "Its secret has been used or replaced since" in page.text


async def test_a_failed_notice_can_only_have_its_address_put_right(
    wizard: Wizard, admin: Client, clara: Person
) -> None:
    async with db.write():
        await post("credential_changed", "email", EMAIL, clara.id, {"name": "Clara", "changed": "password"})
    message = await becomes(MessageState.FAILED, EMAIL, error_code="recipient-550", payload=None)
    page = await admin.page(f"{PAGE}/{message}")
    assert "What it said is gone, so it can’t be sent again." in page.text
    assert page["#message a"].get("href") == f"/admin/users/{clara.id}"
    assert "recipient-550" in page.text


async def test_a_message_that_does_not_exist_has_no_page(admin: Client) -> None:
    assert (await admin.page(f"{PAGE}/999")).status == 404
    assert (await admin.submit(f"{PAGE}/channels/pigeon/test", {})).status == 404


async def test_a_test_goes_to_the_administrator_and_shows_how_it_fares(
    wizard: Wizard, sam: Person, deliver: Deliver
) -> None:
    page = await wizard.admin.page(PAGE)
    form = f"form[action={PAGE}/channels/email/test]"
    for _ in range(2):
        page = await (await page.submit(form)).follow()
    assert "Your test to sam@riverside.example:" in page.text
    [mail] = await deliver()
    assert (mail.recipient, "This is the test that you asked for" in mail.text) == (sam.email, True)
    page = await wizard.admin.page(PAGE)
    assert "queued sent kept in the message tray" in page["#messages .card"].text
    entries = await db.rows("SELECT details FROM audit_entry WHERE action = 'message.tested'")
    assert [json.loads(entry["details"]) for entry in entries] == [{"channel": "email"}]


async def test_a_test_text_needs_a_number(wizard: Wizard, sam: Person, deliver: Deliver) -> None:
    page = await wizard.admin.page(PAGE)
    form = f"form[action={PAGE}/channels/text/test]"
    told = await (await page.submit(form)).follow()
    assert "Your own record has no mobile number. Add it there first." in told.text
    await User.update({User.mobile: "+447911777777"}).where(User.id == sam.id)
    await page.submit(form)
    [text] = await deliver()
    assert text.text == "Riverside Physio: this is a test from Daybook. Text messages reach this phone."


async def test_a_held_channel_has_a_banner_and_is_tried_at_once(
    wizard: Wizard, deliver: Deliver, clinic: ClinicSettings
) -> None:
    await wizard.create(mobile=False)
    await held(Channel.EMAIL, "login-535")
    page = await wizard.admin.page(PAGE)
    assert "E-mails are held since today 08:41: the mail server refuses our user name" in page[".banner"].text
    assert ".banner" in await wizard.admin.page(f"{PAGE}?state=sent")

    await page.submit(".banner form")

    assert [mail.recipient for mail in await deliver()] == [EMAIL]
    page = await wizard.admin.page(PAGE)
    assert ".banner" not in page


async def test_administrators_learn_of_a_held_channel_on_every_page_and_nobody_else_is_asked_for_it(
    admin: Client, clara: Person, new_client: Callable[..., Client], database: db.Engine
) -> None:
    assert ".rail .badge.warning" not in await admin.page("/patients")
    await notices(1)
    await held(Channel.TEXT, "http-401")
    for path in ("/diary/day/2026-11-23", "/patients", "/admin/users", "/account"):
        rail = (await admin.page(path))[".rail"]
        assert rail["a[href=/admin/messages]"].text == "Messages held (texts)"
        assert rail[".rail-more"].text == "More Messages are held"
    await held(Channel.EMAIL, "tls")
    assert (await admin.page("/patients"))[".rail .badge.warning"].text == "held (e-mails and texts)"

    other = await logged_in(new_client(), clara)
    with counted_statements(database) as statements:
        assert ".rail .badge.warning" not in await other.page("/patients")
        await admin.partial("/patients?q=hart")
    assert [sql for sql in statements if "channel_hold" in sql] == []


@pytest.mark.parametrize("action", ["try", "test"])
async def test_a_hold_that_nothing_waits_behind_gives_way(
    wizard: Wizard, action: str, deliver: Deliver
) -> None:
    await notices(1)
    await deliver()
    await held(Channel.EMAIL, "tls")
    page = await wizard.admin.page(PAGE)
    await page.submit(f"form[action={PAGE}/channels/email/{action}]")
    await deliver()
    assert await db.rows("SELECT channel FROM channel_hold") == []


async def test_a_record_shows_live_how_its_logins_fare(
    wizard: Wizard, deliver: Deliver, clara: Person
) -> None:
    await wizard.create(mobile=False)
    page = await wizard.admin.page(f"/admin/users/{clara.id}")
    assert page["#logins"].get("hx-get") == f"/admin/users/{clara.id}/news"
    await deliver()
    news = await wizard.admin.partial(f"/admin/users/{clara.id}/news")
    assert "Kept in the message tray." in news["#logins"].text
    assert (await wizard.admin.page(f"/admin/users/{clara.id}/news")).location == f"/admin/users/{clara.id}"
