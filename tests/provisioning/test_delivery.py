"""Step five: how the messages fare, and the first log-in, as they happen."""

from __future__ import annotations

from collections.abc import Callable

from app.messages.tables import Message, MessageState
from app.portal.status import close_portal, open_portal
from tests.provisioning.conftest import EMAIL, MOBILE, Deliver, Wizard
from tests.support.browser import IPHONE
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import log_in, log_in_by_pin


async def news(wizard: Wizard) -> Answer:
    """What the page gets when it asks again."""
    return await wizard.admin.partial(wizard.url("delivery/news"))


async def test_the_page_asks_again_each_second_until_there_is_no_more_to_come(
    wizard: Wizard, deliver: Deliver, new_client: Callable[..., Client]
) -> None:
    page = await wizard.create(mobile=False)
    assert page["#deliveries"].get("hx-get") == wizard.url("delivery/news")
    assert page["#deliveries"].get("hx-trigger") == "every 1s"
    [mail] = await deliver()
    assert (await news(wizard))["#deliveries"].has("hx-get"), "the first log-in is still to come"
    await log_in(new_client(), EMAIL, mail.secret)
    assert not (await news(wizard))["#deliveries"].has("hx-get")


async def test_each_message_s_state_is_shown_as_it_changes(
    wizard: Wizard, deliver: Deliver, frozen: FrozenClock
) -> None:
    page = await wizard.create()
    assert [row[".badge"].text for row in page.all("#deliveries .row")] == ["queued", "queued"]
    frozen.tick(minutes=2)
    await deliver()
    answer = await news(wizard)
    assert [row[".badge"].text for row in answer.all("#deliveries .row")] == ["sent", "sent"]
    assert [row[".trail"].text for row in answer.all("#deliveries .row")] == [
        "queued sent kept in the message tray, 08:43"
    ] * 2


async def test_the_first_log_in_is_shown_with_its_time_and_device(
    wizard: Wizard, deliver: Deliver, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await wizard.create()
    _mail, text = await deliver()
    frozen.tick(minutes=39)
    phone = new_client()
    phone.headers["user-agent"] = IPHONE
    await log_in_by_pin(phone, MOBILE, text.secret)
    online, mobile = (await news(wizard)).all("#deliveries .row")
    assert "logged in" not in online.text
    assert "logged in 09:20, Safari, iPhone" in mobile.text


async def test_of_several_devices_the_last_one_used_is_shown(
    wizard: Wizard, deliver: Deliver, new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    await wizard.create(online=False)
    [text] = await deliver()
    iphone, other = new_client(), new_client()
    iphone.headers["user-agent"] = IPHONE
    for phone in (iphone, other, iphone):
        await log_in_by_pin(phone, MOBILE, text.secret)
        frozen.tick(minutes=5)
    assert "logged in 08:51, Safari, iPhone" in (await news(wizard)).text


async def test_going_online_sends_what_waited(wizard: Wizard, deliver: Deliver) -> None:
    await close_portal(by=None)
    await wizard.create()
    await open_portal(by=None)
    assert [post.recipient for post in await deliver()] == [EMAIL, MOBILE]


async def test_a_failure_offers_to_send_again_or_to_correct_the_address(wizard: Wizard) -> None:
    await wizard.create(mobile=False)
    await Message.update({Message.state: MessageState.FAILED, Message.error_code: "550"}).where(
        Message.id > 0
    )
    answer = await news(wizard)
    assert "Send again" in answer.text
    correct, show = answer.all("a.button")
    assert (correct.text, show.text) == ("Correct the address", "Show it on screen…")
    page = await wizard.admin.page(correct.get("href"))
    assert page.status == 200


async def test_send_again_and_back_to_the_wizard(wizard: Wizard, deliver: Deliver) -> None:
    await wizard.create(mobile=False)
    [first] = await deliver()
    page = await wizard.open()
    again = await page.submit("#deliveries form")
    assert again.location == wizard.url("delivery")
    assert "A new one is on its way; the old one no longer works." in (await again.follow()).text
    _first, second = await deliver()
    assert second.secret != first.secret


async def test_without_scripts_one_looks_again_by_a_link(wizard: Wizard) -> None:
    page = await wizard.create()
    assert page["noscript a"].get("href") == wizard.url("delivery")
