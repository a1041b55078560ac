"""Who works here: a user is made non-current when they leave, and current when they come back."""

from __future__ import annotations

from app.accounts.credentials import withdraw_logins
from app.accounts.users import address_conflicts_told, load_user, require_another_administrator
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.db import execute, write
from app.errors import Conflict
from app.i18n import gettext as _


async def make_non_current(user: int, *, by: Viewer) -> None:
    """End their sessions and online access; their e-mail address and number may be somebody else's from now on.

    Raises NotFound; Conflict for oneself and for the only administrator who can log in.
    """
    if user == by.user:
        raise Conflict(_("You can't make yourself non-current. Ask another administrator."))
    before = await load_user(user)
    if not before.current:
        return  # the button was pressed twice
    async with write():
        if before.administrator:
            await require_another_administrator(user)
        await _set_current(user, "FALSE, enabled_for_online = FALSE")
        await withdraw_logins(user, "non-current")
        await record("user.made_non_current", actor=by.user, subject="user", subject_id=user)


async def make_current(user: int, *, by: Viewer) -> None:
    """Take them back; online access stays off until it is ticked again.

    Raises NotFound; Conflict when somebody else has their address or number by now.
    """
    if (await load_user(user)).current:
        return
    with address_conflicts_told():
        async with write():
            await _set_current(user, "TRUE")
            await record("user.made_current", actor=by.user, subject="user", subject_id=user)


async def _set_current(user: int, value: str) -> None:
    await execute(f'UPDATE staff_user SET "current" = {value}, version = version + 1 WHERE id = {{}}', user)
