"""Creating logins and reissuing their secrets: the password by e-mail, the PIN by text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from app.accounts.credentials import (
    StoredCredential,
    credentials_of,
    store_credential,
    withdraw_login,
)
from app.accounts.hashing import HashedSecret, hash_secret
from app.accounts.secrets import new_password, new_pin
from app.accounts.tables import CredentialKind
from app.accounts.users import StaffUser, load_user, set_login_address
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.clock import now
from app.db import execute, write
from app.errors import Conflict, NotFound
from app.i18n import gettext as _
from app.messages.letters import Changed
from app.messages.outbox import post, supersede
from app.messages.tables import Channel
from app.provisioning.tables import WizardStep
from app.provisioning.wizard import CHANNEL_OF, LOGIN_OF, ContinuedElsewhere, Wizard, require_channel


@dataclass(frozen=True, slots=True)
class _NewSecret:
    """A generated secret, hashed for the database and on its way to the owner."""

    kind: CredentialKind
    recipient: str
    secret: str = field(repr=False)
    hashed: HashedSecret = field(repr=False)


async def create_logins(wizard: Wizard, version: int, clinic: ClinicSettings, *, by: Viewer) -> None:
    """Step 4: make the logins and send their secrets. Sent twice, by a double click or a second tab, it does it once.

    Raises ContinuedElsewhere when what was checked is no longer what the wizard says, Conflict next to an address
    that somebody else has got meanwhile.
    """
    if wizard.created_at:
        return
    secrets = []
    if wizard.online_login:
        secrets.append(await _new_secret(CredentialKind.PASSWORD, wizard.user.id, wizard.email, clinic))
    if wizard.mobile_login:
        secrets.append(await _new_secret(CredentialKind.PIN, wizard.user.id, wizard.mobile, clinic))
    async with write():
        if not await _claim_creation(wizard, version):
            raise ContinuedElsewhere
        await set_login_address(
            wizard.user.id,
            email=wizard.email if wizard.online_login else None,
            mobile=wizard.mobile if wizard.mobile_login else None,
        )
        for secret in secrets:
            await _issue(wizard.user, secret, clinic, purpose=LOGIN_OF[secret.kind])
            await record(
                f"{LOGIN_OF[secret.kind]}.created", actor=by.user, subject="user", subject_id=wizard.user.id
            )


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
    old_address = user.email if kind is CredentialKind.PASSWORD else user.mobile
    secret = await _new_secret(kind, user_id, new_address or old_address, clinic)
    async with write():
        if not await _claim_reissue(before.id, replaces):
            return await _require_same_address(user_id, new_address)
        if new_address:
            by_mail = kind is CredentialKind.PASSWORD
            await set_login_address(
                user_id, email=new_address if by_mail else None, mobile=None if by_mail else new_address
            )
            await record(
                f"{LOGIN_OF[kind]}.address_changed", actor=by.user, subject="user", subject_id=user_id
            )
        await supersede([replaces] if replaces else [])
        await _issue(
            user, secret, clinic, purpose=f"{LOGIN_OF[kind]}_reissued" if before.used else LOGIN_OF[kind]
        )
        # After the secret: a log-in with the old one that is under way either sees the new one, or is ended here.
        await withdraw_login(user_id, kind, "reissued")
        await record(f"{LOGIN_OF[kind]}.reissued", actor=by.user, subject="user", subject_id=user_id)
        await _tell_by_mail(user, before, moved=bool(new_address))


async def _new_secret(kind: CredentialKind, user: int, recipient: str, clinic: ClinicSettings) -> _NewSecret:
    secret = new_password() if kind is CredentialKind.PASSWORD else new_pin(clinic.pin_digits, recipient)
    return _NewSecret(kind, recipient, secret, await hash_secret(kind, user, secret))


async def _claim_creation(wizard: Wizard, version: int) -> bool:
    """Of several who press *Create logins* one goes on."""
    claimed = await execute(
        """
        UPDATE online_user_wizard SET created_at = {}, step = {}, version = version + 1
        WHERE id = {} AND version = {} AND created_at IS NULL AND step = {} RETURNING id
        """,
        now(),
        WizardStep.DELIVERY.value,
        wizard.id,
        version,
        WizardStep.CHECK.value,
    )
    return bool(claimed)


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


async def _issue(user: StaffUser, secret: _NewSecret, clinic: ClinicSettings, *, purpose: str) -> None:
    """Store the hash and post the secret, in the caller's transaction."""
    by_mail = secret.kind is CredentialKind.PASSWORD
    message = await post(
        purpose,
        CHANNEL_OF[secret.kind],
        secret.recipient,
        user.id,
        {"name": user.name, "password": secret.secret} if by_mail else {"pin": secret.secret},
        expires_at=now() + timedelta(days=clinic.temporary_secret_days),
        waits_for_portal=True,
    )
    await store_credential(user.id, secret.kind, secret.hashed, temporary=True, message=message)


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
