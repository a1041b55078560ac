"""Off sick, or leaving: each appointment is moved, handed over or cancelled, one by one or all that are left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime

import pytest

from app.accounts.users import load_user
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import ColleagueAccess
from app.db import rows
from app.db.engine import Engine
from app.diary.booking.booking import Booking, book
from app.diary.setbacks.occasions import Occasion, Why
from app.diary.setbacks.to_settle import to_settle
from app.diary.slots.conflicts import Despite
from app.diary.slots.outside_hours import why_not
from app.diary.slots.slots import Wanted
from tests.diary.conftest import Clinicians, OpenAs, Staff, allow
from tests.diary.steps import audited, post_over, stored
from tests.support.client import Answer, form_fields
from tests.support.statements import counted_statements

At = Callable[..., datetime]
BookAt = Callable[..., Awaitable[int]]


@pytest.fixture
def book_at(kit: Clinicians, staff: Staff, clinic: ClinicSettings, at: At) -> BookAt:
    """Zara's follow-up at that time of Monday, with Anna unless said otherwise."""

    async def booked(hour: int, minute: int = 0, practitioner: int = staff.anna.user) -> int:
        booking = Booking(practitioner, kit.follow_up, at(hour, minute), (kit.zara,))
        return await book(booking, clinic, by=staff.dana, despite=Despite.TAKEN)

    return booked


@pytest.fixture
async def three(amelia_at_nine: int, book_at: BookAt) -> list[int]:
    """Anna's Monday: Amelia at 9 in Room 2, Zara at 10 and 11."""
    return [amelia_at_nine, await book_at(10), await book_at(11)]


def sick(staff: Staff) -> str:
    return f"/diary/handover/{staff.anna.user}?why=sick&first=2026-11-23"


def form_of(page: Answer, action: str) -> dict[str, str]:
    """The fields of the form whose address holds that."""
    return form_fields(next(form for form in page.all("form[method=post]") if action in form.get("action")))


def address_of(page: Answer, action: str) -> str:
    return next(form.get("action") for form in page.all("form[method=post]") if action in form.get("action"))


async def send(page: Answer, action: str, **typed: object) -> Answer:
    """That form of the page, without scripts."""
    fields = {**form_of(page, action), **{name: str(value) for name, value in typed.items()}}
    answer = await page.client.submit(address_of(page, action), fields)
    return await answer.follow() if answer.location else answer


@pytest.mark.usefixtures("three")
async def test_one_is_moved_one_handed_over_one_cancelled_and_the_page_says_what_became_of_each(
    three: list[int], staff: Staff, open_as: OpenAs, at: At
) -> None:
    dana = await open_as(staff.dana)
    plans = await dana.page(f"/diary/plans/{staff.anna.user}/2026-11-23")
    page = await dana.page(plans.all(".row-link")[1].get("href"))
    assert page["h1"].text == "Anna Marsh is off sick"
    assert page[".settled-count strong"].text == "0 of 3 settled"
    assert [link.get("href") for link in page.all(".settle-call a")] == ["tel:+447911123456"]
    moves, ben = page.all(".slots")
    assert next(button.text for button in moves.all("button")) == "Tue 24 Nov, 08:00"
    assert ben["button"].text == "Ben Osei"

    page = await send(page, f"/{three[0]}/time", slot="2026-11-24T08:30")
    assert page["#notices p"].text == "Moved to Tue 24 Nov, 08:30."
    page = await send(page, f"/{three[1]}/time", practitioner=staff.ben.user, slot="2026-11-23T10:00")
    page = await send(page, f"/{three[2]}/status")

    assert page[".settled-count strong"].text == "3 of 3 settled"
    assert [badge.text for badge in page.all(".settle .badge")] == [
        "Moved to Tue 24 Nov 08:30",
        "With Ben Osei, Mon 23 Nov 10:00",
        "Cancelled",
    ]
    assert "All settled" in page.text
    assert (await stored(three[0]))["practitioner"] == staff.anna.user
    handed = await stored(three[1])
    assert (handed["practitioner"], handed["starts_at"]) == (staff.ben.user, at(10))
    reasons = await rows("SELECT status, reason FROM attendance WHERE appointment = {}", three[2])
    assert reasons == [{"status": "cancelled", "reason": "Practitioner ill"}]


@pytest.mark.usefixtures("three")
async def test_all_that_fit_are_handed_over_and_undone_as_one_and_the_rest_cancelled(
    three: list[int], book_at: BookAt, staff: Staff, open_as: OpenAs
) -> None:
    await book_at(10, 15, practitioner=staff.ben.user)
    dana = await open_as(staff.dana)
    page = await send(await dana.page(sick(staff)), "/colleague", practitioner=staff.ben.user)
    assert page["#notices p"].text == "2 handed over. 1 doesn't fit."
    of_ben = "SELECT id FROM appointment WHERE practitioner = {} AND id <= {} ORDER BY id"
    assert [row["id"] for row in await rows(of_ben, staff.ben.user, three[2])] == [three[0], three[2]]
    assert await audited("appointment.handed_over") == [("appointment.handed_over", "")] * 2

    await page.submit("#notices form")
    assert await rows(of_ben, staff.ben.user, three[2]) == []
    page = await send(await dana.page(sick(staff)), "/cancellation", reason="Flu.")
    assert page["#notices p"].text == "3 cancelled."
    attended = await rows("SELECT status, reason FROM attendance WHERE appointment <= {}", three[2])
    assert attended == [{"status": "cancelled", "reason": "Flu."}] * 3


@pytest.mark.usefixtures("three")
async def test_a_list_that_changed_since_is_neither_handed_over_nor_cancelled(
    three: list[int], staff: Staff, open_as: OpenAs
) -> None:
    dana = await open_as(staff.dana)
    page = await dana.page(sick(staff))
    sent = {"status": "confirmed", "version": 1}
    await dana.submit(f"/diary/appointments/{three[1]}/status", sent)
    for action in ("/colleague", "/cancellation"):
        refused = await send(page, action, practitioner=staff.ben.user)
        assert refused.status == 409
        assert "Somebody else has changed this meanwhile" in refused.text
    assert (await stored(three[0]))["version"] == 1


@pytest.mark.usefixtures("three")
async def test_a_time_that_was_taken_meanwhile_is_refused_beside_the_form(
    three: list[int], book_at: BookAt, staff: Staff, open_as: OpenAs
) -> None:
    dana = await open_as(staff.dana)
    page = await dana.page(sick(staff))
    await book_at(9, practitioner=staff.ben.user)
    path = address_of(page, f"/{three[0]}/time")
    fields = {
        **form_of(page, f"/{three[0]}/time"),
        "practitioner": staff.ben.user,
        "slot": "2026-11-23T09:00",
    }
    refused = await post_over(dana, path, **fields)
    assert refused.status == 409
    assert refused[".conflict strong"].text == "There is already an appointment at that time."
    assert refused["[name=time][type=time]"].get("value") == "09:00"
    assert (await stored(three[0]))["practitioner"] == staff.anna.user


@pytest.mark.usefixtures("three")
async def test_practitioners_settle_their_own_day_but_put_nothing_into_a_colleagues(
    three: list[int], staff: Staff, open_as: OpenAs
) -> None:
    await allow(ColleagueAccess.FULL)
    anna = await open_as(staff.anna, phone=True)
    page = await anna.page(sick(staff))
    assert "The front desk can hand it over" in page.text
    forged = {
        **form_of(page, f"/{three[0]}/time"),
        "practitioner": staff.ben.user,
        "slot": "2026-11-23T09:00",
    }
    assert (await anna.submit(address_of(page, f"/{three[0]}/time"), forged)).status == 403
    await send(page, f"/{three[0]}/status")
    assert (await stored(three[0]))["status"] == "cancelled"
    assert (await (await open_as(staff.ben)).page(sick(staff))).status == 403


@pytest.mark.usefixtures("three")
async def test_nobody_is_made_non_current_while_appointments_are_left(
    three: list[int], staff: Staff, open_as: OpenAs, at: At
) -> None:
    sam = await open_as(staff.sam)
    record = await sam.page(f"/admin/users/{staff.anna.user}")
    page = await sam.page(record[f"[href=/diary/handover/{staff.anna.user}?why=leaving]"].get("href"))
    assert page["h1"].text == "Anna Marsh is leaving"
    leave = f"/admin/users/{staff.anna.user}/leaving"
    assert (await sam.submit(leave, {})).status == 409
    assert (await load_user(staff.anna.user)).current

    page = await send(page, "/cancellation")
    assert "Nothing is left in the diary of Anna Marsh." in page.text
    await send(page, "/leaving")
    assert not (await load_user(staff.anna.user)).current
    assert (await (await open_as(staff.dana)).submit(leave, {})).status == 404


async def test_a_list_takes_as_many_reads_for_one_as_for_many(
    three: list[int], staff: Staff, clinic: ClinicSettings, database: Engine
) -> None:
    counts = []
    for day in (23, 24):  # three appointments, none
        with counted_statements(database) as statements:
            occasion = Occasion(staff.anna.user, Why.SICK, date(2026, 11, day), date(2026, 11, day))
            listed = await to_settle(occasion, clinic, by=staff.dana, among=three[:1])
        counts.append(len(statements))
        assert len(listed.items) == {23: 3, 24: 1}[day]
    assert counts == [4, 4]


@pytest.mark.usefixtures("three")
async def test_whoever_is_off_sick_is_noted_so_and_booked_no_more(
    staff: Staff, open_as: OpenAs, clinic: ClinicSettings, at: At
) -> None:
    anna = await open_as(staff.anna)
    page = await anna.page(sick(staff))
    assert "Anna Marsh could still be booked" in page.text
    page = await send(page, "/absence")
    assert "could still be booked" not in page.text
    assert [row["name"] for row in await rows("SELECT name FROM absence")] == ["Off sick"]
    wanted = Wanted(staff.anna.user, at(14), at(14, 30))
    assert await why_not(wanted, clinic) == "Anna Marsh is on leave that day: Off sick."
