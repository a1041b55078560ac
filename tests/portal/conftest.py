"""A clinic with its staff, and who of them is logged in where."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from app.accounts.forms import SetupForm
from app.accounts.setup import new_setup_link, set_up
from tests.support import people
from tests.support.client import Answer, Client
from tests.support.people import PASSWORD, give_password, give_pin

MOBILE = "07911 123456"  # as one types it

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
    person = await people.hire(name, mobile=mobile, **roles)
    await give_password(person)
    if mobile:
        await give_pin(person)
    return person.id


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
