"""Settings for a test: those of a production server whose mail and texts go to the stand-ins on loopback."""

from __future__ import annotations

import os
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

from app.settings import KEY_BYTES, Keyring, Settings, SmtpSettings, TrustedProxies, VonageSettings
from tests.support.client import HOST
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

SENDER = "diary@clinic.example"
TEXT_SENDER = "Daybook"
KEY = os.urandom(KEY_BYTES)  # the same in the whole run, so that its tests can share an application


def settings_for(database_url: str, var: Path, smtp: SmtpServer, vonage: Vonage) -> Settings:
    """What the application runs on inside a test; no worker runs by itself."""
    return Settings(
        environment="production",
        database_url=database_url,
        port=443,
        allowed_hosts=(HOST,),
        trusted_proxies=TrustedProxies(),
        secret_key=KEY,
        audit_key=KEY,
        peppers=Keyring({"1": KEY}),
        message_keys=Keyring({"1": KEY}),
        smtp=SmtpSettings(
            host=smtp.host,
            port=smtp.port,
            sender=SENDER,
            security=smtp.security,
            username=smtp.username or "",
            password=smtp.password,
            ca_file=str(smtp.ca_file),
        ),
        vonage=VonageSettings(
            application_id=vonage.application_id,
            private_key=vonage.private_key,
            sender=TEXT_SENDER,
            api_host=vonage.api_host,
            signature_secret=vonage.webhooks.signature_secret,
        ),
        var=var,
        worker_inside=False,
        tray=False,
    )


def environment_for(database_url: str, smtp: SmtpServer, vonage: Vonage) -> dict[str, str]:
    """The same for a process of its own: a development server, for browsers speak plain http to it."""
    return {
        "ENVIRONMENT": "development",
        "DATABASE_URL": database_url,
        "SMTP_URL": f"smtp+starttls://{smtp.username}:{quote(smtp.password)}@{smtp.host}:{smtp.port}",
        "SMTP_CA_FILE": str(smtp.ca_file),
        "MAIL_FROM": SENDER,
        "VONAGE_APPLICATION_ID": vonage.application_id,
        "VONAGE_PRIVATE_KEY": vonage.private_key,
        "VONAGE_SENDER": TEXT_SENDER,
        "VONAGE_API_HOST": vonage.api_host,
        "VONAGE_SIGNATURE_SECRET": vonage.webhooks.signature_secret,
        "REQUESTS_CA_BUNDLE": str(vonage.ca_file),  # whom the Vonage SDK trusts
        "WORKER_INSIDE": "yes",
        "PEPPERS": f"1:{b64encode(KEY).decode()}",  # the same in all processes, which so know secrets hashed before
    }
