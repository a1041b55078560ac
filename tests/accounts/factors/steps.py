"""Steps that several tests of factors take, over HTTP."""

from __future__ import annotations

from datetime import timedelta

import pyotp

from app.clock import now
from app.db import rows
from app.messages.crypto import unseal
from app.settings import Settings
from tests.support.client import Answer, Client
from tests.support.passkeys import SoftAuthenticator
from tests.support.people import Person, logged_in

WRONG_CODE = "000000"


async def set_up_authenticator(client: Client) -> tuple[str, list[str]]:
    """The app's key, and the recovery codes, of whoever is logged in there."""
    page = await (await (await client.page("/account/authenticator")).submit("#authenticator-begin")).follow()
    key = page["#authenticator-key"].text.replace(" ", "")
    page = await page.submit("#authenticator-code", code=code_of(key))
    assert page.status == 200
    return key, [code.text for code in page.all(".recovery-codes code")]


def code_of(key: str, seconds: int = 0) -> str:
    """What the app shows, so many seconds later."""
    return pyotp.TOTP(key).at(now() + timedelta(seconds=seconds))


async def with_authenticator(client: Client, person: Person) -> tuple[str, list[str]]:
    """The same for that person, in a browser of their own."""
    return await set_up_authenticator(await logged_in(client, person))


async def told(settings: Settings) -> list[str]:
    """What owners of logins were told by e-mail, in order."""
    found = await rows("SELECT * FROM message WHERE purpose = 'credential_changed' ORDER BY id")
    return [
        unseal(row["payload"], row["payload_key"], row["reference"], "email", settings.message_keys)[
            "changed"
        ]
        for row in found
    ]


async def options(client: Client, path: str = "/login/passkey/options", **typed: str) -> str:
    """What a script asks for before the browser finds or makes a passkey."""
    answer = await client.post(path, data={"_csrf_token": await client.token(), **typed})
    assert answer.status_code == 200, answer.text
    return answer.text


async def with_passkey(
    client: Client, person: Person, device: SoftAuthenticator, *, phone: bool = False
) -> Client:
    """Somebody logged in, who has just added a passkey."""
    await logged_in(client, person, phone=phone)
    made = device.create(await options(client, "/account/passkeys/options"))
    answer = await client.submit("/account/passkeys", {"credential": made})
    assert answer.status == 303, answer.text
    return client


async def give_passkey(client: Client, device: SoftAuthenticator, path: str = "/login/passkey") -> Answer:
    """Log in with it, or go on."""
    return await client.submit(path, {"credential": device.get(await options(client))})
