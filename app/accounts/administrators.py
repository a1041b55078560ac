"""Administrators and passwords made from the machine itself: the way in when nobody else can let one in."""

from __future__ import annotations

import pydantic

from app.accounts.credentials import store_credential, withdraw_login, withdraw_logins
from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.secrets import new_password
from app.accounts.tables import CredentialKind
from app.accounts.users import insert_user
from app.audit.record import record
from app.clinic.clinic import load_clinic
from app.db import execute, rows, write
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


async def reset_password(email: str) -> str:
    """Replace the password of the current user with that e-mail address by a temporary one, which is returned.

    Their desktops are logged out, and they are told by e-mail. Raises NotFound where there is no such online login.
    """
    found = await rows(
        """
        SELECT u.id, u.name, u.email, c.message FROM staff_user u
        JOIN credential c ON c."user" = u.id AND c.kind = 'password'
        WHERE u.email = {} AND u.current
        """,
        email.strip().lower(),
    )
    if not found:
        raise NotFound(_("No current user has an online login with that e-mail address."))
    user, message = found[0]["id"], found[0]["message"]
    password = new_password()
    hashed = await hash_secret(CredentialKind.PASSWORD, user, password)
    async with write():
        await supersede([message] if message else [])
        await store_credential(user, CredentialKind.PASSWORD, hashed, temporary=True, message=None)
        await withdraw_login(user, CredentialKind.PASSWORD, "reissued")
        await record("password.reset", actor=None, subject="user", subject_id=user)
        notice = {"name": found[0]["name"], "changed": "password"}
        await post("credential_changed", "email", found[0]["email"], user, notice)
    return password


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
