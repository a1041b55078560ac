"""What tests may ask for. The other ends of the network are real servers on loopback; only the clock is ours to set."""

from __future__ import annotations

import gc
import itertools
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from playwright.async_api import Browser

from app import db
from app.accounts import hashing
from app.db.engine import Engine
from app.settings import Settings, use
from tests.support import chromium
from tests.support.applications import Applications
from tests.support.browser import Devices, launched
from tests.support.certificates import Authority
from tests.support.client import Client
from tests.support.clock import FrozenClock
from tests.support.databases import Databases, PostgresDatabases, SQLiteDatabases
from tests.support.lifespan import running
from tests.support.postgres import postgres_server
from tests.support.server import Server, serving
from tests.support.settings import environment_for, settings_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

LIGHT = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
NOBODYS_LIGHT_HASH = LIGHT.hash(b"nobody's secret")

FAILED = pytest.StashKey[bool]()

# How long examples take depends on what else the machine does, which no property is about.
hypothesis.settings.register_profile(
    "whatever-the-load", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("whatever-the-load")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--engine", choices=("sqlite", "postgresql"), default="sqlite", help="the database to run on"
    )


def pytest_report_header(config: pytest.Config) -> str:
    return f"engine: {config.getoption('--engine')}, browser: {chromium.path() or 'none'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in fixtures_of(item):
            item.add_marker(pytest.mark.browser)
    if config.getoption("--engine") == "postgresql":
        # What asks for no database is the same on every engine: the run on SQLite has it.
        without = [item for item in items if "databases" not in fixtures_of(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if item not in without]


def pytest_collection() -> None:
    gc.disable()


def pytest_collection_finish() -> None:
    # What has been read stays: collecting garbage needn't look through all of it again and again.
    gc.freeze()
    gc.set_threshold(20_000)
    gc.enable()


def fixtures_of(item: pytest.Item) -> Collection[str]:
    """The names of all that the test asks for."""
    return getattr(item, "fixturenames", ())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    report = yield
    if call.when == "call":
        item.stash[FAILED] = report.failed
    return report


# --- databases


@pytest.fixture(scope="session")
def engine_name(pytestconfig: pytest.Config) -> str:
    """The engine of this run: sqlite or postgresql."""
    return str(pytestconfig.getoption("--engine"))


@pytest.fixture(scope="session")
def databases(engine_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes new databases on the engine of this run."""
    if engine_name == "sqlite":
        yield SQLiteDatabases(tmp_path_factory.mktemp("databases"))
    else:
        with postgres_server() as server:
            made = PostgresDatabases(server)
            yield made
            made.remove("template")


@pytest.fixture(scope="session")
def database_names() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def database_url(databases: Databases, database_names: Iterator[int]) -> Iterator[str]:
    """A migrated, empty database of the test's own."""
    name = str(next(database_names))
    yield databases.new(name)
    databases.remove(name)


@pytest.fixture
async def database(database_url: str, settings: Settings) -> AsyncIterator[Engine]:
    """The test's database, bound and with its pool open, under the test's settings."""
    use(settings)
    engine = db.connect(database_url)
    db.bind(engine)
    await engine.start_connection_pool()
    yield engine
    await engine.close_connection_pool()  # the application, if there is one, has bound another


# --- the world outside


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """Issues the certificates of the servers below; this process's HTTP clients trust it."""
    authority = Authority(tmp_path_factory.mktemp("authority"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
        yield authority


@pytest.fixture(scope="session")
def _smtp_server(authority: Authority) -> Iterator[SmtpServer]:
    with SmtpServer(authority) as server:
        yield server


@pytest.fixture
def smtp_server(_smtp_server: SmtpServer) -> SmtpServer:
    """The mail server that the settings name: STARTTLS with AUTH, and no mails yet."""
    _smtp_server.reset()
    return _smtp_server


@pytest.fixture(scope="session")
def _vonage(authority: Authority) -> Iterator[Vonage]:
    with Vonage(authority) as endpoint:
        yield endpoint


@pytest.fixture
def vonage(_vonage: Vonage) -> Iterator[Vonage]:
    """Vonage's Messages API that the settings name, with no texts yet."""
    _vonage.reset()
    yield _vonage
    assert _vonage.violations == []


@pytest.fixture(autouse=True)
def hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id with the least that it takes: as production has it, it would be a sixth of the run. Processes of their
    own have the real one, and so do the tests of hashing.
    """
    monkeypatch.setattr(hashing, "HASHER", LIGHT)
    monkeypatch.setattr(hashing, "NOBODYS_HASH", NOBODYS_LIGHT_HASH)


@pytest.fixture
def frozen() -> Iterator[FrozenClock]:
    """The clock, stopped on a Monday morning."""
    with FrozenClock() as clock:
        yield clock


# --- the application


@pytest.fixture
def settings(database_url: str, tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage) -> Settings:
    """Production settings. A module that needs others overrides this fixture with dataclasses.replace()."""
    return settings_for(database_url, tmp_path / "var", smtp_server, vonage)


@pytest.fixture(scope="session")
def applications() -> Applications:
    return Applications()


@pytest.fixture
async def app(settings: Settings, database: Engine, applications: Applications) -> AsyncIterator[Any]:
    """The application, started, in the test's own event loop."""
    application = applications.for_settings(settings)
    async with running(application):
        yield application


@pytest.fixture
async def new_client(app: Any) -> AsyncIterator[Callable[..., Client]]:
    """Opens another browser: ``new_client(address="198.51.100.4")``."""
    async with AsyncExitStack() as stack:

        def opened(**options: Any) -> Client:
            client = Client(app, **options)
            stack.push_async_callback(client.aclose)
            return client

        yield opened


@pytest.fixture
async def client(new_client: Callable[..., Client]) -> Client:
    """A browser without JavaScript that nobody has used yet."""
    return new_client()


@pytest.fixture
def serve(
    database_url: str, tmp_path: Path, smtp_server: SmtpServer, vonage: Vonage
) -> Iterator[Callable[..., Server]]:
    """Starts the application in a process of its own; keywords are its environment: ``serve(MESSAGE_TRAY="yes")``.

    What it printed stands in the report of a test that failed.
    """
    base = environment_for(database_url, smtp_server, vonage)
    servers: list[Server] = []
    with ExitStack() as stack:

        def started(command: str = "serve", **environment: str) -> Server:
            servers.append(stack.enter_context(serving(tmp_path, {**base, **environment}, command)))
            return servers[-1]

        yield started
    for server in servers:
        print(server.log)


@pytest.fixture
def live_server(serve: Callable[..., Server]) -> Server:
    """The application, serving on loopback; a module that needs another environment overrides this fixture."""
    return serve()


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one browser of the run; what tests open in it is theirs alone."""
    if chromium.path() is None and chromium.may_be_missing():
        pytest.skip(chromium.MISSING)
    async with launched() as browser:
        yield browser


@pytest.fixture
async def devices(
    live_server: Server, browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[Devices]:
    """Devices on the live server: ``await devices.open("phone", "/m")``."""
    async with Devices(browser, live_server.url, live_server.at) as devices:
        yield devices
        if request.node.stash.get(FAILED, False):
            await devices.photograph(tmp_path)
    assert not devices.complaints, "\n".join(devices.complaints)
