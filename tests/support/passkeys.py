"""An authenticator in software: it makes real keys and real signatures, and keeps what a device would keep."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
NO_MODEL = bytes(16)


@dataclass
class SoftPasskey:
    """One passkey of it: the private key, for one host and user."""

    id: bytes
    host: str
    user: bytes
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    counter: int = 0


@dataclass
class SoftAuthenticator:
    """A browser at ``origin`` with an authenticator in it, which ``asks`` its owner for a finger, and ``counts``."""

    origin: str = "https://portal.example"
    asks: bool = True
    counts: bool = True
    passkeys: list[SoftPasskey] = field(default_factory=list)

    def create(self, options: str) -> str:
        """What ``navigator.credentials.create`` answers."""
        wanted = json.loads(options)
        made = SoftPasskey(
            secrets.token_bytes(16),
            wanted["rp"]["id"],
            base64url_to_bytes(wanted["user"]["id"]),
            ec.generate_private_key(ec.SECP256R1()),
        )
        self.passkeys.append(made)
        public = made.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, "big"), -3: public.y.to_bytes(32, "big")}
        attested = NO_MODEL + len(made.id).to_bytes(2, "big") + made.id + cbor2.dumps(cose)
        data = self._data(made, ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return _answer(
            made,
            clientDataJSON=self._client_data("webauthn.create", wanted["challenge"]),
            attestationObject=attestation,
        )

    def get(self, options: str) -> str:
        """What ``navigator.credentials.get`` answers, with the newest passkey of that host."""
        wanted = json.loads(options)
        passkey = [each for each in self.passkeys if each.host == wanted["rpId"]][-1]
        client_data = self._client_data("webauthn.get", wanted["challenge"])
        data = self._data(passkey)
        signature = passkey.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return _answer(
            passkey,
            clientDataJSON=client_data,
            authenticatorData=data,
            signature=signature,
            userHandle=passkey.user,
        )

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, passkey: SoftPasskey, flags: int = 0) -> bytes:
        passkey.counter += self.counts
        flags |= PRESENT | (VERIFIED if self.asks else 0)
        return (
            hashlib.sha256(passkey.host.encode()).digest()
            + bytes([flags])
            + passkey.counter.to_bytes(4, "big")
        )


def _answer(passkey: SoftPasskey, **response: bytes) -> str:
    name = bytes_to_base64url(passkey.id)
    answer: dict[str, Any] = {"id": name, "rawId": name, "type": "public-key"}
    answer["response"] = {part: bytes_to_base64url(value) for part, value in response.items()}
    return json.dumps(answer)
