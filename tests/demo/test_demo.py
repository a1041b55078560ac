"""The demo is what a newcomer needs: a busy clinic around today, and log-ins that work."""

from __future__ import annotations

import json
import stat
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import phonenumbers
import pytest

from app.clinic.clinic import load_clinic
from app.clock import day_window, freeze, local_day, now, zone
from app.db import bind, close_pool, connect, database, open_pool, rows
from app.db.engine import Engine
from app.db.migrate import migrate
from app.demo import DemoCredential, build_demo, prepare_demo
from app.settings import Settings, use
from tests.support.client import Client
from tests.support.clock import MORNING, FrozenClock
from tests.support.databases import Databases
from tests.support.settings import settings_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

LONDON = zone("Europe/London")
ORIGINAL = "demo"
AT = MORNING + timedelta(hours=2, minutes=31)


@dataclass(frozen=True, slots=True)
class Built:
    """What building left behind: a database and, in ``settings.var``, a file."""

    settings: Settings
    credentials: list[DemoCredential]


@pytest.fixture(scope="module")
def original(databases: Databases) -> Iterator[str]:
    """The database that the demo is built into."""
    yield databases.new(ORIGINAL)
    databases.remove(ORIGINAL)


@pytest.fixture(scope="module")
async def built(
    original: str, tmp_path_factory: pytest.TempPathFactory, _smtp_server: SmtpServer, _vonage: Vonage
) -> Built:
    """Built once, because it takes seconds, on a Monday at 11:12. Each test looks at a copy of the database."""
    settings = settings_for(original, tmp_path_factory.mktemp("demo"), _smtp_server, _vonage)
    use(settings)
    with freeze(AT):
        async with opened(settings) as credentials:
            return Built(settings, credentials)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[list[DemoCredential]]:
    bind(connect(settings.database_url))
    await open_pool()
    await migrate(database())
    yield await build_demo(settings)
    await close_pool()


@pytest.fixture
def database_url(built: Built, databases: Databases, database_names: Iterator[int]) -> Iterator[str]:
    name = str(next(database_names))
    yield databases.copy(ORIGINAL, name)
    databases.remove(name)


@pytest.fixture
def demo(built: Built, frozen: FrozenClock, database: Engine) -> list[DemoCredential]:
    """Its log-ins, at the moment it was built."""
    frozen.move_to(AT)
    return built.credentials


async def count(sql: str, *args: object) -> int:
    return int((await rows(f"SELECT count(*) AS n {sql}", *args))[0]["n"])


async def test_a_whole_clinic_is_there(demo: list[DemoCredential]) -> None:
    assert Counter(credential.role for credential in demo) == {
        "administrator": 1,
        "front desk": 1,
        "practitioner": 6,
    }
    clinic = await load_clinic()
    assert clinic
    assert clinic.portal_online
    assert await count("FROM patient") == 400
    for found in (
        "FROM appointment WHERE title = 'Lunch'",
        "FROM appointment WHERE booked_online",
        "FROM appointment WHERE notes <> ''",
        "FROM attendance WHERE new_patient",
        "FROM attendance WHERE reason <> ''",
        "FROM attendance WHERE told > 0",
        "FROM cancel_request",
        "FROM patient WHERE alert <> ''",
        "FROM patient WHERE preferred_name <> ''",
        "FROM working_hours",
        "FROM room",
    ):
        assert await count(found) > 0, found


async def test_eight_weeks_of_appointments_lie_around_today_and_today_is_busy(
    demo: list[DemoCredential],
) -> None:
    today = local_day(now(), LONDON)
    practitioners = await rows("SELECT id FROM staff_user WHERE practitioner")
    for day in (today + timedelta(days=n) for n in range(-28, 29)):
        start, end = day_window(day, LONDON)
        booked = "FROM appointment WHERE type IS NOT NULL AND starts_at >= {} AND starts_at < {}"
        assert await count(booked, start, end) >= len(practitioners), day
        if day == today:
            for practitioner in practitioners:
                assert await count(f"{booked} AND practitioner = {{}}", start, end, practitioner["id"]) >= 5


async def test_statuses_fit_the_time_of_day(demo: list[DemoCredential]) -> None:
    async def statuses(where: str) -> set[str]:
        found = await rows(
            f"SELECT DISTINCT status FROM appointment WHERE type IS NOT NULL AND {where}", now()
        )
        return {row["status"] for row in found}

    gone = {"cancelled", "late_cancelled"}
    assert await statuses("ends_at <= {}") - gone == {"completed", "did_not_attend"}
    assert await statuses("starts_at > {}") - gone == {"arrived", "confirmed", "booked"}
    assert await count("FROM appointment WHERE status = 'in_session'") > 0


async def test_nobody_is_in_two_places(demo: list[DemoCredential]) -> None:
    for what in ("practitioner", "room"):
        clashes = await rows(
            f"""
            SELECT a.id FROM appointment a JOIN appointment b ON a.{what} = b.{what} AND a.id < b.id
            WHERE a.starts_at < b.ends_at AND b.starts_at < a.ends_at
              AND a.status NOT IN ('cancelled', 'late_cancelled') AND b.status NOT IN ('cancelled', 'late_cancelled')
            """
        )
        assert clashes == []


async def test_every_log_in_works_with_a_british_mobile_number(
    demo: list[DemoCredential], new_client: Callable[..., Client], frozen: FrozenClock
) -> None:
    for credential in demo:
        number = phonenumbers.parse(credential.phone)
        assert phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
        assert phonenumbers.region_code_for_number(number) == "GB"
        typed = {"email": credential.email, "password": credential.password}
        assert (await new_client().submit("/login", typed)).status == 303, credential.role
        typed = {"mobile": credential.phone, "pin": credential.pin}
        assert (await new_client().submit("/m", typed)).status == 303, credential.role


async def test_secrets_do_not_expire_and_are_nobodys_to_read(
    demo: list[DemoCredential], built: Built
) -> None:
    assert await count("FROM credential WHERE temporary") == 0
    file = built.settings.var / "demo-credentials.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [set(entry) for entry in json.loads(file.read_text())] == [
        {"role", "name", "email", "password", "phone", "pin"}
    ] * 8


async def test_nobody_outside_is_reached(demo: list[DemoCredential]) -> None:
    """No message waits to be sent, and patients' numbers are of those that Ofcom keeps free for invented people."""
    assert (
        await count("FROM message WHERE state NOT IN ('accepted', 'delivered', 'failed', 'undeliverable')")
        == 0
    )
    assert await count("FROM patient WHERE mobile <> '' AND mobile NOT LIKE '+447700900%'") == 0


@pytest.fixture
def newcomers(tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage) -> Settings:
    """Whatever database they name, the demo has one of its own, on SQLite."""
    return settings_for("postgresql://nowhere", tmp_path, smtp_server, vonage)


async def test_it_has_its_own_database_and_the_tray(newcomers: Settings) -> None:
    prepared = prepare_demo(newcomers)
    assert prepared.database_url == f"sqlite:///{newcomers.var / 'demo.sqlite3'}"
    assert prepared.tray


async def test_started_again_on_the_same_day_it_is_kept_and_on_another_day_built_anew(
    newcomers: Settings,
) -> None:
    use(newcomers)
    async with opened(prepare_demo(newcomers)) as first:
        pass
    async with opened(prepare_demo(newcomers)) as second:
        assert second == first
    with FrozenClock() as clock:
        clock.move_to(now() + timedelta(days=400))
        async with opened(prepare_demo(newcomers)) as third:
            assert [c.name for c in third] == [c.name for c in first]
            assert third[0].password != first[0].password
            (found,) = await rows("SELECT max(starts_at) AS last FROM appointment")
            assert str(found["last"]) > now().isoformat(" ")
