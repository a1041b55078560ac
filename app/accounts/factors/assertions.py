"""Proving with a passkey who one is: at a door, as a second step, or where a page asks again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from webauthn import generate_authentication_options, options_to_json, verify_authentication_response
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
    parse_client_data_json,
)
from webauthn.helpers.structs import AuthenticationCredential, UserVerificationRequirement

from app.accounts.alerts import tell_owner
from app.accounts.factors.challenges import LASTS, new_challenge, spend_challenge
from app.accounts.factors.relying_party import RelyingParty
from app.accounts.tables import SessionKind
from app.audit.record import record
from app.clock import now
from app.db import execute, rows, write
from app.errors import Invalid
from app.i18n import gettext as _
from app.messages.letters import Changed


class PasskeyRefused(Invalid):
    """Forged, too late, another browser's, unknown: the answer is the same."""

    def __init__(self) -> None:
        super().__init__(_("That passkey didn't work here. Please try again."))


@dataclass(frozen=True, slots=True)
class Proof:
    """Whose passkey it was, and which."""

    user: int
    passkey: int


async def assertion_options(party: RelyingParty, browser: str) -> str:
    """What the browser needs to find a passkey of ours and have it sign, as JSON. It asks for no name first."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=await new_challenge(browser),
        timeout=int(LASTS.total_seconds() * 1000),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(options)


async def prove(
    answer: str, party: RelyingParty, browser: str, kind: SessionKind, *, user: int | None = None
) -> Proof:
    """Whose passkey has signed ``answer`` for a session of that kind; only ``user``'s, where that is given.

    Raises PasskeyRefused. A counter that fell back is noted, and told to the owner: two hold the same passkey.
    """
    challenge = challenge_in(answer)
    if not await spend_challenge(challenge, browser):
        raise PasskeyRefused
    credential, stored = await _stored(answer, party, kind)
    if user not in (None, stored["user"]):
        raise PasskeyRefused
    count = _verified(credential, challenge, party, stored["public_key"])
    if not await _count(stored["id"], count):
        await _flag(stored)
        raise PasskeyRefused
    return Proof(stored["user"], stored["id"])


def challenge_in(answer: str) -> bytes:
    """The challenge that was signed. Raises PasskeyRefused for what is no answer at all."""
    try:
        sealed = json.loads(answer)["response"]["clientDataJSON"]
        return parse_client_data_json(base64url_to_bytes(sealed)).challenge
    except Exception:
        raise PasskeyRefused from None


async def _stored(
    answer: str, party: RelyingParty, kind: SessionKind
) -> tuple[AuthenticationCredential, dict[str, Any]]:
    """What was sent, and the passkey that it names, if that opens sessions of that kind."""
    try:
        credential = parse_authentication_credential_json(answer)
    except Exception:
        raise PasskeyRefused from None
    found = await rows(
        """
        SELECT p.id, p."user", p.public_key, p.name FROM passkey p
        JOIN staff_user u ON u.id = p."user" AND u.current
        WHERE p.credential_id = {} AND p.rp_id = {} AND p.kind IN ({}, {})
        """,
        bytes_to_base64url(credential.raw_id),
        party.id,
        kind.value,
        SessionKind.DESKTOP.value,
    )
    if not found:
        raise PasskeyRefused
    return credential, found[0]


def _verified(
    credential: AuthenticationCredential, challenge: bytes, party: RelyingParty, public_key: bytes
) -> int:
    """The authenticator's counter, which is signed with the rest."""
    try:
        return verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=0,  # ours to compare: one that falls back is more than a refusal
            require_user_verification=True,
        ).new_sign_count
    except Exception:
        raise PasskeyRefused from None


async def _count(passkey: int, count: int) -> bool:
    """Note the use; False where the counter isn't beyond the last one. Many authenticators keep none, and say 0."""
    noted = await execute(
        """
        UPDATE passkey SET sign_count = {}, last_used_at = {}
        WHERE id = {} AND (sign_count < {} OR (sign_count = 0 AND {} = 0)) RETURNING id
        """,
        count,
        now(),
        passkey,
        count,
        count,
    )
    return bool(noted)


async def _flag(stored: dict[str, Any]) -> None:
    async with write():
        await execute("UPDATE passkey SET flagged_at = {} WHERE id = {}", now(), stored["id"])
        await record("passkey.flagged", actor=None, subject="user", subject_id=stored["user"])
        await tell_owner(stored["user"], Changed.PASSKEY_FLAGGED, device=stored["name"])
