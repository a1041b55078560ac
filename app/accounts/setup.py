"""Set-up: an empty database gets its clinic and first administrator by a one-use link."""

from __future__ import annotations

from datetime import timedelta

from app.accounts.credentials import store_credential
from app.accounts.forms import SetupForm
from app.accounts.hashing import hash_secret
from app.accounts.secrets import check_own_password
from app.accounts.tables import CredentialKind, SetupLink, User
from app.accounts.tokens import new_token, token_hash
from app.audit.record import record
from app.clinic.clinic import create_clinic, load_clinic
from app.clock import now
from app.db import execute, rows, write
from app.errors import NotFound
from app.i18n import gettext as _
from app.text import searchable

LINK_LASTS = timedelta(minutes=60)


async def new_setup_link() -> str | None:
    """The path of a fresh set-up link; None once somebody is on the staff. Earlier links stop working."""
    if await load_clinic() or await rows("SELECT id FROM staff_user LIMIT 1"):
        return None
    token, at = new_token(), now()
    async with write():
        await SetupLink.update({SetupLink.expires_at: at}).where(SetupLink.expires_at > at)
        await SetupLink.insert(
            SetupLink(token_hash=token_hash(token), created_at=at, expires_at=at + LINK_LASTS)
        )
    return f"/setup/{token}"


async def require_setup_link(token: str) -> None:
    """Raise NotFound unless the link still works."""
    found = await rows(
        "SELECT id FROM setup_link WHERE token_hash = {} AND used_at IS NULL AND expires_at > {}",
        token_hash(token),
        now(),
    )
    if not found:
        raise NotFound(
            _(
                "This set-up link has expired or was used. Starting Daybook again makes a new one, while it is empty."
            )
        )


async def set_up(form: SetupForm, token: str) -> int:
    """Create the clinic and its first administrator; the administrator's id. The link is used up by it.

    Raises NotFound when the link doesn't work (any more), Invalid next to the password when it won't do.
    """
    await require_setup_link(token)
    check_own_password(form.password, field="password", about=[form.name, form.email, form.clinic_name])
    async with write():
        return await _first_administrator(form, token)


async def _first_administrator(form: SetupForm, token: str) -> int:
    at = now()
    used = await execute(
        "UPDATE setup_link SET used_at = {} WHERE token_hash = {} AND used_at IS NULL RETURNING id",
        at,
        token_hash(token),
    )
    if not used:
        raise NotFound(_("This set-up link has just been used."))
    await create_clinic(
        name=form.clinic_name, country=form.country, time_zone=form.time_zone, phone=form.clinic_phone
    )
    created = await User.insert(
        User(
            name=form.name,
            search=searchable(form.name, form.email),
            email=form.email,
            administrator=True,
            enabled_for_online=True,
            created_at=at,
        )
    ).returning(User.id)
    administrator: int = created[0]["id"]
    # Hashing belongs outside transactions, but needs the user's id, and here nobody is kept waiting: to give the
    # administrator an id first would leave a clinic without a way in if this process died in between.
    hashed = await hash_secret(CredentialKind.PASSWORD, administrator, form.password)
    await store_credential(administrator, CredentialKind.PASSWORD, hashed, temporary=False, message=None)
    await record("clinic.set_up", actor=administrator, subject="user", subject_id=administrator)
    return administrator
