"""Recovery codes: ten on paper, each good once, for when the phone or the key is lost."""

from __future__ import annotations

import hashlib
import secrets

from app.accounts.alerts import tell_owner
from app.accounts.factors.tables import RecoveryCode
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.messages.letters import Changed

HOW_MANY = 10
# 32 letters and digits that can't be confused, so that 16 of them hold 80 random bits: a fast hash is enough for those.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LETTERS, GROUP = 16, 4


async def make_recovery_codes(viewer: Viewer) -> list[str]:
    """New codes in place of all earlier ones, to be shown this once; the owner is told by e-mail."""
    codes = [_new_code() for _ in range(HOW_MANY)]
    async with write():
        await RecoveryCode.delete().where(RecoveryCode.user == viewer.user)
        await RecoveryCode.insert(
            *(RecoveryCode(user=viewer.user, code_hash=_hashed(viewer.user, code)) for code in codes)
        )
        await record("recovery_codes.made", actor=viewer.user, subject="user", subject_id=viewer.user)
        await tell_owner(viewer.user, Changed.RECOVERY_CODES)
    return codes


async def recovery_codes_left(user: int) -> int:
    """How many of the user's codes are still good."""
    found = await rows(
        'SELECT count(*) AS codes FROM recovery_code WHERE "user" = {} AND used_at IS NULL', user
    )
    return int(found[0]["codes"])


async def take_recovery_code(user: int, typed: str) -> bool:
    """Whether that is one of the user's codes, which from now on is none."""
    async with write():
        taken = await execute(
            'UPDATE recovery_code SET used_at = {} WHERE "user" = {} AND code_hash = {} AND used_at IS NULL '
            "RETURNING id",
            now(),
            user,
            _hashed(user, typed),
        )
        if taken:
            await record("recovery_code.used", actor=user, subject="user", subject_id=user)
            await tell_owner(user, Changed.RECOVERY_CODE_USED)
    return bool(taken)


def looks_like_recovery_code(typed: str) -> bool:
    """Whether it is as long as one, and so no code of an app."""
    return len(_bare(typed)) == LETTERS


def _new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return "-".join(letters[at : at + GROUP] for at in range(0, LETTERS, GROUP))


def _bare(typed: str) -> str:
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def _hashed(user: int, typed: str) -> str:
    return hashlib.sha256(f"{user}:{_bare(typed)}".encode()).hexdigest()
