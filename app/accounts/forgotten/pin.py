"""Choosing a new PIN without the old one: by an e-mailed link and a code by text, or where the password was given."""

from __future__ import annotations

from app.accounts.credentials import StoredCredential, credentials_of, store_own, withdraw_login
from app.accounts.forgotten.links import LinkOver, owner_of_link, use_link
from app.accounts.forgotten.voiding import void_links
from app.accounts.hashing import hash_secret
from app.accounts.phones.codes import CodeHolder, ask_for_code, redeem_code
from app.accounts.phones.tables import CodePurpose
from app.accounts.secrets import check_own_pin
from app.accounts.sessions import end_sessions_of
from app.accounts.tables import CredentialKind, SessionKind
from app.accounts.telling import tell_owner
from app.accounts.users import StaffUser, load_user
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Invalid
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.tables import Channel

KIND = CredentialKind.PIN


async def text_code_for_pin(token: str) -> str:
    """Text a code to the link's owner; the token for the browser. Raises LinkOver."""
    user = await owner_of_link(token, KIND)
    stored = await _stored(user)
    return await ask_for_code(CodePurpose.NEW_PIN, CodeHolder(user.id, user.mobile, stored.hashed.mark))


async def choose_pin_by_link(
    token: str, browser: str, code: str, new: str, clinic: ClinicSettings
) -> StaffUser:
    """Replace the PIN of the link's owner, who is returned. ``browser`` is the token that came with the code.

    Their phones are logged out and no longer bound. Raises LinkOver, and Invalid next to ``new`` or ``code``.
    """
    user = await owner_of_link(token, KIND)
    before = await _stored(user)
    _check(new, user, clinic)
    redeemed = await redeem_code(CodePurpose.NEW_PIN, browser, code)
    if not redeemed or (redeemed.user, redeemed.mark) != (user.id, before.hashed.mark):
        raise Invalid(
            _("That isn't the code, or its time is over. Try again, or have another one sent."), "code"
        )
    hashed = await hash_secret(KIND, user.id, new)
    async with write():
        await use_link(token)
        await store_own(before, hashed)
        # After the PIN: a log-in with the old one that is under way either sees the new one, or is ended here.
        await withdraw_login(user.id, KIND, "PIN changed")
        await tell_owner(user, Changed.PIN_CHOSEN, Channel.EMAIL)
        await record("pin.chosen_by_link", actor=user.id, subject="user", subject_id=user.id)
    return user


async def choose_pin_by_password(viewer: Viewer, new: str, clinic: ClinicSettings) -> bool:
    """Replace the viewer's PIN, on a desktop where the password has just been given. Raises Invalid next to ``new``.

    Their phones are logged out, and stay bound.
    """
    user = await load_user(viewer.user)
    before = (await credentials_of(user.id)).get(KIND)
    if before is None:
        raise Invalid(_("You have no mobile login, so there is no PIN to change."), "new")
    _check(new, user, clinic)
    hashed = await hash_secret(KIND, user.id, new)
    async with write():
        await store_own(before, hashed)
        await end_sessions_of(user.id, "PIN changed", kind=SessionKind.PHONE)
        await void_links(user=user.id, kind=KIND)
        await tell_owner(user, Changed.PIN_CHOSEN, Channel.EMAIL)
        await record("pin.chosen_by_password", actor=user.id, subject="user", subject_id=user.id)
    return True


async def _stored(user: StaffUser) -> StoredCredential:
    stored = (await credentials_of(user.id)).get(KIND)
    if stored is None or stored.stopped:  # is the number still its owner's? An administrator asks them first
        raise LinkOver
    return stored


def _check(new: str, user: StaffUser, clinic: ClinicSettings) -> None:
    try:
        check_own_pin(new, clinic.pin_digits, user.mobile)
    except ValueError as fault:
        raise Invalid(str(fault), "new") from None
