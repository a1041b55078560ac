"""Authenticator apps: codes of six digits that change every 30 seconds (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyotp

from app.accounts.alerts import tell_owner
from app.accounts.factors.sealing import is_current, seal, unseal
from app.accounts.factors.tables import Authenticator
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, rows, write
from app.errors import Conflict, Invalid
from app.i18n import gettext as _
from app.messages.letters import Changed

STEP = 30  # seconds
DRIFT = 1  # steps that a phone's clock may be fast or slow
BEGUN_FOR = timedelta(minutes=30)
# A code is one of a million, and three are right at a time. Only who has the password gets to try any.
TRIES, TRIES_IN = 10, timedelta(days=1)


@dataclass(frozen=True, slots=True)
class BegunAuthenticator:
    """One that doesn't count yet: what the app has to be told."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)

    @property
    def typed(self) -> str:
        """The secret in fours, for whoever types it."""
        return " ".join(re.findall(".{1,4}", self.secret))


async def begin_authenticator(viewer: Viewer) -> None:
    """Make a new secret. It is shown in this session only, and counts once a code of it was typed."""
    pepper, sealed = seal(pyotp.random_base32(), viewer.user)
    async with write():
        await _drop(viewer.user, "confirmed_at IS NULL")
        await Authenticator.insert(
            Authenticator(
                user=viewer.user, secret=sealed, pepper=pepper, session=viewer.session, created_at=now()
            )
        )


async def begun_authenticator(viewer: Viewer, clinic: ClinicSettings) -> BegunAuthenticator | None:
    """The one that was begun in this session, for half an hour."""
    found = await _begun(viewer)
    secret = unseal(found["secret"], found["pepper"], viewer.user) if found else None
    if secret is None:
        return None
    person = (await rows("SELECT name, email FROM staff_user WHERE id = {}", viewer.user))[0]
    name = person["email"] or person["name"]
    return BegunAuthenticator(secret, pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=clinic.name))


async def confirm_authenticator(viewer: Viewer, code: str) -> bool:
    """From now on the app counts, in place of an earlier one; the owner is told by e-mail.

    Raises Invalid next to ``code``, and Conflict where nothing was begun here.
    """
    found = await _begun(viewer)
    if found is None:
        raise Conflict(_("This has taken too long. Please begin again."))
    step = _step_of(code, unseal(found["secret"], found["pepper"], viewer.user))
    if step is None:
        raise Invalid(
            _("This isn't the code that the app shows now. Check that its phone tells the right time."),
            "code",
        )
    async with write():
        await _drop(viewer.user, f"id <> {found['id']}")
        confirmed = await execute(
            "UPDATE authenticator SET confirmed_at = {}, last_step = {} WHERE id = {} AND confirmed_at IS NULL "
            "RETURNING id",
            now(),
            step,
            found["id"],
        )
        if not confirmed:
            raise Conflict(_("This has just been done in another tab."))
        await record("authenticator.added", actor=viewer.user, subject="user", subject_id=viewer.user)
        await tell_owner(viewer.user, Changed.AUTHENTICATOR_ADDED)
    return True


async def remove_authenticator(viewer: Viewer) -> bool:
    """The app's codes open nothing any more; the owner is told by e-mail."""
    async with write():
        if await _drop(viewer.user, "confirmed_at IS NOT NULL"):
            await record("authenticator.removed", actor=viewer.user, subject="user", subject_id=viewer.user)
            await tell_owner(viewer.user, Changed.AUTHENTICATOR_REMOVED)
    return True


async def authenticator_since(user: int) -> datetime | None:
    """Since when the user has one that counts."""
    found = await rows(
        'SELECT confirmed_at FROM authenticator WHERE "user" = {} AND confirmed_at IS NOT NULL', user
    )
    return found[0]["confirmed_at"] if found else None


async def take_code(user: int, code: str) -> bool:
    """Whether that is the code of now, which no second log-in can use.

    It is counted before it is looked at: of guesses that arrive at once no more than ten a day get through.
    """
    at = now()
    found = await execute(
        """
        UPDATE authenticator SET
            failures = CASE WHEN failures_since > {} THEN failures + 1 ELSE 1 END,
            failures_since = CASE WHEN failures_since > {} THEN failures_since ELSE {} END
        WHERE "user" = {} AND confirmed_at IS NOT NULL
          AND (failures_since IS NULL OR failures_since <= {} OR failures < {})
        RETURNING id, secret, pepper
        """,
        at - TRIES_IN,
        at - TRIES_IN,
        at,
        user,
        at - TRIES_IN,
        TRIES,
    )
    secret = unseal(found[0]["secret"], found[0]["pepper"], user) if found else None
    step = _step_of(code, secret)
    if secret is None or step is None:
        return False
    return await _spend_step(found[0], user, secret, step)


async def _spend_step(row: dict[str, Any], user: int, secret: str, step: int) -> bool:
    pepper, sealed = (row["pepper"], row["secret"]) if is_current(row["pepper"]) else seal(secret, user)
    taken = await execute(
        "UPDATE authenticator SET last_step = {}, failures = 0, secret = {}, pepper = {} "
        "WHERE id = {} AND last_step < {} RETURNING id",
        step,
        sealed,
        pepper,
        row["id"],
        step,
    )
    return bool(taken)


def _step_of(code: str, secret: str | None) -> int | None:
    """The time step whose code that is, of those that a clock a little off may be at."""
    if secret is None:
        return None
    codes, current = pyotp.TOTP(secret), int(now().timestamp()) // STEP
    steps = range(current - DRIFT, current + DRIFT + 1)
    return next((step for step in steps if hmac.compare_digest(codes.generate_otp(step), digits(code))), None)


def digits(code: str) -> str:
    """The code without the spaces that apps show it with; only ASCII, as comparing takes no other."""
    return "".join(letter for letter in code if letter.isascii() and not letter.isspace())


async def _begun(viewer: Viewer) -> dict[str, Any] | None:
    found = await rows(
        """
        SELECT id, secret, pepper FROM authenticator
        WHERE "user" = {} AND session = {} AND confirmed_at IS NULL AND created_at > {}
        """,
        viewer.user,
        viewer.session,
        now() - BEGUN_FOR,
    )
    return found[0] if found else None


async def _drop(user: int, which: str) -> bool:
    return bool(
        await execute(f'DELETE FROM authenticator WHERE "user" = {{}} AND {which} RETURNING id', user)
    )
