"""Set-up: an empty database gets its clinic and first administrator by a one-use link."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.credentials import store_credential
from app.accounts.forms import SetupForm, UserForm
from app.accounts.hashing import hash_secret
from app.accounts.tables import CredentialKind, SetupLink
from app.accounts.tokens import new_token, token_hash
from app.accounts.users import insert_user
from app.audit.record import record
from app.clinic.clinic import create_clinic, load_clinic
from app.clock import now
from app.db import execute, rows, write
from app.errors import NotFound
from app.i18n import gettext as _

LINK_LASTS = timedelta(minutes=60)


async def new_setup_link() -> str | None:
    """The path of a fresh set-up link; None once somebody is on the staff. Earlier links stop working."""
    if await _somebody_is_on_the_staff():
        return None
    token, at = new_token(), now()
    async with write():
        await SetupLink.update({SetupLink.expires_at: at}).where(SetupLink.expires_at > at)
        await SetupLink.insert(
            SetupLink(token_hash=token_hash(token), created_at=at, expires_at=at + LINK_LASTS)
        )
    return f"/setup/{token}"


async def require_setup_link(token: str) -> None:
    """Raise NotFound unless the link still works: for its time, and while nobody is on the staff."""
    if await _somebody_is_on_the_staff():
        raise NotFound(_("Daybook is set up already. Log in at /admin/login."))
    found = await rows(
        "SELECT id FROM setup_link WHERE token_hash = {} AND used_at IS NULL AND expires_at > {}",
        token_hash(token),
        now(),
    )
    if not found:
        raise NotFound(
            _("This set-up link is over. Starting Daybook again makes a new one, while it is empty.")
        )


async def set_up(form: SetupForm, token: str) -> int:
    """Create the clinic and its first administrator; the administrator's id. The link is used up by it.

    Raises NotFound when the link doesn't work (any more).
    """
    await require_setup_link(token)
    async with write():
        return await _first_administrator(form, token)


async def _first_administrator(form: SetupForm, token: str) -> int:
    used = await execute(
        "UPDATE setup_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL RETURNING id",
        now(),
        token_hash(token),
    )
    if not used:
        raise NotFound(_("This set-up link has just been used."))
    await create_clinic(
        name=form.clinic_name, country=form.country, time_zone=form.time_zone, phone=form.clinic_phone
    )
    user = UserForm(name=form.name, email=form.email, administrator=True, enabled_for_online=True)
    administrator = await insert_user(user, by=None)
    # Hashing belongs outside transactions, but needs the user's id, and here nobody is kept waiting: to give the
    # administrator an id first would leave a clinic without a way in if this process died in between.
    hashed = await hash_secret(CredentialKind.PASSWORD, administrator, form.password)
    await store_credential(administrator, CredentialKind.PASSWORD, hashed, temporary=False, message=None)
    await record("clinic.set_up", actor=administrator, subject="user", subject_id=administrator)
    return administrator


async def _somebody_is_on_the_staff() -> bool:
    return await load_clinic() is not None or bool(await rows("SELECT id FROM staff_user LIMIT 1"))
