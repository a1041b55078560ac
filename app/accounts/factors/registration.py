"""Adding a passkey: the browser makes a pair of keys for our host, and we keep the public one."""

from __future__ import annotations

from webauthn import generate_registration_options, options_to_json, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_registration_credential_json
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from app.accounts.alerts import tell_owner
from app.accounts.factors.assertions import PasskeyRefused, challenge_in
from app.accounts.factors.challenges import LASTS, new_challenge, spend_challenge
from app.accounts.factors.relying_party import RelyingParty
from app.accounts.factors.tables import Passkey
from app.accounts.tables import SessionKind
from app.accounts.viewer import Viewer
from app.audit.record import record
from app.clock import now
from app.db import rows, write
from app.db.faults import UniqueViolation
from app.errors import Conflict
from app.i18n import gettext as _
from app.messages.letters import Changed

AT_MOST = 20


async def registration_options(viewer: Viewer, party: RelyingParty, browser: str) -> str:
    """What the browser needs to make a passkey, as JSON."""
    person = (await rows("SELECT name, email, mobile FROM staff_user WHERE id = {}", viewer.user))[0]
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=str(viewer.user).encode(),
        user_name=person["email"] or person["mobile"] or person["name"],
        user_display_name=person["name"],
        challenge=await new_challenge(browser, user=viewer.user),
        timeout=int(LASTS.total_seconds() * 1000),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=await _those_that_do_already(viewer, party),
    )
    return options_to_json(options)


async def add_passkey(viewer: Viewer, party: RelyingParty, browser: str, answer: str, name: str) -> bool:
    """Store what the browser made; the owner is told by e-mail.

    It opens what this session can: a phone's passkey opens the phone's diary, no more than number and PIN do.
    Raises PasskeyRefused, and Conflict for one that is stored already or one too many.
    """
    challenge = challenge_in(answer)
    if not await spend_challenge(challenge, browser, user=viewer.user):
        raise PasskeyRefused
    made = _verified(answer, challenge, party)
    if await _how_many(viewer.user) >= AT_MOST:
        raise Conflict(_("You have {n} passkeys already. Remove one first.").format(n=AT_MOST))
    try:
        async with write():
            await Passkey.insert(
                Passkey(
                    user=viewer.user,
                    kind=SessionKind(viewer.kind),
                    credential_id=bytes_to_base64url(made.credential_id),
                    public_key=made.credential_public_key,
                    sign_count=made.sign_count,
                    rp_id=party.id,
                    name=name,
                    created_at=now(),
                )
            )
            await record("passkey.added", actor=viewer.user, subject="user", subject_id=viewer.user)
            await tell_owner(viewer.user, Changed.PASSKEY_ADDED, device=name)
    except UniqueViolation:
        raise Conflict(_("This passkey is stored already.")) from None
    return True


async def _how_many(user: int) -> int:
    found = await rows('SELECT count(*) AS passkeys FROM passkey WHERE "user" = {}', user)
    return int(found[0]["passkeys"])


async def _those_that_do_already(viewer: Viewer, party: RelyingParty) -> list[PublicKeyCredentialDescriptor]:
    """Who holds one of these needs no other. A phone's doesn't do on a desktop, and is replaced by one that does."""
    found = await rows(
        'SELECT credential_id FROM passkey WHERE "user" = {} AND rp_id = {} AND (kind = {} OR {} = 1)',
        viewer.user,
        party.id,
        SessionKind.DESKTOP.value,
        int(viewer.on_phone),
    )
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(row["credential_id"])) for row in found]


def _verified(answer: str, challenge: bytes, party: RelyingParty) -> VerifiedRegistration:
    try:
        return verify_registration_response(
            credential=parse_registration_credential_json(answer),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except Exception:
        raise PasskeyRefused from None
