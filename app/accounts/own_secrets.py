"""Choosing a password or a PIN of one's own."""

from __future__ import annotations

from anyio import to_thread

from app.accounts.credentials import StoredCredential, credentials_of, store_own, verify_own_secret
from app.accounts.forgotten.voiding import void_links
from app.accounts.hashing import hash_secret, verify_secret
from app.accounts.secrets import check_own_password, check_own_pin
from app.accounts.sessions import end_sessions_of
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import rows, write
from app.errors import Invalid, NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.outbox import post


async def choose_own_password(
    viewer: Viewer, clinic: ClinicSettings, *, current: str | None, new: str
) -> bool:
    """Replace the viewer's password by their own; other desktops are logged out, and the owner is told by e-mail.

    ``current`` is None where a temporary password was given at this log-in: it need not be typed again.
    Raises Invalid next to ``current`` or ``new``, Conflict when somebody changed it meanwhile, and NotFound on a phone:
    what was given there is a PIN, which is no way to the password.
    """
    if viewer.on_phone:
        raise NotFound(_("The password is changed on a desktop or tablet, where you log in with it."))
    stored = (await credentials_of(viewer.user)).get(CredentialKind.PASSWORD)
    if stored is None:
        raise Invalid(_("You have no online login, so there is no password to change."))
    if current is None and not stored.temporary:
        raise Invalid(_("Please type your current password too."), "current")
    if current is not None and not await verify_own_secret(viewer, stored.kind, current):
        raise Invalid(_("This isn't your current password."), "current")
    person = (await rows("SELECT name, email FROM staff_user WHERE id = {}", viewer.user))[0]
    try:
        # In a thread: it may think for a while, and others are not to wait.
        await to_thread.run_sync(check_own_password, new, person["name"], person["email"], clinic.name)
    except ValueError as fault:
        raise Invalid(str(fault), "new") from None
    await _replace(viewer, stored, new)
    return True


async def choose_own_pin(viewer: Viewer, clinic: ClinicSettings, *, current: str | None, new: str) -> bool:
    """The same for the PIN and other phones, on a phone. ``current`` is None where one that was shown has just been
    given.
    """
    if not viewer.on_phone:
        raise NotFound(_("The PIN is changed on your phone; here, choose Forgot your PIN?"))
    stored = (await credentials_of(viewer.user)).get(CredentialKind.PIN)
    if stored is None:
        raise Invalid(_("You have no mobile login, so there is no PIN to change."))
    if current is None and not stored.shown:
        raise Invalid(_("Please type your current PIN too."), "current")
    if current is not None and not await verify_own_secret(viewer, stored.kind, current):
        raise Invalid(_("This isn't your current PIN."), "current")
    mobile = (await rows("SELECT mobile FROM staff_user WHERE id = {}", viewer.user))[0]["mobile"]
    try:
        check_own_pin(new, clinic.pin_digits, mobile)
    except ValueError as fault:
        raise Invalid(str(fault), "new") from None
    await _replace(viewer, stored, new)
    return True


async def _replace(viewer: Viewer, stored: StoredCredential, new: str) -> None:
    if stored.shown and await verify_secret(stored.kind, viewer.user, new, stored.hashed, known_device=True):
        raise Invalid(_("This is the one that you were given. Choose another one."), "new")
    hashed = await hash_secret(stored.kind, viewer.user, new)
    by_phone = stored.kind is CredentialKind.PIN
    async with write():
        await store_own(stored, hashed)
        await void_links(user=viewer.user, kind=stored.kind)
        reason = "PIN changed" if by_phone else "password changed"
        session_kind = SessionKind.PHONE if by_phone else SessionKind.DESKTOP
        await end_sessions_of(viewer.user, reason, kind=session_kind, but=viewer.session)
        action = "pin.chosen" if by_phone else "password.chosen"
        await record(action, actor=viewer.user, subject="user", subject_id=viewer.user)
        await _tell_owner(viewer, Changed.PIN_CHOSEN if by_phone else Changed.PASSWORD)


async def _tell_owner(viewer: Viewer, changed: Changed) -> None:
    for person in await rows("SELECT email FROM staff_user WHERE id = {} AND email <> ''", viewer.user):
        context = {"name": viewer.name, "changed": changed.value}
        await post("credential_changed", "email", person["email"], viewer.user, context)
