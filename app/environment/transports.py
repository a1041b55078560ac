"""Where e-mail and texts leave."""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.environment.reader import Reader
from app.settings import OF_PROVIDERS, SmtpSettings, VonageSettings

Security = Literal["starttls", "tls", "plain"]
SCHEMES: dict[str, tuple[Security, int]] = {
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
    "smtp": ("plain", 25),
}


def smtp(reader: Reader) -> SmtpSettings | None:
    """The mail server; None where there is none: in development, or where another provider may carry the e-mails."""
    url = reader.text("SMTP_URL")
    if not url:
        if not reader.development and not reader.beginning_with(OF_PROVIDERS):
            reader.fault("SMTP_URL is missing; set it to smtp+starttls://user:password@host:587.")
        return None
    parts = _split(url)
    if parts is None:
        reader.fault(
            "SMTP_URL must look like smtp+starttls://user:password@host:587 or smtps://user:password@host."
        )
        return None
    security, usual_port = SCHEMES[parts.scheme]
    if security == "plain" and not reader.development:
        reader.fault(
            "SMTP_URL must use smtp+starttls:// or smtps://; plain SMTP would send passwords in clear."
        )
    sender = reader.text("MAIL_FROM")
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", sender):
        reader.fault(
            "MAIL_FROM must be the e-mail address that messages come from, e.g. diary@clinic.example."
        )
    return SmtpSettings(
        host=parts.hostname or "",
        port=parts.port or usual_port,
        sender=sender,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=_ca_file(reader),
    )


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in SCHEMES and parts.hostname and parts.port != 0
    except ValueError:  # a port that is none
        return None
    return parts if usable else None


def _ca_file(reader: Reader) -> str | None:
    path = reader.text("SMTP_CA_FILE")
    if not path:
        return None
    try:
        ssl.create_default_context(cafile=path)
    except (OSError, ValueError):  # one of them is ssl.SSLError
        reader.fault("SMTP_CA_FILE must be the path of a certificate authority's file (PEM).")
    return path


def vonage(reader: Reader) -> VonageSettings | None:
    """Vonage's Messages API; None where texts can't be sent."""
    application_id, given = reader.text("VONAGE_APPLICATION_ID"), reader.text("VONAGE_PRIVATE_KEY")
    if not application_id and not given:
        return None
    if not application_id or not given:
        reader.fault("VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY go together; one of them is missing.")
        return None
    private_key = _private_key(given)
    if not private_key:
        reader.fault("VONAGE_PRIVATE_KEY must be the key itself (PEM) or the path of a file that holds it.")
    return VonageSettings(
        application_id=application_id,
        private_key=private_key,
        sender=reader.text("VONAGE_SENDER"),
        api_host=reader.text("VONAGE_API_HOST") or "api.nexmo.com",
        signature_secret=reader.text("VONAGE_SIGNATURE_SECRET"),
    )


def _private_key(given: str) -> str:
    """The key in PEM, from the variable itself or the file that it names; empty when there is none."""
    try:
        is_key = given.startswith("-----BEGIN")
        pem = given.replace("\\n", "\n") if is_key else Path(given).read_text()
        load_pem_private_key(pem.encode(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm):
        return ""
    return pem
