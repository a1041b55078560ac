"""Administrators made from the machine itself: the way in when nobody else can let one in."""

from __future__ import annotations

import pydantic

from app.accounts.credentials import store_credential, withdraw_logins
from app.accounts.forms import UserForm
from app.accounts.hashing import hash_secret
from app.accounts.secrets import new_password
from app.accounts.tables import CredentialKind
from app.accounts.users import insert_user
from app.audit.record import record
from app.db import execute, rows, write
from app.errors import Invalid


async def create_administrator(name: str, email: str) -> str:
    """Make a new user, or the current one with that e-mail address, an administrator; the temporary password.

    Raises Invalid for what isn't a name or an e-mail address.
    """
    try:
        form = UserForm(name=name, email=email, administrator=True)
    except pydantic.ValidationError as invalid:
        raise Invalid(str(invalid.errors()[0]["msg"])) from None
    found = await rows("SELECT id FROM staff_user WHERE email = {} AND current", form.email)
    user: int = found[0]["id"] if found else await insert_user(form, by=None)
    password = new_password()
    hashed = await hash_secret(CredentialKind.PASSWORD, user, password)
    async with write():
        await execute(
            "UPDATE staff_user SET administrator = {}, version = version + 1 WHERE id = {}", True, user
        )
        await store_credential(user, CredentialKind.PASSWORD, hashed, temporary=True, message=None)
        await withdraw_logins(user, "reissued")
        await record("administrator.created", actor=None, subject="user", subject_id=user)
    return password
