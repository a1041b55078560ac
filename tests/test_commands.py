"""The commands, each in a process of its own, as a Procfile or a person runs them."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
from argparse import Namespace
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.accounts.peppers import check_peppers
from app.audit.record import record
from app.audit.sealer import seal_pending
from app.clinic.tables import Clinic
from app.commands import COMMANDS
from app.db import Engine, rows, write
from app.keys import NAMES, new_keys
from app.messages.outbox import post
from app.settings import Settings
from tests.support.client import HOST, Client
from tests.support.commands import Finished, Running, interpreted
from tests.support.databases import Databases
from tests.support.people import a_clinic, a_practitioner, an_administrator, give_password, log_in, the_clinic
from tests.support.ports import free_port
from tests.support.server import Server, ended
from tests.support.settings import KEY, environment_for
from tests.support.smtp import HANG_AFTER_DATA, SmtpServer
from tests.support.vonage import Vonage

Environment = dict[str, str]
Run = Callable[..., Awaitable[Finished]]


@pytest.fixture
def production(
    database_url: str, smtp_server: SmtpServer, vonage: Vonage, settings: object, tmp_path: Path
) -> Environment:
    """The test's settings as an environment: what runs here finds its database and its keys."""
    text = b64encode(KEY).decode()
    return {
        **environment_for(database_url, smtp_server, vonage),
        "ENVIRONMENT": "production",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "none",
        "VAR_DIR": str(tmp_path / "var"),
        "WORKER_INSIDE": "no",
        **{name: f"1:{text}" if name in ("PEPPERS", "MESSAGE_KEYS") else text for name in NAMES},
    }


@pytest.fixture
def run(production: Environment, tmp_path: Path) -> Run:
    """Runs a command in production: ``await run("portal", "online", PORT="80")``."""

    async def ran(*command: str, **changed: str) -> Finished:
        return await Running.begun(tmp_path, *command, **{**production, **changed}).finished()

    return ran


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[str]:
    """A database without tables."""
    yield databases.empty("untouched")
    databases.remove("untouched")


# --- what a person or a platform starts


async def test_an_empty_database_is_migrated_before_it_is_served(
    run: Run, production: Environment, empty_database: str
) -> None:
    refused = await run("serve", DATABASE_URL=empty_database)
    assert refused.status == 1
    assert re.search(
        r"The database lacks \d+ migrations; run `python -m app migrate` first\.", refused.complained
    )
    migrated = await interpreted("migrate", **{**production, "DATABASE_URL": empty_database})
    assert (migrated.status, migrated.complained) == (0, "")
    link = await run("setup-link", DATABASE_URL=empty_database)
    assert (link.status, f"https://{HOST}/setup/" in link.said) == (0, True)


async def test_keys_prints_what_the_environment_takes_and_needs_nothing() -> None:
    printed = await interpreted("keys")
    assert printed.status == 0
    assert [line.partition("=")[0] for line in printed.said.splitlines()] == list(new_keys())


async def test_production_does_not_start_without_its_settings_and_says_each_fault_once() -> None:
    refused = await interpreted("serve")
    assert refused.status == 2
    first, *faults = refused.complained.splitlines()
    assert first == "Daybook can't start:"
    assert [fault.split()[0] for fault in faults] == [
        "DATABASE_URL",
        "ALLOWED_HOSTS",
        "TRUSTED_PROXIES",
        *NAMES,
        "SMTP_URL",
    ]
    assert "Traceback" not in refused.complained


async def test_a_setting_that_is_weak_is_named_and_not_repeated(run: Run) -> None:
    refused = await run("serve", SMTP_URL="smtp://user:hunter2@smtp.example.com", ALLOWED_HOSTS="*")
    assert refused.status == 2
    assert len(refused.complained.splitlines()) == 3
    assert "hunter2" not in refused.complained


async def test_the_portal_is_put_online_and_offline_from_the_machine(run: Run, database: Engine) -> None:
    await a_clinic(online=False)
    online = await run("portal", "online")
    assert (online.status, online.said) == (0, "The portal is online.\n")
    clinic = await the_clinic()
    assert (clinic.portal_online, clinic.portal_changed_by) == (True, None)
    offline = await run("portal", "offline")
    assert (offline.status, (await the_clinic()).portal_online) == (0, False)
    actions = [row["action"] for row in await rows("SELECT action FROM audit_entry ORDER BY id")]
    assert actions == ["portal.opened", "portal.closed"]


async def test_create_admin_prints_a_password_that_opens_the_desk_s_door(run: Run, client: Client) -> None:
    await a_clinic(online=False)
    created = await run("create-admin", "--name", "Robin Hale", "--email", "Robin@Riverside.example")
    assert created.status == 0
    answer = await log_in(client, "robin@riverside.example", created.said.split()[-1], door="/admin/login")
    assert answer.status == 303
    assert (await client.page("/admin/users")).status == 200


async def test_reset_password_prints_one_that_opens_the_diary(
    run: Run, database: Engine, client: Client
) -> None:
    await a_clinic()
    anna = await a_practitioner()
    await give_password(anna)
    reset = await run("reset-password", "--email", anna.email)
    assert reset.status == 0
    assert (await log_in(client, anna.email, reset.said.split()[-1])).status == 303


async def test_audit_verify_compares_the_record_with_a_head_that_was_printed_before(
    run: Run, database: Engine
) -> None:
    await a_clinic()
    await run("portal", "offline")
    await seal_pending(KEY)
    head = (await run("audit", "head")).said.strip()
    intact = await run("audit", "verify", "--head", head)
    assert (intact.status, intact.said) == (0, "1 of 1 sealed entries are as they were recorded.\n")
    later = head.replace("1:", "2:", 1)
    cut_off = await run("audit", "verify", "--head", later)
    assert (cut_off.status, "Cut off: 2 entries were sealed" in cut_off.said) == (1, True)


async def test_the_wrong_pepper_is_noticed_at_start(run: Run, database: Engine) -> None:
    await check_peppers()
    refused = await run("serve", PEPPERS=new_keys()["PEPPERS"])
    assert (refused.status, "PEPPERS has another value for the id 1" in refused.complained) == (1, True)
    assert "Traceback" not in refused.complained


async def test_a_database_out_of_reach_is_a_sentence_without_its_password(run: Run) -> None:
    nowhere = f"postgresql://daybook:hunter2@127.0.0.1:{free_port()}/daybook"
    refused = await run("serve", DATABASE_URL=nowhere)
    assert refused.status == 1
    assert "Daybook can't reach its database" in refused.complained
    assert "hunter2" not in refused.complained + refused.said


async def test_an_unknown_command_prints_what_there_is() -> None:
    refused = await interpreted("dance")
    assert (refused.status, "create-admin" in refused.complained) == (2, True)


async def test_a_worker_that_is_told_to_stop_finishes_what_it_is_sending(
    production: Environment, database: Engine, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    await a_clinic()
    await Clinic.update({Clinic.portal_url: f"https://{HOST}"}).where(Clinic.id == 1)
    async with write():
        await post(
            "online_login", "email", "anna@riverside.example", 1, {"name": "Anna", "password": "grove-lemon"}
        )
    smtp_server.fail_next(HANG_AFTER_DATA)
    worker = Running.begun(tmp_path, "worker", **production)
    await smtp_server.received(timeout=60)
    worker.process.terminate()
    with pytest.raises(TimeoutError):
        await worker.finished(0.5)
    smtp_server.release()
    done = await worker.finished()
    assert (done.status, "Traceback" in done.complained) == (0, False)
    assert await rows("SELECT state FROM message") == [{"state": "accepted"}]


async def test_a_server_that_is_told_to_stop_stops(
    production: Environment, serve: Callable[..., Server]
) -> None:
    server = serve(**production)
    server.process.terminate()
    # Having shut down, uvicorn dies of the signal that it was sent.
    assert await asyncio.to_thread(ended, server.process, 20) == -signal.SIGTERM
    assert "Traceback" not in server.log


# --- what the commands refuse; in this process, which is quicker


async def refusal(
    settings: Settings, capsys: pytest.CaptureFixture[str], command: str, **arguments: str
) -> tuple[int, str]:
    """A command's exit status, and what it said."""
    status = await COMMANDS[command](settings, Namespace(**arguments))
    return status, capsys.readouterr().out


async def test_without_a_clinic_there_is_no_portal_to_open(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = await refusal(settings, capsys, "portal", status="online")
    assert (status, "There is no clinic yet" in said) == (1, True)


async def test_setup_link_is_for_an_empty_database_only(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_clinic()
    status, said = await refusal(settings, capsys, "setup-link")
    assert (status, "This Daybook is set up already" in said) == (1, True)


async def test_audit_verify_says_what_is_wrong_and_what_waits(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    for action in ("portal.opened", "portal.closed"):
        await record(action, actor=None)
    await seal_pending(b"another key, by mistake")
    await record("portal.opened", actor=None)
    status, said = await refusal(settings, capsys, "audit", what="verify", head=None)
    assert status == 1
    first, *faults, counted, waiting, hint = said.splitlines()
    assert first == "Not one seal fits: is AUDIT_KEY the one that they were made with?"
    assert [fault.split("(")[1] for fault in faults] == ["seal 1).", "seal 2)."]
    assert counted == "0 of 2 sealed entries are as they were recorded."
    assert waiting.startswith("Waiting to be sealed: 1, the oldest since ")
    assert "a head" in hint


async def test_reset_password_says_that_nobody_has_that_address(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = await refusal(settings, capsys, "reset-password", email="nobody@riverside.example")
    assert (status, "No current user has an online login" in said) == (1, True)


async def test_reset_password_names_a_door_that_it_opens(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str], client: Client
) -> None:
    await a_clinic(online=False)
    anna, sam = await a_practitioner(), await an_administrator(enabled=False)
    for person in (anna, sam):
        await give_password(person)
        assert await COMMANDS["reset-password"](settings, Namespace(email=person.email)) == 0

    annas, sams = capsys.readouterr().out.splitlines()
    assert annas.startswith(
        f"Once the portal is online, {anna.email} can log in at /login with the password "
    )
    assert sams.startswith(f"{sam.email} can log in at /admin/login with the password ")
    assert (await log_in(client, sam.email, sams.split()[-1], door="/admin/login")).status == 303


async def test_remove_factors_says_that_nobody_has_that_address(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = await refusal(settings, capsys, "remove-factors", email="nobody@riverside.example")
    assert (status, said) == (1, "No current user has that e-mail address.\n")


async def test_create_admin_says_what_is_wrong_with_an_address(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    await a_clinic()
    status, said = await refusal(settings, capsys, "create-admin", name="Robin Hale", email="robin")
    assert (status, "This isn't an e-mail address." in said) == (1, True)


async def test_the_demo_is_refused_in_production(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    status, said = await refusal(settings, capsys, "demo")
    assert (status, "The demo is for development only" in said) == (1, True)


async def test_a_port_in_use_is_a_sentence(
    settings: Settings, database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        status, said = await refusal(replace(settings, port=port), capsys, "serve")
    assert (status, f"Port {port} is in use; choose another one" in said) == (1, True)
