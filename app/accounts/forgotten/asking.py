"""Asking for a link because a password or PIN is forgotten: whatever is typed, the answer and its time are the same."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import anyio

from app.accounts.alerts import tell_administrators
from app.accounts.credentials import credentials_of
from app.accounts.forgotten.links import LASTS, new_link
from app.accounts.limits import count_within, network_of
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, find_user
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import write
from app.errors import TooMany
from app.i18n import gettext as _
from app.messages.compose import Purpose
from app.messages.outbox import post
from app.messages.tables import Channel

ANSWERS_AFTER = 0.4  # seconds: how long it takes to write to somebody or to nobody is not to be seen
# How many times it may be asked for: by what was typed, by a network; and how many mails leave in all.
ADDRESS_LIMITS = ((3, timedelta(hours=1)), (6, timedelta(days=1)))
NETWORK_LIMIT, NETWORK_WINDOW = 20, timedelta(hours=1)
PORTAL_LIMIT, PORTAL_WINDOW = 100, timedelta(hours=1)

_LINKS = {
    CredentialKind.PASSWORD: (Purpose.FORGOTTEN_PASSWORD, "/login"),
    CredentialKind.PIN: (Purpose.FORGOTTEN_PIN, "/m"),
}


async def ask_for_password_link(email: str, clinic: ClinicSettings, *, address: str) -> None:
    """Mail a link to the current user who logs in with that address, if there is one. ``address``: the browser's.

    Raises TooMany when its network has asked too often.
    """
    async with taking_the_same_time():
        kind = CredentialKind.PASSWORD
        may_leave = await count_asking(kind, email, address)
        user = await find_user(email=email)
        helped = user is not None and may_leave and await _may_come_in(user, kind, clinic)
        async with write():
            mailed = helped and await mail_may_leave()
            if user and mailed:
                await _mail_link(user, kind)
            await note_asking(kind, user, mailed=mailed)


async def ask_for_pin_link(mobile: str, clinic: ClinicSettings, *, address: str) -> None:
    """The same for a PIN, by number; of somebody without an e-mail address the administrators are told instead."""
    async with taking_the_same_time():
        kind = CredentialKind.PIN
        may_leave = await count_asking(kind, mobile, address)
        user = await find_user(mobile=mobile)
        helped = user is not None and may_leave and await _may_come_in(user, kind, clinic)
        async with write():
            mailed = helped and await mail_may_leave()
            if user and mailed:
                await (_mail_link(user, kind) if user.email else _tell_administrators(user))
            await note_asking(kind, user, mailed=mailed)


async def _may_come_in(user: StaffUser, kind: CredentialKind, clinic: ClinicSettings) -> bool:
    """Whether there is a secret to be chosen anew, and a door that is open to them."""
    has_login = kind in await credentials_of(user.id)
    door_open = clinic.portal_online or user.keeps_desk
    return has_login and door_open and user.may_log_in(kind)


async def _mail_link(user: StaffUser, kind: CredentialKind) -> None:
    purpose, door = _LINKS[kind]
    context = {"name": user.name, "path": f"{door}/forgotten/{await new_link(user.id, kind)}"}
    await post(purpose, Channel.EMAIL, user.email, user.id, context, expires_at=now() + LASTS)


async def _tell_administrators(user: StaffUser) -> None:
    await tell_administrators(Purpose.PIN_TO_REISSUE, whose=user.name, path=f"/admin/users/{user.id}")


async def count_asking(kind: CredentialKind, typed: str, address: str) -> bool:
    """Count it before anything is looked up; whether anything may leave. Raises TooMany for the network."""
    async with write():
        asked = await count_within("forgotten_network", network_of(address), NETWORK_WINDOW)
        if asked > NETWORK_LIMIT:
            raise TooMany(
                _("Too many tries from this network. Please try again in an hour."), retry_after=3600
            )
        for limit, window in ADDRESS_LIMITS:  # what the hour refuses uses up nothing of the day
            if await count_within(f"forgotten_{window.days}", f"{kind}:{typed}", window) > limit:
                return False
    return True


async def note_asking(kind: CredentialKind, user: StaffUser | None, *, mailed: bool) -> None:
    """Put it on record, in the caller's transaction; nobody is logged in who could have done it."""
    subject, subject_id = ("user", user.id) if user else ("", "")
    action = "pin.forgotten" if kind is CredentialKind.PIN else "password.forgotten"
    await record(action, actor=None, subject=subject, subject_id=subject_id, mailed=mailed)


async def mail_may_leave() -> bool:
    """Count one for the portal, in the caller's transaction; False when it has sent as many as it may.

    Only what leaves is counted: who asks for addresses that nobody has uses up nothing.
    """
    return await count_within("forgotten_portal", "", PORTAL_WINDOW) <= PORTAL_LIMIT


@asynccontextmanager
async def taking_the_same_time() -> AsyncIterator[None]:
    """Whatever is done inside ends ``ANSWERS_AFTER`` its beginning, unless it is refused."""
    began = time.monotonic()
    yield
    await anyio.sleep(max(0, ANSWERS_AFTER - (time.monotonic() - began)))
