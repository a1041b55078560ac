"""An expired secret that was right: its proof, which asks for a new one without the old one being typed again."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app import settings
from app.accounts.tables import CredentialKind
from app.clock import now
from app.errors import Conflict, Invalid
from app.i18n import gettext as _

LASTS = timedelta(minutes=10)
_NONCE_BYTES = 12
_PURPOSE = "expired-secret"


@dataclass(frozen=True, slots=True)
class Expired:
    """Whose login it is, and the mark of the secret that was given: once it is replaced the proof is used up."""

    user: int
    kind: CredentialKind
    mark: str


class SecretExpired(Invalid):
    """The temporary secret was right, but its days are over. Said only to who has it, with the ``proof`` of that."""

    def __init__(self, expired: Expired) -> None:
        super().__init__(
            _("This PIN has expired.")
            if expired.kind is CredentialKind.PIN
            else _("This password has expired.")
        )
        self.kind = expired.kind
        self.proof = _sealed(expired)


class ProofOver(Conflict):
    """The proof is too old, or none of ours."""

    def __init__(self) -> None:
        super().__init__(_("That took a while. Log in once more, and ask again."))


def read_proof(proof: str) -> Expired:
    """What was proven, for ten minutes. Raises ProofOver."""
    try:
        sealed = base64.urlsafe_b64decode(proof)
        said = json.loads(_cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None))
    except (ValueError, InvalidTag):  # what is too short, or isn't base64, is a ValueError
        raise ProofOver from None
    if now() - datetime.fromisoformat(said.pop("at")) > LASTS:
        raise ProofOver
    return Expired(said["user"], CredentialKind(said["kind"]), said["mark"])


def _sealed(expired: Expired) -> str:
    # Encrypted rather than signed, so that the page doesn't tell a user's number.
    nonce = secrets.token_bytes(_NONCE_BYTES)
    plain = json.dumps({**asdict(expired), "at": now().isoformat()}).encode()
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, plain, None)).decode()


def _cipher() -> AESGCM:
    return AESGCM(settings.current().key(_PURPOSE))
