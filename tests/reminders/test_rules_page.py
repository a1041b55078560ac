"""Admin › Messages › Reminders: what goes out, in the clinic's own words, with nothing in them that can't be filled."""

from __future__ import annotations

from app.db import rows
from app.messages.tables import Channel, MessageState
from app.reminders import defaults
from app.reminders.rules import load_rules
from tests.diary.conftest import OpenAs
from tests.reminders.reminding import DAY, Reminding
from tests.support.client import Answer
from tests.support.clock import FrozenClock

PAGE = "/admin/messages/reminders"


async def form(reminding: Reminding, open_as: OpenAs, path: str) -> Answer:
    return await (await open_as(reminding.staff.sam)).page(f"{PAGE}/{path}")


async def test_an_administrator_has_the_usual_sent_for_all_appointments(
    reminding: Reminding, open_as: OpenAs
) -> None:
    page = await form(reminding, open_as, "clinic/email")
    assert "Hello Amelia" in page["#preview"].text
    saved = await (await page.submit("#rule-form", second="120")).follow()

    assert "booking confirmed, 2 days before, 2 hours before" in saved.text
    rule = (await load_rules()).of(reminding.kit.massage, Channel.EMAIL)
    assert rule is not None
    assert (rule.leads, rule.reminder.subject) == ((2 * DAY, 120), defaults.reminder(Channel.EMAIL).subject)


async def test_a_type_gets_rules_of_its_own_and_gives_them_up_again(
    reminding: Reminding, open_as: OpenAs
) -> None:
    await reminding.rule(Channel.TEXT, 120)
    path = f"{reminding.kit.massage}/text"
    own = await form(reminding, open_as, path)
    await own.submit("#rule-form", inherits=None, first=str(DAY))
    assert {rule.type: rule.leads for rule in (await load_rules()).own.values()} == {
        None: (120,),
        reminding.kit.massage: (DAY,),
    }

    await (await form(reminding, open_as, path)).submit("#rule-form", inherits="true")
    assert len((await load_rules()).own) == 1


async def test_unknown_placeholders_and_stray_brackets_are_refused_next_to_their_field(
    reminding: Reminding, open_as: OpenAs
) -> None:
    page = await form(reminding, open_as, "clinic/email")
    for typed, says in (
        ("Hello {nickname}", "There is no {nickname}. You can use {name}, {date}"),
        ("Hello {{ name }}", "There is no { name }"),
        ("Hello {name", "A curly bracket stands alone"),
        ("Go to {link}", "There is no {link}"),
        ("", "Please fill this in"),
    ):
        refused = await page.submit("#rule-form", reminder_body=typed)
        assert refused.status == 422
        assert says in refused["#field-reminder_body-error"].text
    assert await rows("SELECT id FROM reminder_rule") == []


async def test_the_preview_counts_a_texts_segments_and_stores_nothing(
    reminding: Reminding, open_as: OpenAs
) -> None:
    page = await form(reminding, open_as, "clinic/text")
    assert "1 text message" in page["#preview"].text
    long = await page.submit("#rule-form", button='button[value="preview"]', reminder_body="ça alors! " * 10)
    assert "2 text messages · 100 of 134 characters" in long["#preview"].text
    assert await rows("SELECT id FROM reminder_rule") == []


async def test_a_form_that_somebody_else_overtook_is_refused(reminding: Reminding, open_as: OpenAs) -> None:
    page = await form(reminding, open_as, "clinic/email")
    await reminding.rule(Channel.EMAIL, DAY)

    refused = await page.submit("#rule-form", first="60")
    assert refused.status == 409
    assert "Somebody else has changed this" in refused.text


async def test_quiet_hours_are_changed_and_leave_a_day_to_write_in(
    reminding: Reminding, open_as: OpenAs
) -> None:
    sam = await open_as(reminding.staff.sam)
    page = await sam.page(PAGE)
    refused = await page.submit("#quiet-form", quiet_from="10:00", quiet_until="08:00")
    assert "Leave at least eight hours" in refused.text

    await page.submit("#quiet-form", quiet_from="21:30", quiet_until="07:00")
    assert (await sam.page(PAGE))["#field-quiet_from"].get("value") == "21:30"


async def test_a_message_that_did_not_arrive_is_sent_again_to_where_the_patient_is_now(
    reminding: Reminding, open_as: OpenAs, frozen: FrozenClock
) -> None:
    appointment = await reminding.due(frozen)
    await reminding.becomes(MessageState.FAILED)
    sam = await open_as(reminding.staff.sam)
    listed = await sam.page("/admin/messages?kind=patients")
    assert "Reminder" in listed["#messages tbody"].text
    assert "#messages tbody" not in await sam.page("/admin/messages?kind=logins")
    (failed,) = await reminding.posted()
    page = await sam.page(f"/admin/messages/{failed['id']}")
    assert f"/diary/appointments/{appointment}" in page.response.text

    again = await (await page.submit("#message form")).follow()
    assert "queued" in again.text
    first, second = await reminding.posted()
    assert (second["recipient"], second["state"]) == ("jo@mail.example", "queued")
    refused = await sam.submit(f"/admin/messages/{first['id']}/again", {})
    assert refused.status in (303, 404)
    assert len(await reminding.posted()) == 2
