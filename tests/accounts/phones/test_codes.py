"""Codes by text: what they open, for how long, and how few of them leave."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.accounts.phones import codes
from app.accounts.phones.codes import (
    A_NUMBER_A_DAY,
    A_NUMBER_AN_HOUR,
    TRIES,
    CodeHolder,
    Redeemed,
    ask_for_code,
    redeem_code,
)
from app.accounts.phones.tables import CodePurpose
from app.accounts.tokens import new_token
from app.db import rows
from app.messages.compose import Purpose
from tests.support.clock import FrozenClock
from tests.support.outbox import newest_code, waiting
from tests.support.people import MOBILE, Person

LOG_IN = CodePurpose.LOG_IN
WRONG = "no six digits"


@pytest.fixture
def holder(anna: Person) -> CodeHolder:
    return CodeHolder(anna.id, MOBILE, "mark of her PIN")


async def sent() -> int:
    return len(await rows("SELECT id FROM message WHERE purpose = 'phone_code'"))


async def test_a_code_opens_once_in_the_browser_that_asked(holder: CodeHolder) -> None:
    browser = await ask_for_code(LOG_IN, holder)
    code = await newest_code()
    assert (await waiting(Purpose.PHONE_CODE))[0]["recipient"] == MOBILE
    assert await redeem_code(LOG_IN, new_token(), code) is None, "another browser"
    assert await redeem_code(CodePurpose.NEW_PIN, browser, code) is None, "for something else"
    assert await redeem_code(LOG_IN, browser, code) == Redeemed(holder.user, holder.mark)
    assert await redeem_code(LOG_IN, browser, code) is None, "a second time"


async def test_a_code_lives_ten_minutes(holder: CodeHolder, frozen: FrozenClock) -> None:
    in_time, late = await ask_for_code(LOG_IN, holder), await ask_for_code(LOG_IN, holder)
    first, second = (message["code"] for message in await waiting(Purpose.PHONE_CODE))
    frozen.tick(minutes=9, seconds=59)
    assert await redeem_code(LOG_IN, in_time, first)
    frozen.tick(seconds=1)
    assert await redeem_code(LOG_IN, late, second) is None


async def test_a_code_bears_five_tries_also_when_they_come_at_once(holder: CodeHolder) -> None:
    browser = await ask_for_code(LOG_IN, holder)
    await asyncio.gather(*(redeem_code(LOG_IN, browser, WRONG) for _ in range(20)))
    assert await rows("SELECT tries FROM phone_code") == [{"tries": TRIES}]
    assert await redeem_code(LOG_IN, browser, await newest_code()) is None


async def test_where_none_is_sent_there_is_as_much_to_try_and_nothing_to_find(holder: CodeHolder) -> None:
    await ask_for_code(LOG_IN, None)
    assert await sent() == 0
    [kept] = await rows('SELECT "user", mobile_key, tries FROM phone_code')
    assert kept == {"user": None, "mobile_key": "", "tries": 0}


async def test_a_number_gets_three_codes_an_hour_and_six_a_day(
    holder: CodeHolder, frozen: FrozenClock
) -> None:
    for _ in range(A_NUMBER_AN_HOUR + 2):
        await ask_for_code(LOG_IN, holder)
    assert await sent() == 3
    frozen.tick(hours=1)
    for _ in range(A_NUMBER_AN_HOUR + 2):
        await ask_for_code(CodePurpose.NEW_PIN, holder)
    assert await sent() == A_NUMBER_A_DAY == 6
    frozen.tick(hours=22, minutes=59)
    await ask_for_code(LOG_IN, holder)
    assert await sent() == 6
    frozen.tick(minutes=1)
    await ask_for_code(LOG_IN, holder)
    assert await sent() == 7
    withheld = await rows("SELECT details FROM audit_entry WHERE action = 'phone.code_withheld'")
    assert [row["details"] for row in withheld] == ['{"limit": "number"}'] * 5


async def test_those_who_ask_at_once_do_not_pass_the_limit_together(holder: CodeHolder) -> None:
    await asyncio.gather(*(ask_for_code(LOG_IN, holder) for _ in range(12)))
    assert await sent() == A_NUMBER_AN_HOUR


async def test_the_portal_has_a_budget_a_day(
    holder: CodeHolder, frozen: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "THE_PORTAL_A_DAY", 8)  # as full as with its 200
    for n in range(10):
        await ask_for_code(LOG_IN, replace(holder, mobile=f"+44791100{n:04}"))
    assert await sent() == 8
    frozen.tick(days=1)
    await ask_for_code(LOG_IN, holder)
    assert await sent() == 9
    assert len(await rows("SELECT id FROM phone_code")) == 1, "yesterday's are gone"


async def test_neither_code_nor_number_nor_token_is_stored(holder: CodeHolder) -> None:
    browser = await ask_for_code(LOG_IN, holder)
    stored = str(await rows("SELECT * FROM phone_code")) + str(await rows("SELECT payload FROM message"))
    assert not any(secret in stored for secret in (browser, await newest_code(), holder.mobile[1:]))
