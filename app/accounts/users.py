"""Users: the people on the staff, their records and whether they may have online logins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app.accounts.credentials import credentials_of, withdraw_logins
from app.accounts.forms import UserForm
from app.accounts.tables import CredentialKind, User
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.settings import lock_settings
from app.clock import now
from app.db import execute, rows, write
from app.db.faults import UniqueViolation
from app.db.once import once
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.text import searchable, searchable_number

SEARCH_LETTERS = 400
EDITED = ("name", "email", "mobile", "practitioner", "front_desk", "administrator", "enabled_for_online")


@dataclass(frozen=True, slots=True)
class StaffUser:
    """A user's record. ``email`` and ``mobile`` are the user names of the two logins; empty when there is none."""

    id: int
    name: str
    email: str
    mobile: str
    administrator: bool
    front_desk: bool
    practitioner: bool
    current: bool
    enabled_for_online: bool
    version: int

    @property
    def keeps_desk(self) -> bool:
        """Administrators and front desk; see Viewer."""
        return self.administrator or self.front_desk

    def may_log_in(self, kind: CredentialKind) -> bool:
        """Whether a login of that kind opens anything: for a password the desk's people have a door of their own."""
        by_password = kind is CredentialKind.PASSWORD
        return self.current and (self.enabled_for_online or (by_password and self.keeps_desk))


async def load_user(user: int) -> StaffUser:
    """The record. Raises NotFound."""
    found = await rows(f"SELECT {', '.join(StaffUser.__slots__)} FROM staff_user WHERE id = {{}}", user)
    if not found:
        raise NotFound(_("There is no such user."))
    return StaffUser(**found[0])


async def find_user(*, email: str = "", mobile: str = "") -> StaffUser | None:
    """The current user with that e-mail address or number; None where there is none, and for an empty one."""
    column, value = ("email", email) if email else ("mobile", mobile)
    columns = ", ".join(StaffUser.__slots__)
    found = await rows(
        f"SELECT {columns} FROM staff_user WHERE current AND {column} = {{}} AND {column} <> ''", value
    )
    return StaffUser(**found[0]) if found else None


async def create_user(form: UserForm, *, by: Viewer) -> int:
    """Add a user, once for the form's key however often it is sent.

    Raises Conflict next to an e-mail address or mobile number that another current user has, and for a key that
    has already created somebody else.
    """
    asked_for = form.model_dump(exclude={"key", "then", "password"})
    with address_conflicts_told():
        async with once(form.key, asked_for, actor=f"user:{by.user}") as earlier:
            if earlier.result is not None:
                return int(earlier.result)
            user = await insert_user(form, by=by.user)
            earlier.remember(str(user))
    return user


async def insert_user(form: UserForm, *, by: int | None) -> int:
    """Store a new user, in the caller's transaction. ``by`` is None for a command."""
    created = await User.insert(User({**_written(form), User.created_at: now()})).returning(User.id)
    user: int = created[0]["id"]
    await record("user.created", actor=by, subject="user", subject_id=user)
    return user


async def change_user(form: UserForm, user: int, *, by: Viewer) -> StaffUser:
    """Write the record anew. Unticking *Enabled for Online* ends the user's sessions and forgets their devices.

    The user name of a login that exists stays as it is: correcting it takes a new secret, which provisioning sends.

    Raises Conflict when somebody changed it since it was read, unless to the same; when an address is taken; or when
    it would leave no administrator who can log in.
    """
    before, logins = await load_user(user), await credentials_of(user)
    if CredentialKind.PASSWORD in logins:
        form = form.model_copy(update={"email": before.email})
    if CredentialKind.PIN in logins:
        form = form.model_copy(update={"mobile": before.mobile})
    if before.version != form.version and _says(form, before):
        return before  # the form was sent twice
    with address_conflicts_told():
        async with write():
            if before.administrator and not form.administrator:
                await require_another_administrator(user)
            changed = (
                await User.update({**_written(form), User.version: form.version + 1})
                .where(User.id == user, User.version == form.version)
                .returning(User.id)
            )
            if not changed:
                raise Conflict(_("Somebody else has changed this record meanwhile. Check it and save again."))
            if before.enabled_for_online and not form.enabled_for_online:
                await withdraw_logins(user, "disabled")
            fields = [name for name in EDITED if getattr(form, name) != getattr(before, name)]
            await record(
                "user.changed", actor=by.user, subject="user", subject_id=user, fields=" ".join(fields)
            )
    return await load_user(user)


def _says(form: UserForm, stored: StaffUser) -> bool:
    return all(getattr(form, name) == getattr(stored, name) for name in EDITED)


@contextmanager
def address_conflicts_told() -> Iterator[None]:
    """Say next to the field that an address belongs to somebody else already."""
    try:
        yield
    except UniqueViolation as taken:
        if taken.constraint == "staff_user_email_key":
            raise _address_taken("email") from None
        if taken.constraint == "staff_user_mobile_key":
            raise _address_taken("mobile") from None
        raise


def _written(form: UserForm) -> dict[Any, Any]:
    return {
        User.name: form.name,
        User.search: _search(form.name, form.email, form.mobile),
        User.email: form.email,
        User.mobile: form.mobile,
        User.administrator: form.administrator,
        User.front_desk: form.front_desk,
        User.practitioner: form.practitioner,
        User.enabled_for_online: form.enabled_for_online,
    }


def _search(name: str, email: str, mobile: str) -> str:
    return searchable(name, email, searchable_number(mobile))[:SEARCH_LETTERS]


async def require_another_administrator(but: int) -> None:
    await lock_settings()  # else two administrators could demote each other at the same moment
    others = await rows(
        """
        SELECT u.id FROM staff_user u JOIN credential c ON c."user" = u.id AND c.kind = 'password'
        WHERE u.administrator AND u.current AND u.id <> {} LIMIT 1
        """,
        but,
    )
    if not others:
        raise Conflict(
            _("This is the only administrator who can log in. Make somebody else one first."), "administrator"
        )


async def set_login_address(user: int, *, email: str | None = None, mobile: str | None = None) -> None:
    """Give the user this user name for a login, in the caller's transaction. Raises Conflict when it is taken."""
    record_now = await load_user(user)
    email, mobile = email or record_now.email, mobile or record_now.mobile
    with address_conflicts_told():
        async with write():
            await execute(
                "UPDATE staff_user SET email = {}, mobile = {}, search = {}, version = version + 1 WHERE id = {}",
                email,
                mobile,
                _search(record_now.name, email, mobile),
                user,
            )


async def require_free_address(user: int, *, email: str = "", mobile: str = "") -> None:
    """Raise Conflict next to an address that another current user has. Only the index decides in the end."""
    found = await rows(
        "SELECT email FROM staff_user WHERE current AND id <> {} "
        "AND ((email = {} AND email <> '') OR (mobile = {} AND mobile <> ''))",
        user,
        email,
        mobile,
    )
    if found and found[0]["email"] == email != "":
        raise _address_taken("email")
    if found:
        raise _address_taken("mobile")


def _address_taken(field: str) -> Conflict:
    text = {
        "email": _("Another current user has this e-mail address."),
        "mobile": _("Another current user has this mobile number."),
    }
    return Conflict(text[field], field)
