"""*Send me a new one*: whoever gives the right secret after its days gets another, where the login's secrets go."""

from __future__ import annotations

from app import settings
from app.accounts.credentials import StoredCredential, claim_replacement, credentials_of, withdraw_login
from app.accounts.expired import Expired, ProofOver
from app.accounts.tables import CredentialKind
from app.accounts.telling import tell_owner
from app.accounts.users import StaffUser, load_user
from app.audit.record import record
from app.clinic.clinic import ClinicSettings
from app.db import write
from app.errors import Unavailable
from app.i18n import gettext as _
from app.messages.delivery import Delivery
from app.messages.letters import Changed
from app.messages.outbox import delivery_of, supersede
from app.messages.tables import Channel
from app.messages.transports import channel_available
from app.provisioning.secrets import CHANNEL_OF, LOGIN_OF, NewSecret, issue, new_secret


async def send_new_one(expired: Expired, clinic: ClinicSettings) -> Delivery:
    """Issue another temporary secret; how the message with it fares. Asked twice, it is the same one.

    Raises ProofOver where it was replaced in another way or its user may no longer log in, Unavailable where nothing
    can be sent.
    """
    user = await load_user(expired.user)
    before = (await credentials_of(user.id)).get(expired.kind)
    if before is None or not user.may_log_in(expired.kind):
        raise ProofOver
    if not channel_available(CHANNEL_OF[expired.kind], settings.current()):
        raise Unavailable(_("A new one can't be sent just now. Please ask your clinic's administrator."))
    recipient = user.email if expired.kind is CredentialKind.PASSWORD else user.mobile
    secret = await new_secret(expired.kind, user.id, recipient, clinic)
    async with write():
        if before.hashed.mark == expired.mark and await claim_replacement(before):
            await _replace(user, before, secret, clinic)
    return await _delivery(expired)


async def _replace(
    user: StaffUser, before: StoredCredential, secret: NewSecret, clinic: ClinicSettings
) -> None:
    login = LOGIN_OF[secret.kind]
    by_password = secret.kind is CredentialKind.PASSWORD
    await supersede([before.message] if before.message else [])
    await issue(user, secret, clinic, purpose=f"{login}_reissued", waits_for_portal=not user.keeps_desk)
    await withdraw_login(user.id, secret.kind, "reissued")
    await record(f"{login}.renewed", actor=user.id, subject="user", subject_id=user.id)
    # By the way that doesn't carry the secret itself.
    changed, channel = (Changed.PASSWORD, Channel.TEXT) if by_password else (Changed.PIN, Channel.EMAIL)
    await tell_owner(user, changed, channel)


async def _delivery(expired: Expired) -> Delivery:
    """Of what carries the login's secret now. Raises ProofOver where nothing does."""
    now_stored = (await credentials_of(expired.user)).get(expired.kind)
    if now_stored is None or now_stored.message is None or not now_stored.temporary:
        raise ProofOver
    return await delivery_of(now_stored.message)
