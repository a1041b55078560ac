"""Setting Daybook up: an empty database gets its clinic and first administrator by a link that works once."""

from __future__ import annotations

import asyncio

import pytest

from app.accounts.setup import LINK_LASTS, new_setup_link
from app.clinic.clinic import load_clinic
from app.db import Engine, rows
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import a_clinic, an_administrator

TYPED = {
    "clinic_name": "Riverside Physio",
    "country": "GB",
    "time_zone": "Europe/London",
    "clinic_phone": "0161 496 0000",
    "name": "Sam Reyes",
    "email": "Sam@Riverside.example",
    "password": "stapler orchid velvet",
}


@pytest.fixture
async def link(database: Engine, frozen: FrozenClock) -> str:
    path = await new_setup_link()
    assert path is not None
    return path


async def send(client: Client, link: str, **typed: str) -> Answer:
    return await (await client.page(link)).submit(**{**TYPED, **typed})


async def test_the_link_makes_the_clinic_and_its_first_administrator(client: Client, link: str) -> None:
    answer = await send(client, link)
    assert (answer.status, answer.location) == (303, "/admin/login?next=/admin/web-booking")
    clinic = await load_clinic()
    assert clinic is not None
    assert (clinic.name, clinic.phone, clinic.time_zone) == (
        "Riverside Physio",
        "+441614960000",
        "Europe/London",
    )
    assert not clinic.portal_online
    [user] = await rows("SELECT name, email, administrator, enabled_for_online FROM staff_user")
    assert user == {
        "name": "Sam Reyes",
        "email": "sam@riverside.example",
        "administrator": True,
        "enabled_for_online": True,
    }


async def test_the_administrator_logs_in_with_the_password_that_was_chosen(client: Client, link: str) -> None:
    page = await (await send(client, link)).follow()
    assert "Your clinic is set up. Log in to go on." in page.text
    answer = await page.submit(email="sam@riverside.example", password=TYPED["password"])
    assert answer.location == "/admin/web-booking"
    assert (await answer.follow()).status == 200


async def test_the_link_works_once(client: Client, link: str) -> None:
    await send(client, link)
    for answer in (await client.page(link), await client.submit(link, TYPED)):
        assert answer.status == 404
        assert "Daybook is set up already. Log in at /admin/login." in answer.text
    assert len(await rows("SELECT id FROM staff_user")) == 1


async def test_of_two_who_set_up_at_once_one_is_told(client: Client, link: str) -> None:
    token = await client.token()
    posts = (client.post(link, data={**TYPED, "_csrf_token": token}) for _ in range(4))
    assert sorted(answer.status_code for answer in await asyncio.gather(*posts)) == [303, 404, 404, 404]
    assert len(await rows("SELECT id FROM staff_user")) == 1


async def test_the_link_is_over_after_an_hour(client: Client, link: str, frozen: FrozenClock) -> None:
    frozen.tick(seconds=LINK_LASTS.total_seconds() - 1)
    assert (await client.page(link)).status == 200
    frozen.tick(seconds=1)
    answer = await client.page(link)
    assert answer.status == 404
    assert "This set-up link is over." in answer.text


async def test_a_newer_link_takes_the_place_of_the_older_one(client: Client, link: str) -> None:
    newer = await new_setup_link()
    assert newer is not None
    assert ((await client.page(link)).status, (await client.page(newer)).status) == (404, 200)


async def test_nobody_guesses_the_link_and_only_its_hash_is_stored(client: Client, link: str) -> None:
    assert (await client.page("/setup/guess")).status == 404
    [stored] = await rows("SELECT token_hash FROM setup_link")
    assert stored["token_hash"] not in link
    assert len(link.removeprefix("/setup/")) >= 43


async def test_there_is_no_link_once_somebody_is_on_the_staff(client: Client, link: str) -> None:
    await a_clinic()
    await an_administrator()
    assert await new_setup_link() is None
    assert (await client.page(link)).status == 404


async def test_every_field_s_fault_is_told_at_once_and_what_was_typed_is_kept(
    client: Client, link: str
) -> None:
    answer = await send(
        client,
        link,
        clinic_name="",
        country="Atlantis",
        time_zone="Europe/Nowhere",
        clinic_phone="12",
        name="x" * 81,
        email="sam@riverside",
        password="password1234",
    )
    assert answer.status == 422
    errors = {element.get("id"): element.text for element in answer.all(".field-error")}
    assert errors == {
        "field-clinic_name-error": "Please fill this in.",
        "field-country-error": "Choose a country from the list.",
        "field-time_zone-error": "Choose a time zone from the list, like Europe/London.",
        "field-clinic_phone-error": "There is no such number. Check the digits, and the country code if it is abroad.",
        "field-name-error": "Too long: 80 characters at most.",
        "field-email-error": "This isn't an e-mail address. It looks like name@example.com.",
        "field-password-error": "That one is among the first that would be guessed. "
        "Three or four unrelated words make a good one.",
    }
    assert answer["[name=email]"].get("value") == "sam@riverside"
    assert answer["[name=clinic_phone]"].get("value") == "12"
    assert not answer["[name=password]"].has("value")
    assert await load_clinic() is None


async def test_the_clinic_s_phone_is_read_in_the_country_beside_it(client: Client, link: str) -> None:
    await send(client, link, country="FR", time_zone="Europe/Paris", clinic_phone="01 53 67 50 00")
    clinic = await load_clinic()
    assert clinic is not None
    assert clinic.phone == "+33153675000"


async def test_the_password_must_not_hold_what_stands_beside_it(client: Client, link: str) -> None:
    answer = await send(client, link, password="my Riverside secret")
    assert (
        answer["#field-password-error"].text
        == "Leave out your name, your e-mail address and the clinic's name."
    )


async def test_before_set_up_every_page_says_where_the_link_is(client: Client, database: Engine) -> None:
    for path in ("/", "/login", "/m", "/admin/login", "/admin/users", "/diary", "/nowhere"):
        answer = await client.page(path)
        assert answer.status == 503, path
        assert "Daybook isn't set up yet." in answer.text
