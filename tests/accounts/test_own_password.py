"""A password of one's own: what is asked of it, and what changing it brings about."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.accounts.devices import FAILURES_UNTIL_UNKNOWN
from app.accounts.secrets import check_own_password
from app.db import rows
from app.messages.crypto import unseal
from app.settings import Settings
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import PASSWORD, Person, give_password, log_in, logged_in

NEW = "velvet harbour anchor 9"
TEMPORARY = "grove-lemon-473pq"


async def choose(client: Client, **typed: str) -> Answer:
    return await (await client.page("/account")).submit("#own-password", **typed)


async def test_it_opens_the_diary_and_the_old_one_does_not(
    anna: Person, client: Client, new_client: Callable[..., Client]
) -> None:
    await logged_in(client, anna)
    answer = await choose(client, current=PASSWORD, new=NEW)
    assert (answer.status, answer.location) == (303, "/account")
    assert "Your password is changed." in (await answer.follow()).text
    assert (await log_in(new_client(), anna.email, NEW)).status == 303
    assert (await log_in(client, anna.email, PASSWORD)).status == 422


async def test_other_desktops_are_logged_out_and_phones_and_this_one_are_not(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    here, there = await logged_in(new_client(), anna), await logged_in(new_client(), anna)
    phone = await logged_in(new_client(), anna, phone=True)
    await choose(here, current=PASSWORD, new=NEW)
    assert (await here.page("/diary")).location.startswith("/diary/")
    assert (await there.page("/diary")).location.startswith("/login")
    assert (await phone.page("/m/today")).status == 200


async def test_the_owner_is_told_by_e_mail(anna: Person, client: Client, settings: Settings) -> None:
    await logged_in(client, anna)
    await choose(client, current=PASSWORD, new=NEW)
    [message] = await rows("SELECT * FROM message")
    assert (message["purpose"], message["recipient"]) == ("credential_changed", anna.email)
    context = unseal(
        message["payload"], message["payload_key"], message["reference"], "email", settings.message_keys
    )
    assert context == {"name": "Anna Marsh", "changed": "password"}


async def test_the_change_is_on_record(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    await choose(client, current=PASSWORD, new=NEW)
    [entry] = await rows(
        "SELECT actor, subject_id, details FROM audit_entry WHERE action = 'password.chosen'"
    )
    assert entry == {"actor": anna.id, "subject_id": str(anna.id), "details": ""}


async def test_a_temporary_one_that_was_just_given_need_not_be_typed_again(
    anna: Person, client: Client
) -> None:
    await give_password(anna, TEMPORARY, temporary=True)
    await log_in(client, anna.email, TEMPORARY)
    page = await client.page("/account")
    assert "[name=current]" not in page
    assert (await page.submit("#own-password", new=NEW)).status == 303
    assert await rows("SELECT temporary FROM credential WHERE kind = 'password'") == [{"temporary": False}]
    assert "Choose a password of your own" not in (await (await client.page("/diary")).follow()).text


async def test_a_while_later_it_must_be_typed(anna: Person, client: Client, frozen: FrozenClock) -> None:
    await give_password(anna, TEMPORARY, temporary=True)
    await log_in(client, anna.email, TEMPORARY)
    frozen.tick(minutes=11)
    assert "[name=current]" in await client.page("/account")
    answer = await client.submit("/account/password", {"new": NEW})
    assert (answer.status, answer["#field-current-error"].text) == (422, "This isn't your current password.")


@pytest.mark.parametrize("current", ["", "wrong", NEW])
async def test_without_the_current_one_nothing_changes(anna: Person, client: Client, current: str) -> None:
    await logged_in(client, anna)
    before = await rows("SELECT secret_hash FROM credential")
    answer = await choose(client, current=current, new=NEW)
    assert (answer.status, answer["#field-current-error"].text) == (422, "This isn't your current password.")
    assert await rows("SELECT secret_hash FROM credential") == before


async def test_whoever_guesses_at_an_open_desktop_is_logged_out(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    page = await client.page("/account")
    for n in range(FAILURES_UNTIL_UNKNOWN):
        assert (await page.submit("#own-password", current=f"guess {n}", new=NEW)).status == 422
    answer = await page.submit("#own-password", current=PASSWORD, new=NEW)
    assert answer.status == 403
    assert "That was wrong too often, so you are logged out. Please log in again." in answer.text
    assert (await client.page("/diary")).location.startswith("/login")
    found = await rows("SELECT action FROM audit_entry WHERE actor = {} ORDER BY id", anna.id)
    assert [row["action"] for row in found] == [
        *["login.not_confirmed"] * FAILURES_UNTIL_UNKNOWN,
        "login.cut_off",
    ]


async def test_a_right_guess_starts_the_count_anew(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    page = await client.page("/account")
    for _ in range(2):
        for n in range(FAILURES_UNTIL_UNKNOWN - 1):
            await page.submit("#own-password", current=f"guess {n}", new=NEW)
        assert (await page.submit("#own-password", current=PASSWORD, new="short")).status == 422
    assert (await page.submit("#own-password", current=PASSWORD, new=NEW)).status == 303


async def test_a_bad_new_one_is_told_beside_its_field(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    answer = await choose(client, current=PASSWORD, new="too short")
    assert (answer.status, answer["#field-new-error"].text) == (422, "Use at least 12 characters.")
    assert "too short" not in answer.response.text


async def test_it_must_not_hold_what_everybody_knows_of_one(anna: Person, client: Client) -> None:
    await logged_in(client, anna)
    for known in ("ANNA", "marsh", "Riverside", "physio"):
        answer = await choose(client, current=PASSWORD, new=f"{known} velvet anchor 9")
        assert (
            answer["#field-new-error"].text
            == "Leave out your name, your e-mail address and the clinic's name."
        )


async def test_whoever_has_only_a_mobile_login_has_no_password_to_change(sam: Person, client: Client) -> None:
    await logged_in(client, sam)
    assert "#own-password" not in await client.page("/account")
    answer = await client.submit("/account/password", {"current": "x", "new": NEW})
    assert (answer.status, "You have no online login" in answer.text) == (422, True)


@pytest.mark.parametrize(
    "password",
    [
        "stapler orchid velvet",
        "twelve chars",
        "пароль из шести слов",
        "四つの単語でできた合言葉",
        "🐙🦑🐚🪸🐠🐟🐡🦈🐬🐳🐋🦭",
        "a" * 5 + " very long one " * 8,
        "e\u0301cole navire soleil",
        "4@8({[<369&#!1/|0$5+7%2" * 5,
    ],
)
def test_any_letters_do_and_no_composition_is_asked_for(password: str) -> None:
    check_own_password(password, "Anna Marsh", "anna@riverside.example", "Riverside Physio")


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("", "Use at least 12 characters."),
        ("eleven char", "Use at least 12 characters."),
        ("e\u0301" * 11, "Use at least 12 characters."),
        ("🐙" * 129, "Use at most 128 characters."),
        ("password1234", "That one is among the first"),
        ("passwordpassword", "That one is among the first"),
        ("123456789012", "That one is among the first"),
        ("qwertyuiopas", "That one is among the first"),
        ("aaaaaaaaaaaaaaaa", "That one is among the first"),
        ("P@ssw0rd1234", "That one is among the first"),
        ("xx ZOË-Marie xx", "Leave out your name"),
        ("xx zoe\u0308-marie xx", "Leave out your name"),
    ],
)
def test_too_short_too_long_common_and_personal_ones_are_refused(password: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        check_own_password(password, "Zoë-Marie Lund", "z.lund@clinic.example")
