"""A clinic with its staff, and who of them is logged in where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from app.accounts.credentials import store_credential
from app.accounts.forms import SetupForm, UserForm
from app.accounts.hashing import hash_secret
from app.accounts.setup import new_setup_link, set_up
from app.accounts.tables import CredentialKind
from app.accounts.users import insert_user
from app.db import write
from tests.support.client import Answer, Client

PASSWORD = "stapler orchid velvet"
MOBILE = "07911 123456"
PIN = "750362"

LogIn = Callable[..., Awaitable[Client]]


@pytest.fixture
async def clinic(database: object) -> None:
    """Riverside Physio with Sam Reyes, its administrator; the portal is offline, as in every new installation."""
    link = await new_setup_link()
    assert link is not None
    form = SetupForm(
        clinic_name="Riverside Physio",
        country="GB",
        time_zone="Europe/London",
        clinic_phone="0161 496 0000",
        name="Sam Reyes",
        email="sam@riverside.example",
        password=PASSWORD,
    )
    await set_up(form, link.removeprefix("/setup/"))


@pytest.fixture
async def staff(clinic: None) -> None:
    """A second administrator, the front desk and two practitioners, with online logins; Anna has a mobile one too."""
    await hire("Robin Hale", administrator=True)
    await hire("Dana Fox", front_desk=True)
    await hire("Anna Marsh", practitioner=True, mobile=MOBILE)
    await hire("Ben Okoro", practitioner=True)


async def hire(name: str, *, mobile: str = "", **roles: bool) -> int:
    """A user with an online login of their own, and a mobile one if they have a mobile number."""
    email = f"{name.split()[0].lower()}@riverside.example"
    form = UserForm(name=name, email=email, mobile=mobile, enabled_for_online=True, **roles)
    user = await insert_user(form, by=None)
    await give_login(user, CredentialKind.PASSWORD, PASSWORD)
    if mobile:
        await give_login(user, CredentialKind.PIN, PIN)
    return user


async def give_login(user: int, kind: CredentialKind, secret: str) -> None:
    """A credential with a secret that the person chose."""
    hashed = await hash_secret(kind, user, secret)
    async with write():
        await store_credential(user, kind, hashed, temporary=False, message=None)


@pytest.fixture
def log_in(new_client: Callable[..., Client]) -> LogIn:
    """Opens a browser and logs in: ``await log_in("sam")``; by the desk's door, for that is always open."""

    async def logged_in(who: str, door: str = "/admin/login") -> Client:
        client = new_client()
        answer = await try_to_log_in(client, who, door)
        assert answer.status == 303, answer.text
        return client

    return logged_in


async def try_to_log_in(client: Client, who: str, door: str) -> Answer:
    """What a browser gets that sends the right password through that door."""
    typed = {"email": f"{who}@riverside.example", "password": PASSWORD}
    return await client.submit(door, typed)


@pytest.fixture
async def admin(clinic: None, log_in: LogIn) -> Client:
    """Sam's browser."""
    return await log_in("sam")
