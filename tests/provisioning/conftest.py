"""Sam, the administrator, gives Clara her logins. What is sent lands in the tray, where a test can read it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from app.clinic.clinic import ClinicSettings
from app.db import Engine, rows
from app.messages.transports import tray
from app.settings import Settings
from tests.messages.outbox import until, working
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import Person, a_clinic, a_practitioner, an_administrator, logged_in

EMAIL, MOBILE = "clara.lund@riverside.example", "+447911123456"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Development's, with every message going to the tray."""
    return replace(settings, environment="development", tray=True)


@pytest.fixture
async def clinic(database: Engine, frozen: FrozenClock) -> ClinicSettings:
    return await a_clinic()


@pytest.fixture
async def sam(clinic: ClinicSettings) -> Person:
    return await an_administrator()


@pytest.fixture
async def clara(clinic: ClinicSettings) -> Person:
    """A practitioner who is enabled for online, and has no login yet."""
    return await a_practitioner("Clara Lund", email=EMAIL, mobile=MOBILE)


@dataclass(frozen=True, slots=True)
class Wizard:
    """The Online User Wizard for one user, in the administrator's browser."""

    admin: Client
    user: int

    def url(self, step: str = "") -> str:
        return f"/admin/users/{self.user}/wizard{f'/{step}' if step else ''}"

    async def open(self, step: str = "") -> Answer:
        """The page of that step, or of the one that the wizard stands at."""
        answer = await self.admin.page(self.url(step))
        while answer.status == 303:
            answer = await answer.follow()
        return answer

    async def to_check(self, *, online: bool = True, mobile: bool = True) -> Answer:
        """Go through the first steps; the page of the fourth."""
        ticked = {"online_login": "true" if online else None, "mobile_login": "true" if mobile else None}
        page = await (await (await self.open()).submit(**ticked)).follow()
        for _ in range(online + mobile):
            page = await (await page.submit()).follow()
        return page

    async def create(self, **logins: bool) -> Answer:
        """Go through all steps; the page that shows the delivery."""
        return await (await (await self.to_check(**logins)).submit()).follow()


@pytest.fixture
async def admin(sam: Person, client: Client) -> Client:
    """Sam's browser."""
    return await logged_in(client, sam)


@pytest.fixture
def wizard(admin: Client, clara: Person) -> Wizard:
    """For Clara."""
    return Wizard(admin, clara.id)


@dataclass(frozen=True, slots=True)
class Post:
    """What has been delivered: to whom, and the secret in it."""

    recipient: str
    text: str

    @property
    def secret(self) -> str:
        """The password or PIN."""
        found = re.search(r"Password:?\s+(\S+)|PIN is (\d+)", self.text)
        assert found is not None, self.text
        return found[1] or found[2]


Deliver = Callable[[], Awaitable[list[Post]]]


@pytest.fixture
def deliver(settings: Settings) -> Deliver:
    """Lets a worker run until nothing is left to send; returns all that was ever sent, oldest first."""

    async def run() -> list[Post]:
        async def nothing_waits() -> bool:
            return not await rows("SELECT id FROM message WHERE state IN ('queued', 'sending', 'held')")

        async with working(settings) as changes:
            await until(changes, nothing_waits)
        kept = {found.message.reference: found.message for found in tray(settings).messages()}
        sent = [row["reference"] for row in await rows("SELECT reference FROM message ORDER BY id")]
        return [
            Post(kept[reference].recipient, kept[reference].text) for reference in sent if reference in kept
        ]

    return run
