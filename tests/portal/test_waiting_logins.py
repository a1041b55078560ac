"""Passwords and PINs while the portal is offline: counted as they wait, checked again as it returns."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.tables import User
from app.clock import now
from app.db import rows, write
from app.messages.outbox import delivery_of, post
from app.messages.tables import Message, MessageState
from app.portal.status import close_portal, open_portal
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.people import Person, a_practitioner, give_pin

PAGE = "/admin/web-booking"


async def awaits_a_pin(person: Person, *, days: int = 7) -> int:
    """Give the person a PIN whose text waits for the portal; the message."""
    await give_pin(person, temporary=True)
    async with write():
        message = await post(
            "mobile_login",
            "text",
            "+447911123456",
            person.id,
            {"pin": "482913"},
            expires_at=now() + timedelta(days=days),
            waits_for_portal=True,
        )
    await rows('UPDATE credential SET message = {} WHERE "user" = {} RETURNING id', message, person.id)
    return message


async def test_what_waits_is_counted_while_the_portal_is_offline(frozen: FrozenClock, admin: Client) -> None:
    await close_portal(by=None)
    for name in ("Clara Lund", "Ewan Ito"):
        await awaits_a_pin(await a_practitioner(name))

    page = await admin.page(PAGE)

    assert "2 messages with a password or PIN wait. They are sent when the portal is online." in page.text
    page = await (await page.submit("#portal-status form")).follow()
    assert "with a password or PIN" not in page.text


async def test_what_expired_meanwhile_is_counted_until_it_is_sent_anew(
    frozen: FrozenClock, admin: Client
) -> None:
    await close_portal(by=None)
    late = await awaits_a_pin(await a_practitioner("Clara Lund"), days=1)
    await Message.update({Message.expires_at: now() - timedelta(minutes=1)}).where(Message.id == late)

    part = await (await admin.page(PAGE)).submit("#portal-status form", partial=True)

    assert "1 password or PIN expired before it could be sent." in part["#portal-status"].text
    assert part["#portal-status .banner a"].get("href") == "/admin/messages?state=not-delivered"
    [stored] = await rows("SELECT state, payload FROM message WHERE id = {}", late)
    assert stored == {"state": MessageState.EXPIRED, "payload": None}
    await rows("UPDATE credential SET message = NULL WHERE message = {} RETURNING id", late)
    assert "expired before" not in (await admin.page(PAGE)).text


async def test_what_is_nobodys_any_more_does_not_leave(frozen: FrozenClock, admin: Client) -> None:
    await close_portal(by=None)
    clara, ewan = await a_practitioner("Clara Lund"), await a_practitioner("Ewan Ito")
    gone, wanted = await awaits_a_pin(clara), await awaits_a_pin(ewan)
    await User.update({User.enabled_for_online: False}).where(User.id == clara.id)

    await open_portal(by=None)

    assert (await delivery_of(gone)).words == "Its reader may no longer log in."
    states = await rows("SELECT id, state FROM message ORDER BY id")
    assert [row["state"] for row in states if row["id"] in (gone, wanted)] == ["superseded", "queued"]
