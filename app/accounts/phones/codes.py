"""Codes by text: six digits that show that whoever asks holds the phone with that number.

They are good for ten minutes and five tries, once, in the browser that asked. Where none may be sent, a row stands for
it that no digits open: whoever asks can't tell, neither by what comes back nor by what a wrong code meets with.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import settings
from app.accounts.phones.tables import CodePurpose, PhoneCode
from app.accounts.tokens import new_token, token_hash
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.messages.compose import Purpose
from app.messages.outbox import post
from app.messages.tables import Channel
from app.messages.transports import channel_available

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
# A text costs money, and wakes whoever gets it: nobody is to be pestered with them.
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
A_NUMBER_AN_HOUR, A_NUMBER_A_DAY, THE_PORTAL_A_DAY = 3, 6, 200


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whom a code goes to. ``mark`` is of the secret that was given: when it is replaced the code is worth nothing."""

    user: int
    mobile: str
    mark: str


@dataclass(frozen=True, slots=True)
class Redeemed:
    """Whose code was right; ``mark`` as it was when it was asked for."""

    user: int
    mark: str


async def ask_for_code(purpose: CodePurpose, holder: CodeHolder | None) -> str:
    """Text a code, unless ``holder`` is None or has had too many. The token for the browser, in either case alike."""
    browser, code = new_token(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    at = now()
    async with write():
        await PhoneCode.delete().where(PhoneCode.created_at <= at - DAY)
        goes_to = holder if holder and await _may_be_sent(holder, at) else None
        await PhoneCode.insert(
            PhoneCode(
                purpose=purpose,
                browser_hash=token_hash(browser),
                user=goes_to.user if goes_to else None,
                mark=goes_to.mark if goes_to else "",
                mobile_key=_mobile_key(goes_to.mobile) if goes_to else "",
                code_hash=_code_hash(browser, code),
                created_at=at,
                expires_at=at + LASTS,
            )
        )
        if goes_to:
            await post(
                Purpose.PHONE_CODE,
                Channel.TEXT,
                goes_to.mobile,
                goes_to.user,
                {"code": code},
                expires_at=at + LASTS,
            )
    return browser


async def redeem_code(purpose: CodePurpose, browser: str, typed: str) -> Redeemed | None:
    """Whose code that is; None where it is wrong, over or used up. A try counts before it is checked."""
    async with write():
        found = await execute(
            """
            UPDATE phone_code SET tries = tries + 1
            WHERE browser_hash = {} AND purpose = {} AND expires_at > {} AND NOT used AND tries < {}
            RETURNING id, "user", mark, code_hash
            """,
            token_hash(browser),
            purpose.value,
            now(),
            TRIES,
        )
        right = found and hmac.compare_digest(found[0]["code_hash"], _code_hash(browser, typed))
        if not right or found[0]["user"] is None:
            return None
        await PhoneCode.update({PhoneCode.used: True}).where(PhoneCode.id == found[0]["id"])
        return Redeemed(found[0]["user"], found[0]["mark"])


async def _may_be_sent(holder: CodeHolder, at: datetime) -> bool:
    """Whether another text is within the limits, in the caller's transaction. What isn't sent is on record."""
    if not channel_available(Channel.TEXT, settings.current()):
        return False
    await _hold_count()
    found = await rows(
        """
        SELECT sum(CASE WHEN mobile_key = {} AND created_at > {} THEN 1 ELSE 0 END) AS hour,
               sum(CASE WHEN mobile_key = {} THEN 1 ELSE 0 END) AS day, count(*) AS portal
        FROM phone_code WHERE mobile_key <> '' AND created_at > {}
        """,
        key := _mobile_key(holder.mobile),
        at - HOUR,
        key,
        at - DAY,
    )
    sent = found[0]
    reached = {
        "number": (sent["hour"] or 0) >= A_NUMBER_AN_HOUR or (sent["day"] or 0) >= A_NUMBER_A_DAY,
        "portal": sent["portal"] >= THE_PORTAL_A_DAY,
    }
    if limit := next((name for name, is_reached in reached.items() if is_reached), None):
        await record("phone.code_withheld", actor=None, subject="user", subject_id=holder.user, limit=limit)
    return limit is None


async def _hold_count() -> None:
    """Until the transaction ends nobody else counts: of those who ask at once each sees the ones before."""
    await execute(
        """
        INSERT INTO login_failures (kind, key, window_started_at, failures) VALUES ('codes', '', {}, 0)
        ON CONFLICT (kind, key) DO UPDATE SET kind = excluded.kind RETURNING id
        """,
        now(),
    )


def _mobile_key(mobile: str) -> str:
    return hmac.new(settings.current().key("code-limits"), mobile.encode(), hashlib.sha256).hexdigest()


def _code_hash(browser: str, code: str) -> str:
    """Under a key that isn't in the database: six digits alone are tried through in no time."""
    key = settings.current().key("phone-codes")
    return hmac.new(key, f"{browser}:{code}".encode(), hashlib.sha256).hexdigest()
