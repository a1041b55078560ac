"""Logging in on a phone, with mobile number and PIN."""

from __future__ import annotations

import pytest

from app.clinic.tables import Clinic
from app.db import rows
from tests.support.browser import IPHONE
from tests.support.client import Client
from tests.support.clock import MORNING
from tests.support.people import MOBILE, PIN, Person, give_pin, log_in_by_pin, logged_in


async def test_mobile_number_and_pin_lead_to_today_s_agenda(anna: Person, client: Client) -> None:
    client.headers["user-agent"] = IPHONE
    page = await client.page("/m")
    answer = await page.submit(mobile="07911 123456", pin=PIN)
    assert (answer.status, answer.location) == (303, "/m/today")
    assert (await answer.follow()).status == 200
    assert await rows("SELECT label, kind FROM device") == [{"label": "Safari, iPhone", "kind": "phone"}]


@pytest.mark.parametrize(
    ("mobile", "pin"),
    [
        ("07911123456", PIN),
        ("+44 7911 123456", "750 362"),
        ("0044 (0)7911-123456", " 750362 "),
        ("447911123456", PIN),
    ],
)
async def test_number_and_pin_are_read_however_they_are_grouped(
    anna: Person, client: Client, mobile: str, pin: str
) -> None:
    assert (await log_in_by_pin(client, mobile, pin)).status == 303


async def test_the_session_is_a_phone_s(anna: Person, client: Client) -> None:
    answer = await log_in_by_pin(client)
    [cookie] = [c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-session=")]
    assert f"max-age={24 * 3600}" in cookie.lower()
    assert await rows("SELECT kind FROM login_session") == [{"kind": "phone"}]


async def test_a_temporary_pin_becomes_the_daily_one_at_its_first_use(anna: Person, client: Client) -> None:
    await give_pin(anna, "204957", temporary=True)
    await log_in_by_pin(client, MOBILE, "204957")
    [stored] = await rows("SELECT temporary, first_used_at FROM credential WHERE kind = 'pin'")
    assert stored == {"temporary": False, "first_used_at": MORNING}


async def test_the_fields_bring_up_number_keypads_and_password_managers_fill_them(
    anna: Person, client: Client
) -> None:
    page = await client.page("/m")
    mobile, pin = page["[name=mobile]"], page["[name=pin]"]
    assert (mobile.get("type"), mobile.get("autocomplete")) == ("tel", "username")
    assert (pin.get("inputmode"), pin.get("autocomplete")) == ("numeric", "current-password")
    assert "The 6 digits from our text message" in page.text


async def test_whoever_is_logged_in_is_led_past_the_form(anna: Person, client: Client) -> None:
    await logged_in(client, anna, phone=True)
    for path in ("/", "/m"):
        assert (await client.page(path)).location == "/m/today"


async def test_a_pin_opens_no_administrators_pages(sam: Person, client: Client) -> None:
    """Six digits are enough for a diary on a phone that is known, not for everybody's logins."""
    await logged_in(client, sam, phone=True)
    assert (await client.page("/admin/users")).status == 404


async def test_after_the_first_log_in_another_pin_is_offered(anna: Person, client: Client) -> None:
    await give_pin(anna, "204957", temporary=True)
    await Clinic.update({Clinic.portal_url: "https://portal.example"}).where(Clinic.id == 1)
    today = await (await log_in_by_pin(client, pin="204957")).follow()
    link = today["main a[href=/account#own-pin]"]
    assert link.text == "Choose another PIN"
    page = await client.page("/account")
    chosen = await page.submit("#own-pin", current="204957", new="483067")
    assert chosen.status == 303
    assert (await log_in_by_pin(client, pin="483067")).location == "/m/today"
