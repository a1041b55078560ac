"""Failing to log in: one calm answer, whatever was wrong, so that nothing can be learnt from it."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable

import pytest

from app.accounts.login import FAILURES_ANSWER_AFTER
from app.accounts.tables import User
from app.db import rows
from tests.support.client import Answer, Client
from tests.support.people import (
    MOBILE,
    PASSWORD,
    PIN,
    Person,
    a_practitioner,
    give_password,
    give_pin,
    log_in,
    log_in_by_pin,
)

CALM = "That didn't work. Check what you typed, wait a moment and try again."


@pytest.fixture
async def disabled(anna: Person) -> Person:
    """Somebody with both logins who is no longer enabled for them."""
    ben = await a_practitioner("Ben Osei", mobile="+447911123457", enabled=False)
    await give_password(ben)
    await give_pin(ben)
    return ben


@pytest.fixture
async def gone(anna: Person) -> Person:
    """Somebody who no longer works here."""
    gil = await a_practitioner("Gil Hope", mobile="+447911123458")
    await give_password(gil)
    await give_pin(gil)
    await User.update({User.current: False}).where(User.id == gil.id)
    return gil


def without_what_was_typed(answer: Answer) -> str:
    """The page but for what comes from the form, and from the browser's own token."""
    return re.sub(r'value="[^"]*"|"x-csrftoken": "[^"]*"', "", answer.response.text)


async def all_alike(answers: list[Answer]) -> bool:
    """Whether each says the same, in 422."""
    assert all(answer.status == 422 and CALM in answer.text for answer in answers), [
        a.status for a in answers
    ]
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers}) == 1
    return len({without_what_was_typed(answer) for answer in answers}) == 1


async def test_unknown_wrong_disabled_blocked_and_gone_get_the_same_answer(
    anna: Person, disabled: Person, gone: Person, new_client: Callable[..., Client]
) -> None:
    blocked = await log_in(new_client(), "blocked@riverside.example", "wrong")
    tries = [
        ("nobody@riverside.example", PASSWORD),
        (anna.email, "not the password"),
        (disabled.email, PASSWORD),
        (gone.email, PASSWORD),
        ("blocked@riverside.example", PASSWORD),
        ("no address", "x"),
    ]
    answers = await asyncio.gather(*(log_in(new_client(), *typed) for typed in tries))
    assert await all_alike([blocked, *answers])


async def test_with_number_and_pin_each_is_asked_for_a_code_in_the_same_words(
    anna: Person, disabled: Person, gone: Person, new_client: Callable[..., Client]
) -> None:
    """The right PIN as well, on a phone that isn't known: see tests/accounts/phones."""
    await log_in_by_pin(new_client())
    tries = [
        (MOBILE, PIN),
        ("+44 7911 999999", PIN),
        ("hello", PIN),
        (MOBILE, "000000"),
        (disabled.mobile, PIN),
        (gone.mobile, PIN),
        (MOBILE, "not a PIN"),
    ]
    answers = await asyncio.gather(*(log_in_by_pin(new_client(), *typed) for typed in tries))
    assert {(answer.status, answer.location) for answer in answers} == {(303, "/m/code")}
    assert len({tuple(sorted(answer.headers.keys())) for answer in answers}) == 1
    pages = await asyncio.gather(*(answer.follow() for answer in answers))
    assert len({without_what_was_typed(page) for page in pages}) == 1
    assert "If number and PIN were right, a code is on its way; otherwise try again." in pages[0].text
    wrong = await asyncio.gather(*(page.submit(code="123 456") for page in pages))
    assert {answer.status for answer in wrong} == {422}
    assert len({without_what_was_typed(answer) for answer in wrong}) == 1


async def test_a_failure_keeps_the_user_name_and_not_the_secret(anna: Person, client: Client) -> None:
    answer = await log_in(client, anna.email, "not the password")
    assert answer["[name=email]"].get("value") == anna.email
    assert not answer["[name=password]"].has("value")
    assert "not the password" not in answer.response.text


async def test_a_failure_never_answers_sooner_than_the_rest(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    async def timed(email: str) -> float:
        client = new_client()
        await client.token()
        began = time.monotonic()
        await log_in(client, email, "wrong")
        return time.monotonic() - began

    took = await asyncio.gather(timed(anna.email), timed("nobody@riverside.example"))
    assert min(took) >= FAILURES_ANSWER_AFTER


async def test_htmx_gets_the_form_alone(anna: Person, client: Client) -> None:
    page = await client.page("/login")
    answer = await page.submit(email=anna.email, password="wrong", partial=True)
    assert (answer.status, "html" in answer, "#login-form" in answer) == (422, False, True)


async def test_a_practitioner_s_right_password_does_not_open_the_desk_s_door(
    anna: Person, client: Client
) -> None:
    answer = await log_in(client, anna.email, door="/admin/login")
    assert (answer.status, CALM in answer.text) == (422, True)
    assert await rows("SELECT id FROM login_session") == []


async def test_a_pin_is_no_password_and_a_password_no_pin(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    answers = await asyncio.gather(
        log_in(new_client(), anna.email, PIN), log_in_by_pin(new_client(), MOBILE, PASSWORD[:20])
    )
    assert (answers[0].status, answers[1].location) == (422, "/m/code")
    assert await rows("SELECT id FROM login_session") == []


async def test_a_failure_is_on_record_without_what_was_typed(
    anna: Person, new_client: Callable[..., Client]
) -> None:
    await asyncio.gather(
        log_in(new_client(), anna.email, "not the password"),
        log_in(new_client(), "nobody@riverside.example", "not the password"),
    )
    entries = await rows(
        "SELECT actor, subject, subject_id, details, address FROM audit_entry WHERE action = 'login.failed'"
    )
    assert {(entry["subject"], entry["subject_id"]) for entry in entries} == {
        ("user", str(anna.id)),
        ("", ""),
    }
    for entry in entries:
        assert entry["actor"] is None
        assert entry["address"] == "203.0.113.7"
        assert json.loads(entry["details"]) == {"kind": "password", "known_device": False}


async def test_empty_fields_are_told_beside_them(anna: Person, client: Client) -> None:
    answer = await log_in(client, "", "")
    assert answer.status == 422
    assert [error.text for error in answer.all(".field-error")] == ["Please fill this in."] * 2
