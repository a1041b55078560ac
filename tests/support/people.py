"""People on the staff of Riverside Physio, their logins, and browsers in which they are logged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import settings
from app.accounts import hashing
from app.accounts.credentials import store_credential
from app.accounts.devices import cookie_of, remember
from app.accounts.forms import UserForm
from app.accounts.hashing import HashedSecret, hash_secret
from app.accounts.middleware import SESSION_COOKIE
from app.accounts.sessions import start_session
from app.accounts.tables import Credential, CredentialKind, Device, SessionKind
from app.accounts.users import insert_user
from app.accounts.viewer import Viewer
from app.clinic.clinic import ClinicSettings, create_clinic, load_clinic
from app.clinic.settings import change_portal_status
from app.clinic.tables import PortalStatus
from app.clock import now
from app.db import write
from app.web.cookies import cookie_name
from tests.support.client import Answer, Client

PASSWORD = "stapler orchid velvet"
PIN = "750362"
MOBILE = "+447911123456"
# Nearly every test begins with the same people and their secrets: each is hashed once in a run.
_HASHES: dict[tuple[str, int, str, str, bytes], HashedSecret] = {}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on the staff, by the user names of their logins."""

    id: int
    name: str
    email: str
    mobile: str
    viewer: Viewer


async def a_clinic(*, online: bool = True) -> ClinicSettings:
    """Riverside Physio in London."""
    async with write():
        await create_clinic(
            name="Riverside Physio", country="GB", time_zone="Europe/London", phone="+441614960000"
        )
        if online:
            await change_portal_status(PortalStatus.ONLINE, by=None)
    return await the_clinic()


async def the_clinic() -> ClinicSettings:
    """The clinic's settings as they are now."""
    clinic = await load_clinic()
    assert clinic is not None
    return clinic


async def hire(
    name: str, *, email: str | None = None, mobile: str = "", enabled: bool = True, **roles: bool
) -> Person:
    """A new user without logins; the e-mail address is made of the first name."""
    email = f"{name.split()[0].lower()}@riverside.example" if email is None else email
    form = UserForm(name=name, email=email, mobile=mobile, enabled_for_online=enabled, **roles)
    async with write():
        user = await insert_user(form, by=None)
    return Person(user, name, form.email, form.mobile, as_viewer(user, form))


def as_viewer(user: int, form: UserForm, *, session: int = 0, kind: str = "desktop") -> Viewer:
    """The user as handlers and verbs see them."""
    roles = (form.administrator, form.front_desk, form.practitioner)
    return Viewer(user, form.name, *roles, session=session, kind=kind)


async def an_administrator(name: str = "Sam Reyes", **options: Any) -> Person:
    """An administrator without logins."""
    return await hire(name, administrator=True, **options)


async def a_front_desk(name: str = "Dana Fox", **options: Any) -> Person:
    """Somebody who keeps the desk, without logins."""
    return await hire(name, front_desk=True, **options)


async def a_practitioner(name: str = "Anna Marsh", **options: Any) -> Person:
    """A practitioner without logins."""
    return await hire(name, practitioner=True, **options)


async def give_password(person: Person, password: str = PASSWORD, *, temporary: bool = False) -> None:
    """An online login; by default with a password of the person's own."""
    await _give(person, CredentialKind.PASSWORD, password, temporary=temporary)


async def give_pin(
    person: Person, pin: str = PIN, *, temporary: bool = False, used: bool = False, ticket: str = ""
) -> None:
    """A mobile login. The first phone that gives the PIN is bound by it, unless it has been ``used``."""
    await _give(person, CredentialKind.PIN, pin, temporary=temporary, ticket=ticket)
    if used:
        await Credential.update({Credential.first_used_at: now()}).where(
            Credential.user == person.id, Credential.kind == CredentialKind.PIN
        )


async def _give(
    person: Person, kind: CredentialKind, secret: str, *, temporary: bool, ticket: str = ""
) -> None:
    hashed = await _hash_of(kind, person.id, secret)
    async with write():
        await store_credential(person.id, kind, hashed, temporary=temporary, message=None, ticket=ticket)


async def _hash_of(kind: CredentialKind, user: int, secret: str) -> HashedSecret:
    key = (kind, user, secret, hashing.HASHER, *settings.current().peppers.current)
    if key not in _HASHES:
        _HASHES[key] = await hash_secret(kind, user, secret)
    return _HASHES[key]


async def logged_in(client: Client, who: Person | Viewer, *, phone: bool = False) -> Client:
    """The browser with a session of that person in it, as after a log-in but without its hashing."""
    user = who.id if isinstance(who, Person) else who.user
    kind = SessionKind.PHONE if phone else SessionKind.DESKTOP
    label = "Safari, iPhone" if phone else "Firefox, Linux"
    async with write():
        device, device_token = await remember(user, kind, None, label)
        await Device.update({Device.confirmed_at: now()}).where(
            Device.id == device
        )  # somebody vouched for it
        token = await start_session(user, kind, await the_clinic(), device=device, address="203.0.113.7")
    client.cookies.set(cookie_name(SESSION_COOKIE), token)
    client.cookies.set(cookie_name(cookie_of(user)), device_token)
    return client


async def log_in(client: Client, email: str, password: str = PASSWORD, *, door: str = "/login") -> Answer:
    """Send e-mail and password through a door: /login or /admin/login."""
    return await client.submit(door, {"email": email, "password": password})


async def log_in_by_pin(client: Client, mobile: str = MOBILE, pin: str = PIN) -> Answer:
    """Send mobile number and PIN."""
    return await client.submit("/m", {"mobile": mobile, "pin": pin})
