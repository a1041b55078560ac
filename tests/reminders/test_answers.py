"""The page behind a message's link: it shows the appointment as it is now; only pressing a button does anything."""

from __future__ import annotations

import pytest

from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.db import rows, write
from app.diary.told import Told
from app.messages.tables import Channel
from app.reminders import answers
from app.reminders.defaults import Wording
from app.reminders.messages import composed
from tests.diary.conftest import OpenAs
from tests.reminders.reminding import Reminding
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock


async def press(page: Answer, answer: str) -> Answer:
    return await page.submit("form.answer-form", button=f'button[value="{answer}"]')


async def status_of(appointment: int) -> tuple[str, str]:
    (row,) = await rows(
        "SELECT a.status, s.status AS attends FROM appointment a JOIN attendance s ON s.appointment = a.id"
        " WHERE a.id = {}",
        appointment,
    )
    return row["status"], row["attends"]


async def test_a_patient_confirms_by_the_link_and_not_by_opening_it(
    reminding: Reminding, client: Client, frozen: FrozenClock
) -> None:
    appointment = await reminding.due(frozen)
    page = await client.page(await reminding.link())

    assert "Wednesday, 25 November 2026, 10:00" in page.text
    assert "Field" not in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert await status_of(appointment) == ("booked", "booked")

    confirmed = await press(page, "confirm")
    assert "it is confirmed" in confirmed.text
    assert await status_of(appointment) == ("confirmed", "confirmed")
    assert await reminding.told(appointment) & Told.CONFIRMED
    (entry,) = await rows(
        "SELECT actor, details FROM audit_entry WHERE action = 'appointment.confirmed_by_patient'"
    )
    assert entry["actor"] is None


async def test_asking_to_cancel_cancels_nothing_but_the_desk_sees_it(
    reminding: Reminding, client: Client, open_as: OpenAs, frozen: FrozenClock
) -> None:
    appointment = await reminding.due(frozen)
    asked = await press(await client.page(await reminding.link()), "cancel")
    assert "still stands until the clinic has cancelled it" in asked.text
    assert await status_of(appointment) == ("booked", "booked")

    desk = await open_as(reminding.staff.dana)
    assert "asks to cancel" in (await desk.page(f"/diary/appointments/{appointment}")).text
    day = await desk.page("/diary/day/2026-11-25")
    assert "asks to cancel" in day[f'a[href="/diary/appointments/{appointment}"]'].get("aria-label")
    requests = await desk.page("/diary/requests")
    assert "Josephine Field, Wed 25 Nov 10:00" in requests.text

    kept = await (await requests.submit("main form")).follow()
    assert "Nobody asks to cancel" in kept.text
    assert await reminding.told(appointment) & Told.ASKS_TO_CANCEL == 0


async def test_a_practitioner_sees_the_requests_of_their_own_patients_alone(
    reminding: Reminding, client: Client, open_as: OpenAs, frozen: FrozenClock
) -> None:
    await reminding.due(frozen)
    await press(await client.page(await reminding.link()), "cancel")

    assert "Josephine" in (await (await open_as(reminding.staff.anna)).page("/diary/requests")).text
    ben = await open_as(reminding.staff.ben)
    assert "Josephine" not in (await ben.page("/diary/requests")).text
    assert (await ben.submit("/diary/requests/1/kept", {})).status == 404


async def test_who_asked_to_cancel_may_come_after_all_and_a_cancelled_one_settles_it(
    reminding: Reminding, client: Client, open_as: OpenAs, frozen: FrozenClock
) -> None:
    appointment = await reminding.due(frozen)
    link = await reminding.link()
    page = await press(await press(await client.page(link), "cancel"), "confirm")
    assert "it is confirmed" in page.text
    desk = await open_as(reminding.staff.dana)
    assert "Nobody asks to cancel" in (await desk.page("/diary/requests")).text

    await press(page, "cancel")
    await reminding.give(appointment, "cancelled")
    await reminding.look()
    assert "This appointment is cancelled" in (await client.page(link)).text
    assert "Nobody asks to cancel" in (await desk.page("/diary/requests")).text
    assert await reminding.told(appointment) & Told.ASKS_TO_CANCEL == 0


async def test_the_link_shows_where_an_appointment_was_moved_and_when_it_is_over(
    reminding: Reminding, client: Client, frozen: FrozenClock
) -> None:
    appointment = await reminding.due(frozen)
    link = await reminding.link()
    await reminding.move(appointment, reminding.at(3, 15))
    await reminding.look()
    assert "Thursday, 26 November 2026, 15:00" in (await client.page(link)).text

    frozen.move_to(reminding.at(3, 15))
    over = await client.page(link)
    assert "has begun or is over" in over.text
    assert 'button[value="confirm"]' not in over


async def test_an_unknown_link_leads_nowhere(reminding: Reminding, client: Client) -> None:
    for path in ("/a/nothing", "/a/nothing/stop"):
        assert (await client.page(path)).status == 404
        assert (await client.post(path)).status_code == 404


async def test_offline_the_page_is_closed_but_one_can_still_opt_out(
    reminding: Reminding, client: Client, frozen: FrozenClock
) -> None:
    await reminding.due(frozen)
    link = await reminding.link()
    async with write():
        await change_portal_status(PortalStatus.OFFLINE, by=None)

    assert (await client.page(link)).status == 503
    assert (await client.page(f"{link}/stop")).status == 200


async def test_a_link_does_not_fill_the_record_and_opting_out_is_never_refused(
    reminding: Reminding, client: Client, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "CHANGES_OF_MIND", 3)
    await reminding.due(frozen)
    link = await reminding.link()
    statuses = [(await client.submit(link, {"answer": said})).status for said in ("cancel", "confirm") * 3]
    assert statuses == [200, 200, 200, 429, 429, 429]
    assert (await client.submit(f"{link}/stop", {})).status == 200
    assert (await client.submit(f"{link}/stop", {"again": "true"})).status == 429
    frozen.tick(hours=25)
    assert (await client.submit(f"{link}/stop", {"again": "true"})).status == 200


def test_a_subject_is_one_line_whatever_stands_in_it() -> None:
    """A location's address has several; no mail leaves with a subject of more than one."""
    values = {"address": "14 High Street\nLondon"}
    written = composed(Wording("At {address}", "{address}"), Channel.EMAIL, values, "/a/token")
    assert (written["subject"], written["body"]) == ("At 14 High Street, London", "14 High Street\nLondon")
