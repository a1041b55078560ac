"""A canary: the whole flow with secrets that are known, which are then looked for wherever they must not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import time
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.accounts.setup import new_setup_link
from app.audit.sealer import seal_pending
from app.db import Engine, rows
from app.diary.catalogue.types import add_type
from app.diary.hours.practitioners import set_hours
from app.settings import Settings
from tests.accounts.factors.steps import set_up_authenticator
from tests.messages.outbox import until, working
from tests.support.client import Answer, Client
from tests.support.clock import FrozenClock
from tests.support.people import log_in, log_in_by_pin
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

SAMS, WRONG, CLARAS = "stapler orchid velvet", "mistaken orchid quince", "lantern thicket marble"
CHOSEN, CHOSEN_PIN = "cobalt meadow trumpet", "483067"
NOTES = {
    "appointment": "canary-note-kneecap",
    "patient": "canary-note-marriage",
    "alert": "canary-note-latex",
}
WRONG_PIN = "918273"
# Where somebody who may see them reads notes: the record, the appointment, and their forms.
NOTES_BELONG = re.compile(r"/patients(/\d+(/edit)?)?|/diary/appointments(/\d+(/edit)?)?|/diary/day/.*")
NOTES_KEPT = {"patient", "appointment", "diary_change"}
ENGINES_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


class Overheard:
    """All that was answered to the browsers."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str]] = []

    async def note(self, response: httpx.Response) -> None:
        await response.aread()
        head = "\n".join(
            f"{name}: {value}" for name, value in response.headers.items() if name != "set-cookie"
        )
        self.answers.append((urlsplit(str(response.url)).path, f"{head}\n{response.text}"))

    def paths_with(self, secret: str) -> set[str]:
        return {path for path, text in self.answers if holds(text, secret)}


def holds(text: str, secret: str) -> bool:
    """Whether the secret stands there; a PIN's digits may well be a part of some longer number."""
    alone = rf"(?<![0-9A-Za-z]){re.escape(secret)}(?![0-9A-Za-z])"
    return (
        secret in text and re.search(alone, text) is not None
    )  # most texts don't hold it, which is seen at once


async def tables_with(engine: Engine, secret: str) -> set[str]:
    found = set()
    for table in await rows(ENGINES_TABLES[engine.engine_type]):
        for row in await rows(f'SELECT * FROM "{table["name"]}"'):
            values = (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row.values())
            if any(holds(value, secret) for value in values):
                found.add(table["name"])
    return found


def files_with(engine: Engine, secrets: Iterable[str]) -> set[str]:
    """Those that are still in SQLite's file, or in its log, though no row holds them."""
    if engine.engine_type != "sqlite":
        return set()
    kept = b"".join(Path(f"{engine.path}{end}").read_bytes() for end in ("", "-wal"))
    return {secret for secret in secrets if holds(kept.decode("latin-1"), secret)}


async def delivered(settings: Settings) -> None:
    """Let a worker run until nothing is left to send."""

    async def nothing_waits() -> bool:
        return not await rows("SELECT id FROM message WHERE state IN ('queued', 'sending', 'held')")

    async with working(settings) as changes:
        await until(changes, nothing_waits)


async def led(answer: Answer) -> Answer:
    """The page that it leads to in the end."""
    while answer.status == 303:
        answer = await answer.follow()
    return answer


async def a_clinic_is_set_up(sam: Client) -> str:
    """By the link; Sam mistypes the password once. Returns the link's path."""
    link = await new_setup_link()
    assert link is not None
    typed = {"clinic_name": "Riverside Physio", "clinic_phone": "0161 496 0000", "name": "Sam Reyes"}
    await (await sam.page(link)).submit(email="sam@riverside.example", password=SAMS, **typed)
    assert (await log_in(sam, "sam@riverside.example", WRONG, door="/admin/login")).status == 422
    return link


async def clara_gets_her_logins(sam: Client) -> int:
    settings_page = await sam.page("/admin/web-booking/settings")
    assert (await settings_page.submit(portal_url="https://portal.example")).status == 303
    assert (await sam.submit("/admin/web-booking/status", {"status": "online"})).status == 303
    record = await sam.page("/admin/users/new")
    page = await led(
        await record.submit(
            button="[name=then][value=create]",
            name="Clara Lund",
            email="clara@riverside.example",
            mobile="07911 123456",
            practitioner="true",
            enabled_for_online="true",
        )
    )
    page = await led(await page.submit(online_login="true", mobile_login="true"))
    for _ in range(3):
        page = await led(await page.submit())
    assert "logins are created" in page.text
    return int(page.response.url.path.split("/")[3])


def password_mailed(smtp_server: SmtpServer) -> str:
    """The newest password; mails that go out at the same time come in any order."""
    return next(
        found[1] for mail in smtp_server.mails[::-1] if (found := re.search(r"Password:\s+(\S+)", mail.text))
    )


def links_mailed(smtp_server: SmtpServer, path: str, saying: str = "") -> list[str]:
    """The links to below that path, as mails show them that say that."""
    texts = [mail.text for mail in smtp_server.mails if saying in " ".join(mail.text.split())]
    return [found[0] for text in texts if (found := re.search(rf"{path}/[\w-]{{43}}", text))]


async def clara_forgets(
    lost: Client, settings: Settings, smtp_server: SmtpServer, vonage: Vonage
) -> list[str]:
    """Her password and her PIN, and chooses new ones. The two links, and the code that came by text."""
    await (await lost.page("/login/forgotten")).submit(email="clara@riverside.example")
    await (await lost.page("/m/forgotten")).submit(mobile="07911 123456")
    await delivered(settings)
    [to_password] = links_mailed(smtp_server, "/login/forgotten")
    [to_pin] = links_mailed(smtp_server, "/m/forgotten")
    chosen = await (await lost.page(to_password)).submit(new=CHOSEN)
    assert chosen.status == 303, chosen.text
    page = await led(await (await lost.page(to_pin)).submit("#pin-code"))
    await delivered(settings)
    code = next(found[1] for t in vonage.texts[::-1] if (found := re.search(r"code is (\d+)", t.text)))
    chosen = await page.submit("#pin-by-link", code=code, new=CHOSEN_PIN)
    assert chosen.status == 303, chosen.text
    return [to_password, to_pin, code]


async def clara_knows_the_phone(lost: Client, settings: Settings, smtp_server: SmtpServer) -> None:
    """She says so by the link that she was mailed."""
    await delivered(settings)
    [link] = links_mailed(smtp_server, "/new-device", "on a new phone")
    confirmed = await led(await (await lost.page(link)).submit(f"form[action={link}/confirm]"))
    assert "the phone shows patients’ names" in confirmed.text


async def clara_disowns_the_desktop(lost: Client, settings: Settings, smtp_server: SmtpServer) -> None:
    """The one that logged in last; administrators are told."""
    await delivered(settings)
    link = links_mailed(smtp_server, "/new-device", "on a new device")[-1]
    refused = await (await lost.page(link)).submit(f"form[action={link}/not-me]")
    assert "That device is logged out" in refused.text
    await delivered(settings)


async def clara_books(clara: Client, user: int, kind: int) -> None:
    """A new patient with notes, opened, changed and looked at from all sides."""
    form = await clara.page(f"/diary/book?practitioner={user}&at=2026-11-23T10:00")
    booked = await form.submit(new_name="Amelia Hart", type=kind, notes=NOTES["appointment"])
    assert booked.status == 303, booked.text
    await led(booked)
    [patient] = await rows("SELECT id FROM patient")
    edited = await (await clara.page(f"/patients/{patient['id']}/edit")).submit(
        notes=NOTES["patient"], alert=NOTES["alert"]
    )
    assert NOTES["patient"] in (await led(edited)).text
    [appointment] = await rows("SELECT id FROM appointment")
    path = f"/diary/appointments/{appointment['id']}"
    assert NOTES["appointment"] in (await clara.page(path)).text
    changed = await (await clara.page(f"{path}/edit")).submit("#edit-form", time="11:00")
    assert changed.status == 303
    await clara.submit(f"{path}/status", {"status": "cancelled", "reason": "ill", "version": "2"})


async def test_no_secret_and_no_note_is_anywhere_but_where_it_belongs(
    database: Engine,
    settings: Settings,
    smtp_server: SmtpServer,
    vonage: Vonage,
    frozen: FrozenClock,
    new_client: Callable[..., Client],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    overheard = Overheard()
    sam, desktop, phone, lost = new_client(), new_client(), new_client(), new_client()
    for browser in (sam, desktop, phone, lost):
        browser.event_hooks["response"].append(overheard.note)

    link = await a_clinic_is_set_up(sam)
    frozen.tick(minutes=2)
    assert (await log_in(sam, "sam@riverside.example", SAMS, door="/admin/login")).status == 303
    clara = await clara_gets_her_logins(sam)
    await delivered(settings)
    password = password_mailed(smtp_server)
    [pin], [ticket] = (re.findall(r, vonage.texts[-1].text) for r in (r"PIN is (\d+)", r"/m#([\w-]+)"))

    assert (await log_in(desktop, "clara@riverside.example", WRONG)).status == 422
    frozen.tick(minutes=2)
    assert (await log_in(desktop, "clara@riverside.example", password)).status == 303
    own = await (await desktop.page("/account")).submit("#own-password", new=CLARAS)
    assert own.status == 303
    assert (await log_in_by_pin(phone, pin=WRONG_PIN)).location == "/m/code"
    assert (await log_in_by_pin(phone, pin=pin)).location == "/m/today"
    await clara_knows_the_phone(lost, settings, smtp_server)
    await set_hours(clara, {day: [(time(8), time(18))] for day in range(7)})
    await clara_books(desktop, clara, await add_type("Follow-up", colour=2, minutes=30))

    login = await sam.page(f"/admin/users/{clara}/logins/password")
    assert (await login.submit(f"form[action=/admin/users/{clara}/logins/password/reissue]")).status == 303
    await delivered(settings)
    reissued = password_mailed(smtp_server)
    assert reissued != password
    *links, code = await clara_forgets(lost, settings, smtp_server, vonage)
    frozen.tick(minutes=2)
    assert (await log_in(desktop, "clara@riverside.example", CHOSEN)).status == 303
    key, recovery_codes = await set_up_authenticator(desktop)
    await clara_disowns_the_desktop(lost, settings, smtp_server)
    await seal_pending(settings.audit_key)
    for path in ("/admin/audit", "/admin/audit/export", "/admin/messages", f"/admin/users/{clara}"):
        assert (await sam.get(path)).status_code == 200

    tokens = [value for browser in (sam, desktop, phone) for value in sessions_and_devices(browser)]
    assert len(tokens) >= 5
    said = capsys.readouterr()
    logged = said.out + said.err + "".join(r.getMessage() for r in caplog.records if r.name != "httpx")
    assert "route=/admin/login" in logged, "nothing was listened to"

    secrets = [SAMS, WRONG, CLARAS, password, pin, WRONG_PIN, reissued, *tokens]
    secrets += [ticket, code, CHOSEN, CHOSEN_PIN]
    for secret in secrets:
        assert await tables_with(database, secret) == set(), secret
        assert overheard.paths_with(secret) == set(), secret
        assert not holds(logged, secret), secret
    assert files_with(database, secrets) == set()

    # What is shown, is shown where it belongs: a link's token on its own page, a factor's once to its owner.
    to_devices = links_mailed(smtp_server, "/new-device")
    assert len(to_devices) >= 3
    belong = {path.rpartition("/")[2]: {path} for path in (link, *links, *to_devices)}
    for path in links:  # the page on which a code is asked for leads back to it
        belong[path.rpartition("/")[2]].add(f"{path}/code")
    for path in to_devices:  # likewise the answer to *That was me*
        belong[path.rpartition("/")[2]].add(f"{path}/confirm")
    belong |= {
        secret: {"/account/authenticator", "/account/authenticator/code"} for secret in (key, *recovery_codes)
    }
    for secret, pages in belong.items():
        assert await tables_with(database, secret) == set()
        assert overheard.paths_with(secret) <= pages
        assert not holds(logged, secret)
    assert files_with(database, belong) == set()

    for note in NOTES.values():
        assert await tables_with(database, note) <= NOTES_KEPT, note
        shown = overheard.paths_with(note)
        assert shown, "nobody has seen it, so the search is blind"
        assert [path for path in shown if not NOTES_BELONG.fullmatch(path)] == []
        assert not holds(logged, note)


def sessions_and_devices(browser: Client) -> list[str]:
    """What its cookies prove."""
    return [value for name, value in browser.cookies.items() if "session" in name or "device" in name]
