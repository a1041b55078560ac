"""Sessions: how long they last, what keeps them alive, and how they end."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.tables import User
from app.clinic.tables import Clinic
from app.db import rows
from tests.support.client import Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.people import Person, log_in, logged_in

HOME = {"desktop": "/diary", "phone": "/m/today"}


async def is_in(client: Client, kind: str = "desktop") -> bool:
    """Whether the browser's session still opens the diary. Looking is a person's request."""
    answer = await client.page(HOME[kind])
    assert answer.status in (200, 303)
    return not answer.location.startswith(("/login", "/lock", "/m?"))


@pytest.mark.parametrize(("kind", "minutes"), [("desktop", 60), ("phone", 15)])
async def test_a_session_that_nobody_uses_is_over(
    anna: Person, client: Client, frozen: FrozenClock, kind: str, minutes: int
) -> None:
    await logged_in(client, anna, phone=kind == "phone")
    frozen.tick(minutes=minutes, seconds=-1)
    assert await is_in(client, kind)
    frozen.tick(minutes=minutes)
    assert not await is_in(client, kind)


@pytest.mark.parametrize(("kind", "hours"), [("desktop", 12), ("phone", 24)])
async def test_a_session_is_over_at_its_absolute_end_however_much_it_is_used(
    anna: Person, client: Client, frozen: FrozenClock, kind: str, hours: int
) -> None:
    await logged_in(client, anna, phone=kind == "phone")
    for _ in range(hours * 6 - 1):
        frozen.tick(minutes=10)
        assert await is_in(client, kind)
    frozen.tick(minutes=10)
    assert not await is_in(client, kind)


async def test_the_times_are_the_clinic_s_settings(anna: Person, client: Client, frozen: FrozenClock) -> None:
    await Clinic.update({Clinic.desktop_idle_minutes: 5}).where(Clinic.id == 1)
    await logged_in(client, anna)
    frozen.tick(minutes=5)
    assert not await is_in(client)


async def test_what_a_page_asks_for_by_itself_does_not_keep_its_session_alive(
    sam: Person, anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await logged_in(client, sam)
    news = f"/admin/users/{anna.id}/wizard/delivery/news"
    for _ in range(11):
        frozen.tick(minutes=5)
        assert (await client.partial(news)).status == 200
    assert await rows("SELECT last_used_at FROM login_session") == [{"last_used_at": MORNING}]
    frozen.tick(minutes=5)
    assert (await client.partial(news))["#over-page"].get("data-door").startswith("/login")


async def test_a_use_is_noted_once_a_minute_at_most(
    anna: Person, client: Client, frozen: FrozenClock
) -> None:
    await logged_in(client, anna)
    frozen.tick(seconds=59)
    await is_in(client)
    assert await rows("SELECT last_used_at FROM login_session") == [{"last_used_at": MORNING}]
    frozen.tick(seconds=1)
    await is_in(client)
    assert await rows("SELECT last_used_at FROM login_session") == [{"last_used_at": frozen.now}]


async def test_logging_out_ends_the_session_and_keeps_the_device_known(anna: Person, client: Client) -> None:
    await log_in(client, anna.email)
    stolen = dict(client.cookies)
    diary = await (await client.page("/diary")).follow()
    answer = await diary.submit("form[action=/logout]")
    assert (answer.status, answer.location) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'
    assert "__Host-session" not in client.cookies
    [session] = await rows("SELECT ended_at, end_reason FROM login_session")
    assert session == {"ended_at": MORNING, "end_reason": "logged out"}
    client.cookies.set("__Host-session", stolen["__Host-session"])
    assert not await is_in(client)
    assert await rows("SELECT ended_at FROM device") == [{"ended_at": None}]
    [entry] = await rows("SELECT actor, address FROM audit_entry WHERE action = 'login.ended'")
    assert entry == {"actor": anna.id, "address": "203.0.113.7"}


async def test_logging_out_ends_no_other_session_of_the_same_user(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    other = await logged_in(new_client(), anna)
    await logged_in(client, anna)
    await client.submit("/logout", {})
    assert (await is_in(other), await is_in(client)) == (True, False)


async def test_a_phone_that_logs_out_is_led_to_its_own_log_in(anna: Person, client: Client) -> None:
    await logged_in(client, anna, phone=True)
    assert (await client.submit("/logout", {})).location == "/m"


async def test_a_stranger_may_log_out_too(anna: Person, client: Client) -> None:
    assert (await client.submit("/logout", {})).location == "/"


@pytest.mark.parametrize("token", ["", "guess", "x" * 5000, "\x00", "é"])
async def test_a_cookie_that_is_no_session_s_opens_nothing(anna: Person, client: Client, token: str) -> None:
    answer = await client.page("/diary", headers={"cookie": b"__Host-session=" + token.encode()})
    assert answer.location.startswith("/login")


@pytest.mark.parametrize("change", [{"current": False}, {"enabled_for_online": False}])
async def test_a_session_opens_nothing_for_whoever_may_not_log_in(
    anna: Person, client: Client, change: dict[str, bool]
) -> None:
    """Disabling ends sessions; this holds for one that began at the very moment."""
    await logged_in(client, anna)
    await User.update(change).where(User.id == anna.id)
    assert not await is_in(client)


@pytest.mark.parametrize(
    "path", ["/diary", "/patients", "/account", "/admin/users", "/admin/web-booking", "/nowhere"]
)
async def test_every_page_lets_whoever_is_logged_in_log_out(sam: Person, client: Client, path: str) -> None:
    await logged_in(client, sam)
    answer = await client.page(path)
    page = await answer.follow() if answer.location else answer
    assert "form[action='/logout']" in page
