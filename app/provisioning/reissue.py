"""Reissuing a login's secret: lost, expired, or sent to a wrong address."""

from __future__ import annotations

from app.accounts.credentials import StoredCredential, credentials_of, withdraw_login
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, load_user, set_login_address
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import execute, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.outbox import post, supersede
from app.messages.tables import Channel
from app.provisioning.secrets import LOGIN_OF, NewSecret, issue, new_secret, require_channel


async def reissue(
    user_id: int,
    kind: CredentialKind,
    clinic: ClinicSettings,
    *,
    by: Viewer,
    replaces: int,
    new_address: str | None = None,
) -> None:
    """A new secret for a login, to its address or to ``new_address``, which becomes its user name.

    The old secret is dead at once, the login's sessions and devices are ended, and a message that hadn't left yet
    never will. ``replaces`` is the message that carried the old secret, 0 if none does: where it was replaced
    already, by a double click or in another tab, nothing more happens.

    Raises NotFound where there is no such login; Conflict where its user may not use it, where the address was to be
    another one than was used meanwhile, or next to an address that somebody else has.
    """
    user = await load_user(user_id)
    before = (await credentials_of(user_id)).get(kind)
    if before is None or not user.current:
        raise NotFound(_("There is no such login."))
    if not user.enabled_for_online:
        raise Conflict(_("Tick Enabled for Online on the user's record first."))
    require_channel(kind)
    recipient = new_address or (user.email if kind is CredentialKind.PASSWORD else user.mobile)
    secret = await new_secret(kind, user_id, recipient, clinic)
    async with write():
        if not await _claim_reissue(before.id, replaces):
            await _require_same_address(user_id, new_address)
            return
        if new_address:
            await _move(user, kind, new_address, by=by)
        await supersede([replaces] if replaces else [])
        await _replace(user, before, secret, clinic, by=by)
        await _tell_by_mail(user, before, moved=bool(new_address))


async def _claim_reissue(credential: int, replaces: int) -> bool:
    """Of several who reissue the same secret one goes on."""
    claimed = await execute(
        "UPDATE credential SET failures = 0 WHERE id = {} AND coalesce(message, 0) = {} RETURNING id",
        credential,
        replaces,
    )
    return bool(claimed)


async def _require_same_address(user_id: int, wanted: str | None) -> None:
    user = await load_user(user_id)
    if wanted and wanted not in (user.email, user.mobile):
        raise Conflict(_("Somebody else has just sent a new one. Check where it went, then try again."))


async def _move(user: StaffUser, kind: CredentialKind, address: str, *, by: Viewer) -> None:
    """The corrected address becomes the user name."""
    if kind is CredentialKind.PASSWORD:
        await set_login_address(user.id, email=address)
    else:
        await set_login_address(user.id, mobile=address)
    await record(f"{LOGIN_OF[kind]}.address_changed", actor=by.user, subject="user", subject_id=user.id)


async def _replace(
    user: StaffUser, before: StoredCredential, secret: NewSecret, clinic: ClinicSettings, *, by: Viewer
) -> None:
    login = LOGIN_OF[secret.kind]
    await issue(user, secret, clinic, purpose=f"{login}_reissued" if before.used else login)
    # After the secret: a log-in with the old one that is under way either sees the new one, or is ended here.
    await withdraw_login(user.id, secret.kind, "reissued")
    await record(f"{login}.reissued", actor=by.user, subject="user", subject_id=user.id)


async def _tell_by_mail(user: StaffUser, reissued: StoredCredential, *, moved: bool) -> None:
    """The owner hears of a new PIN by e-mail as well; and of a new password where they read mail until now.

    Of a password that goes to the same address the message that carries it tells, and a wrong address that was
    put right before anybody used it concerns nobody.
    """
    by_mail = reissued.kind is CredentialKind.PASSWORD
    if user.email and (not by_mail or (moved and reissued.used)):
        changed = Changed.PASSWORD if by_mail else Changed.PIN
        await post(
            "credential_changed", Channel.EMAIL, user.email, user.id, {"name": user.name, "changed": changed}
        )
