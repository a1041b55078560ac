"""On the way out: the mail as its reader gets it, and what is no longer true doesn't leave."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from app.clinic.settings import change_portal_status
from app.clinic.tables import Clinic, PortalStatus
from app.db import database, write
from app.db.watcher import Changes
from app.messages.tables import Channel, MessageState
from app.messages.worker import run_worker
from app.reminders.messages import may_leave
from tests.messages.outbox import until
from tests.reminders.reminding import DAY, Reminding
from tests.support.clock import FrozenClock
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

URL = "https://the-portal-of-a-clinic-with-a-long-name.riverside-physiotherapy.example"


async def sent(reminding: Reminding, state: MessageState) -> dict[str, Any]:
    """Let a worker run until the newest message is in that state; its row."""

    async def never(_lost: Any) -> None: ...

    async def row() -> dict[str, Any] | None:
        newest = (await reminding.posted())[-1]
        return newest if newest["state"] == state else None

    await Clinic.update({Clinic.portal_url: URL}).where(Clinic.id == 1)
    stop = asyncio.Event()
    async with Changes(database()) as changes, asyncio.TaskGroup() as tasks:
        tasks.create_task(run_worker(reminding.settings, changes, stop, tell=never, leave=may_leave))
        found = await until(changes, row)
        stop.set()
    return found


async def test_a_mail_has_a_button_and_two_ways_to_opt_out(
    reminding: Reminding, frozen: FrozenClock, smtp_server: SmtpServer
) -> None:
    await reminding.due(frozen)
    link = f"{URL}{await reminding.link()}"
    await sent(reminding, MessageState.ACCEPTED)

    (mail,) = smtp_server.mails
    assert mail.subject == "Your appointment: Wednesday, 25 November 2026, 10:00"
    assert f"Confirm or cancel: {link}" in mail.text.splitlines()
    assert f'href="{link}"' in mail.html
    assert mail.message["List-Unsubscribe"] == f"<{link}/stop?channel=email>"
    assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_text_leaves_with_its_link(reminding: Reminding, frozen: FrozenClock, vonage: Vonage) -> None:
    await reminding.rule(Channel.TEXT, 120)
    await reminding.book(reminding.at(1, 10))
    await reminding.look()
    frozen.move_to(reminding.at(1, 8))
    await reminding.look()
    await sent(reminding, MessageState.ACCEPTED)

    (text,) = vonage.texts
    assert text.text.startswith(
        "Riverside Physio: Jo, we expect you on Tue 24 Nov, 10:00. Confirm or cancel: "
    )
    assert f"{URL}/a/" in text.text


async def test_while_the_portal_is_offline_the_phone_stands_for_the_link(
    reminding: Reminding, frozen: FrozenClock, smtp_server: SmtpServer
) -> None:
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)
    await reminding.due(frozen)
    await sent(reminding, MessageState.ACCEPTED)

    (mail,) = smtp_server.mails
    assert "please call +44 161 496 0000" in mail.text
    assert "Confirm or cancel:" not in mail.text


async def test_what_is_cancelled_after_the_planners_last_look_still_doesnt_leave(
    reminding: Reminding, frozen: FrozenClock, smtp_server: SmtpServer
) -> None:
    appointment = await reminding.due(frozen)
    await reminding.give(appointment, "cancelled")
    row = await sent(reminding, MessageState.SUPERSEDED)

    assert (row["error_code"], row["payload"], smtp_server.mails) == ("unwanted", None, [])


async def test_what_was_held_up_into_the_night_waits_for_the_morning(
    reminding: Reminding, frozen: FrozenClock
) -> None:
    await reminding.rule(Channel.EMAIL, DAY)
    await reminding.book(reminding.at(2, 10))
    await reminding.look()
    frozen.move_to(reminding.at(1, 10))
    await reminding.look()
    frozen.move_to(reminding.at(1, 22))
    (message,) = await reminding.posted()

    assert await may_leave(message["id"]) == reminding.at(2, 8)
    frozen.move_to(reminding.at(2, 8) + timedelta(minutes=1))
    assert await may_leave(message["id"]) is None
