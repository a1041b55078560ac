"""How one hears of what others change in one's diary is chosen on one's account."""

from __future__ import annotations

import pytest

from app.accounts.change_notices import Hearer, Telling, hearer
from app.accounts.tables import User
from app.messages.tables import Channel
from tests.support.client import Client
from tests.support.people import MOBILE, Person, a_front_desk, logged_in

CARD = "form[action='/account/change-notices']"


@pytest.mark.parametrize("phone", [False, True])
async def test_the_choice_is_kept_and_shown(anna: Person, client: Client, phone: bool) -> None:
    page = await (await logged_in(client, anna, phone=phone)).page("/account")
    assert [box.get("value") for box in page.all(f"{CARD} input[type=radio]")] == list(Telling)
    assert page[f"{CARD} input[checked]"].get("value") == "email"
    saved = await page.submit(CARD, change_notices="text")
    assert (saved.status, saved.location) == (303, "/account")
    assert (await saved.follow())[f"{CARD} input[checked]"].get("value") == "text"
    assert await hearer(anna.id) == Hearer("Anna Marsh", Channel.TEXT, MOBILE)


async def test_only_what_reaches_somebody_is_offered(anna: Person, client: Client) -> None:
    await User.update({User.mobile: "", User.change_notices: "text"}).where(User.id == anna.id)
    page = await (await logged_in(client, anna)).page("/account")
    assert [box.get("value") for box in page.all(f"{CARD} input[type=radio]")] == ["email", "none"]
    assert (await page.submit(CARD, change_notices="text")).status == 422
    assert (await page.submit(CARD, change_notices="pigeon" * 9)).status == 422


async def test_who_has_no_diary_has_nothing_to_choose(anna: Person, client: Client) -> None:
    page = await (await logged_in(client, await a_front_desk())).page("/account")
    assert CARD not in page
