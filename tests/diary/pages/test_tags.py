"""A view's tag: what changes it, what doesn't, and that an unchanged page costs no look at appointments."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from app.accounts.sessions import end_sessions_of
from app.accounts.tables import Session, User
from app.clinic.clinic import ClinicSettings
from app.clinic.tables import Clinic, ColleagueAccess, Room
from app.clock import now, wall_time
from app.db import database
from app.diary.booking.booking import Booking, book
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.diary.pages.preferences import Preference, prefer
from app.diary.patients.patients import NewPatient, add_patient
from app.diary.tables import Appointment, AppointmentType
from app.portal.status import close_portal
from tests.diary.conftest import EVERY_DAY, Clinicians, OpenAs, Staff, allow
from tests.support.client import PARTIAL, Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import the_clinic
from tests.support.statements import counted_statements

DAY = "/diary/day/2026-11-23"
PAGES = [DAY, "/diary/week/2026-11-23", "/diary/agenda/2026-11-23", "/diary/month/2026-11-23", "/m/today"]
At = Callable[..., datetime]


def tag_on(answer: Answer) -> str:
    return answer["#diary-page"].get("data-tag")


async def again(client: Client, path: str, tag: str) -> Answer:
    """The page fetches itself."""
    return await client.page(path, headers={**PARTIAL, "If-None-Match": f'"{tag}"'})


@pytest.mark.usefixtures("amelia_at_nine")
@pytest.mark.parametrize("path", PAGES)
async def test_an_unchanged_page_is_told_so_without_a_look_at_appointments(
    path: str, staff: Staff, open_as: OpenAs
) -> None:
    anna = await open_as(staff.anna)
    page = await anna.page(path)
    assert page.headers["etag"] == f'"{tag_on(page)}"'
    with counted_statements(database()) as statements:
        answer = await again(anna, path, tag_on(page))
    assert (answer.status, answer.response.content) == (304, b"")
    assert len(statements) == 1
    assert not any(" appointment" in statement for statement in statements)


async def test_a_known_tag_opens_nothing_that_is_closed(staff: Staff, open_as: OpenAs) -> None:
    anna, ben = await open_as(staff.anna), await open_as(staff.ben)
    tags = {client: tag_on(await client.page(DAY)) for client in (anna, ben)}
    await end_sessions_of(staff.ben.user, "test")
    assert (await again(ben, DAY, tags[ben])).status == 401
    await close_portal(by=None)
    assert (await again(anna, DAY, tags[anna])).location == "/"


@pytest.mark.usefixtures("amelia_at_nine")
@pytest.mark.parametrize("path", PAGES)
async def test_a_booking_on_a_shown_day_changes_the_tag(
    path: str, kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna = await open_as(staff.anna)
    tag = tag_on(await anna.page(path))
    await book(Booking(staff.anna.user, kit.massage, at(11), (kit.zara,)), clinic, by=staff.dana)
    answer = await again(anna, path, tag)
    assert answer.status == 200
    assert tag_on(answer) != tag


async def test_what_is_not_shown_leaves_the_tag_alone(
    kit: Clinicians, staff: Staff, clinic: ClinicSettings, open_as: OpenAs, at: At
) -> None:
    anna, of_ben = await open_as(staff.anna), f"/diary/week/2026-11-23?practitioner={staff.ben.user}"
    tags = {path: tag_on(await anna.page(path)) for path in (DAY, of_ben)}
    tomorrow = at(11) + timedelta(days=1)
    await book(Booking(staff.anna.user, kit.massage, tomorrow, (kit.zara,)), clinic, by=staff.dana)
    await add_patient(NewPatient("Somebody Else"))
    await add_type("Another", colour=1, minutes=20)
    for path, tag in tags.items():
        assert (await again(anna, path, tag)).status == 304


async def test_a_colleagues_day_that_may_not_be_seen_leaves_no_trace_in_the_tag(
    kit: Clinicians, staff: Staff, open_as: OpenAs, at: At
) -> None:
    clinic = await allow(ColleagueAccess.NONE)
    ben = await open_as(staff.ben)
    tag = tag_on(await ben.page(DAY))
    await book(Booking(staff.anna.user, kit.massage, at(11), (kit.zara,)), clinic, by=staff.dana)
    assert (await again(ben, DAY, tag)).status == 304


@pytest.mark.usefixtures("kit")
async def test_everything_a_day_is_drawn_with_changes_the_tag(staff: Staff, open_as: OpenAs) -> None:
    anna = await open_as(staff.anna)
    tags = [tag_on(await anna.page(DAY))]

    async def changed() -> bool:
        tags.append(tag_on(await anna.page(DAY)))
        return tags[-1] != tags[-2]

    await User.update({User.name: "Benjamin Osei"}).where(User.id == staff.ben.user)
    assert await changed()
    await set_hours(staff.ben.user, {0: EVERY_DAY[0]})
    assert await changed()
    await AppointmentType.update({AppointmentType.colour: 5}, force=True)
    assert await changed()
    await Room.update({Room.name: "Green room"}, force=True)
    assert await changed()
    await Clinic.update({Clinic.name: "Lakeside", Clinic.version: 2}, force=True)
    assert await changed()
    await prefer(staff.anna.user, Preference(show_cancelled=True))
    assert await changed()
    await User.update({User.front_desk: True}).where(User.id == staff.anna.user)
    assert await changed()
    await prefer(staff.ben.user, Preference(show_cancelled=True))
    assert not await changed()


async def test_another_session_and_another_day_have_tags_of_their_own(
    staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    anna, anna_elsewhere = await open_as(staff.anna), await open_as(staff.anna)
    tag = tag_on(await anna.page(DAY))
    assert tag_on(await anna_elsewhere.page(DAY)) != tag
    assert tag_on(await anna.page("/diary/day/2026-11-24")) != tag
    frozen.tick(minutes=50)
    assert tag_on(await anna.page(DAY)) == tag


async def test_between_the_clinics_midnight_and_utcs_today_is_followed_like_any_day(
    kit: Clinicians, staff: Staff, open_as: OpenAs, frozen: FrozenClock, at: At
) -> None:
    await Clinic.update({Clinic.time_zone: "Pacific/Auckland"}, force=True)  # where Monday has long been over
    frozen.tick(hours=13)
    clinic = await the_clinic()
    anna = await open_as(staff.anna)
    page = await anna.page("/m/today")
    assert (await again(anna, "/m/today", tag_on(page))).status == 304
    tuesday_at_two = wall_time(date(2026, 11, 24), time(14), clinic.zone)
    await book(Booking(staff.anna.user, kit.massage, tuesday_at_two, (kit.zara,)), clinic, by=staff.dana)
    answer = await again(anna, "/m/today", tag_on(page))
    assert (answer.status, "Zara Khan" in answer.text) == (200, True)


async def test_at_midnight_every_tag_changes_because_today_does(
    staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    frozen.tick(hours=15, minutes=18)
    anna = await open_as(staff.anna)
    tag = tag_on(await anna.page(DAY))
    frozen.tick(minutes=2)
    assert tag_on(await anna.page(DAY)) != tag


async def test_a_page_that_fetches_itself_keeps_no_session_alive(
    staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    anna = await open_as(staff.anna)
    await anna.page(DAY)
    for _ in range(7):
        frozen.tick(minutes=10)
        answer = await again(anna, DAY, "another")
    assert answer.status == 401
    (session,) = await Session.select(Session.last_used_at)
    assert now() - session["last_used_at"] > timedelta(hours=1)


@pytest.mark.parametrize("path", [path for path in PAGES if "month" not in path])
async def test_a_hold_that_lapses_ends_its_pages_tag_although_nothing_was_changed(
    path: str, amelia_at_nine: int, staff: Staff, open_as: OpenAs, frozen: FrozenClock
) -> None:
    until = now() + timedelta(seconds=40)
    await Appointment.update({Appointment.held_until: until}).where(Appointment.id == amelia_at_nine)
    anna = await open_as(staff.anna)
    page = await anna.page(path)
    assert "Amelia Hart" in page.text
    assert page["#diary-page"].get("data-lapses") == "41"
    known = page.headers["etag"].strip('"')
    assert known.startswith(f"{tag_on(page)}-")
    with counted_statements(database()) as statements:
        answer = await again(anna, path, known)
    assert (answer.status, answer.headers["etag"]) == (304, f'"{known}"')
    assert not any(" appointment" in statement for statement in statements)
    frozen.tick(seconds=40)
    answer = await again(anna, path, known)
    assert answer.status == 200
    assert "Amelia Hart" not in answer.text
    assert answer.headers["etag"] == f'"{tag_on(answer)}"'
    assert not answer["#diary-page"].has("data-lapses")
