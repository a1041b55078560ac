"""Administrators and passwords made from the machine itself: the way in when nobody else can let one in."""

from __future__ import annotations

import pydantic

from app.accounts.credentials import credentials_of, store_credential, withdraw_login, withdraw_logins
from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.secrets import new_password
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, find_user, insert_user
from app.audit.record import record
from app.clinic.clinic import load_clinic
from app.db import execute, write
from app.errors import Conflict, Invalid, NotFound
from app.forms import sentence
from app.i18n import gettext as _
from app.messages.outbox import post, supersede


async def create_administrator(name: str, email: str) -> str:
    """Make a new user, or the current one with that e-mail address, an administrator; the temporary password.

    Raises Invalid for what isn't a name or an e-mail address, Conflict while there is no clinic: its set-up link
    makes the first administrator, and would stop working if this did.
    """
    form = _read(name, email)
    if await load_clinic() is None:
        raise Conflict(
            _("There is no clinic yet. `python -m app setup-link` prints the link that sets it up.")
        )
    user = await _administrator(form)
    password = new_password()
    hashed = await hash_secret(CredentialKind.PASSWORD, user, password)
    async with write():
        await store_credential(user, CredentialKind.PASSWORD, hashed, temporary=True, message=None)
        await withdraw_logins(user, "reissued")
        await record("administrator.created", actor=None, subject="user", subject_id=user)
    return password


async def reset_password(email: str) -> tuple[StaffUser, str]:
    """Replace the password of the current user with that e-mail address by a temporary one: the user, and that.

    Their desktops are logged out, and they are told by e-mail. Raises NotFound where there is no such online login,
    and Conflict where it would open nothing.
    """
    user = await find_user(email=email.strip().lower())
    login = (await credentials_of(user.id)).get(CredentialKind.PASSWORD) if user else None
    if user is None or login is None:
        raise NotFound(_("No current user has an online login with that e-mail address."))
    if not user.may_log_in(CredentialKind.PASSWORD):
        raise Conflict(
            _(
                "{name} is not enabled for online, so no password would let them in. Tick “Enabled for Online” on "
                "their record first."
            ).format(name=user.name)
        )
    password = new_password()
    hashed = await hash_secret(CredentialKind.PASSWORD, user.id, password)
    async with write():
        await supersede([login.message] if login.message else [])
        await store_credential(user.id, CredentialKind.PASSWORD, hashed, temporary=True, message=None)
        await withdraw_login(user.id, CredentialKind.PASSWORD, "reissued")
        await record("password.reset", actor=None, subject="user", subject_id=user.id)
        notice = {"name": user.name, "changed": "password"}
        await post("credential_changed", "email", user.email, user.id, notice)
    return user, password


def _read(name: str, email: str) -> UserForm:
    try:
        form = UserForm(name=name, email=email, administrator=True)
    except pydantic.ValidationError as invalid:
        raise Invalid(sentence(invalid.errors()[0])) from None
    if not form.email:
        raise Invalid(_("Give an e-mail address: it is the user name."))
    return form


async def _administrator(form: UserForm) -> int:
    """The current user with that address, from now on an administrator; a new one where there is none."""
    async with write():
        found = await execute(
            "UPDATE staff_user SET administrator = {}, version = version + 1 WHERE email = {} AND current RETURNING id",
            True,
            form.email,
        )
        return int(found[0]["id"]) if found else await insert_user(form, by=None)
