"""Ten thousand reminders due at once: whether whoever looks at the diary meanwhile notices, and how long they take.

Nobody waits until the last has left: how many leave while the diary is looked at says when that will be.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from app.accounts.middleware import SESSION_COOKIE
from app.clinic.tables import Clinic
from app.clock import now
from app.db import execute, rows
from app.diary.tables import Appointment, Attendance
from app.messages.tables import Channel
from app.reminders import defaults
from app.reminders.tables import Reminder, ReminderRule
from tests.bench.clinic import DAY, PATIENTS, Bench, build, using
from tests.bench.report import Limit, Measurements
from tests.support.databases import Databases
from tests.support.server import ROOT, Server, serving

REMINDERS = 10_000
PAGE = f"/diary/day/{DAY}"
EVERY = 0.1  # seconds between two looks at the diary
LOOKS = 300
LONGEST_HOURS = 2.0  # until all have left: they are told of two days ahead
FIRST, FIRST_WITHIN = 10, 60  # reminders, of both channels, and seconds
AT_ONCE = 500
NAME = "bench_reminders"


def measure_reminders(engine: str, databases: Databases) -> Measurements:
    """The diary's p95 while ten thousand reminders leave, by e-mail and by text, in terms of its quiet one."""
    url = databases.new(NAME)
    bench = asyncio.run(_prepared(url))
    with tempfile.TemporaryDirectory() as folder, _post_office(url) as environment:
        # As it is deployed: one process on SQLite, a web process and a worker on PostgreSQL.
        apart = engine == "PostgreSQL"
        told = {**environment, "WORKER_INSIDE": "no" if apart else "yes"}
        with serving(Path(folder), told) as server:
            asyncio.run(_all_planned(url))
            with _worker(Path(folder), told, apart=apart):
                quiet = _looks(server, bench)
                asyncio.run(_all_due_now(url))
                _wait_for_first(url)
                before, began = asyncio.run(_left(url)), time.monotonic()
                busy = _looks(server, bench)
                left, took = asyncio.run(_left(url)) - before, time.monotonic() - began
    databases.remove(NAME)
    return Measurements(
        [
            Limit(
                engine,
                "The diary's p95 while 10,000 reminders leave, against its quiet one",
                _p95(busy) / _p95(quiet),
                1.5,
            ),
            Limit(
                engine,
                "Hours until all of them have left, at the rate of those",
                REMINDERS / max(left, 1) * took / 3600,
                LONGEST_HOURS,
            ),
        ],
        [],
    )


@contextmanager
def _post_office(url: str) -> Iterator[dict[str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.post_office", url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(20)


@contextmanager
def _worker(folder: Path, environment: dict[str, str], *, apart: bool) -> Iterator[None]:
    if not apart:
        yield
        return
    with serving(folder, environment, "worker"):
        yield


def _looks(server: Server, bench: Bench) -> list[float]:
    """Milliseconds until the whole day is there, again and again."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)

    def look() -> float:
        began = time.perf_counter()
        connection.request("GET", PAGE, headers={"Cookie": f"{SESSION_COOKIE}={bench.token}"})
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - began
        assert answer.status == 200, answer.status
        time.sleep(EVERY)
        return took * 1000

    return [look() for _ in range(LOOKS)]


def _wait_for_first(url: str) -> None:
    """What each process does once, at its first message, isn't measured."""
    until = time.monotonic() + FIRST_WITHIN
    while asyncio.run(_left(url)) < FIRST:
        if time.monotonic() > until:
            raise TimeoutError(f"fewer than {FIRST} reminders have left within {FIRST_WITHIN} s")
        time.sleep(1)


def _p95(took: list[float]) -> float:
    return quantiles(took, n=20)[-1]


async def _prepared(url: str) -> Bench:
    """The clinic with rules, and appointments of patients who can be reached, two days from now."""
    bench = await build(url)
    async with using(url):
        await Clinic.update({Clinic.portal_url: "https://portal.example"}).where(Clinic.id == 1)
        await execute("UPDATE reminder_hours SET quiet_until = quiet_from WHERE id = 1")
        await execute("UPDATE patient SET email = 'somebody@mail.example', mobile = '+447911123456'")
        starts_at = now() + timedelta(days=2)
        for first in range(0, REMINDERS, AT_ONCE):
            added = await Appointment.insert(
                *(
                    Appointment(
                        practitioner=bench.practitioner,
                        type=1,
                        starts_at=starts_at,
                        ends_at=starts_at + timedelta(minutes=20),
                        created_at=now(),
                        forced=True,
                    )
                    for _ in range(AT_ONCE)
                )
            )
            await Attendance.insert(
                *(
                    Attendance(appointment=row["id"], patient=1 + (first + n) % PATIENTS)
                    for n, row in enumerate(added)
                )
            )
        for channel in Channel:  # last, so that nothing is planned for these
            reminder = defaults.reminder(channel)
            await ReminderRule.insert(
                ReminderRule(
                    channel=channel,
                    leads="60",
                    reminder_subject=reminder.subject,
                    reminder_body=reminder.body,
                )
            )
    return bench


async def _all_planned(url: str) -> None:
    """Half of them by e-mail and half by text, due in an hour."""
    async with using(url):
        found = await rows(
            """
            SELECT a.id, a.starts_at, s.patient FROM appointment a JOIN attendance s ON s.appointment = a.id
            WHERE a.starts_at > {}
            """,
            now() + timedelta(days=1),
        )
        upcoming = found[-REMINDERS:]
        for first in range(0, len(upcoming), AT_ONCE):
            await Reminder.insert(
                *(
                    Reminder(
                        appointment=row["id"],
                        patient=row["patient"],
                        channel=Channel.EMAIL if n % 2 else Channel.TEXT,
                        lead=2 * 24 * 60,
                        starts_at=row["starts_at"],
                        due_at=now() + timedelta(hours=1),
                    )
                    for n, row in enumerate(upcoming[first : first + AT_ONCE])
                )
            )


async def _all_due_now(url: str) -> None:
    async with using(url):
        await execute("UPDATE reminder SET due_at = {}", now() - timedelta(minutes=1))


async def _left(url: str) -> int:
    async with using(url):
        (found,) = await rows(
            "SELECT count(*) AS number FROM message WHERE state IN ('accepted', 'delivered')"
        )
        return int(found["number"])
