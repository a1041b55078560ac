"""The tray: what it keeps, how it shows it, and to whom."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.asgi import create_app
from app.messages.outbox import delivery_of
from app.messages.tables import Channel, MessageState
from app.messages.transports import Outgoing, channel_available, transport_for
from app.messages.transports.smtp import SmtpTransport
from app.messages.transports.tray import Tray
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted
from tests.support.client import Client
from tests.support.html import parse
from tests.support.settings import settings_for
from tests.support.smtp import SmtpServer
from tests.support.vonage import Vonage

HERE = "http://localhost:8000"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A newcomer's machine, without any account."""
    return replace(
        settings,
        environment="development",
        port=8000,
        allowed_hosts=("localhost", "127.0.0.1", "[::1]", "daybook.example"),
        smtp=None,
        vonage=None,
    )


def open_browser(app: Any, address: str = "127.0.0.1") -> Client:
    return Client(app, address=address)


async def kept(outbox: Outbox, settings: Settings) -> tuple[str, str]:
    """An e-mail and then a text in the tray; their references."""
    mail = await attempted(outbox, await outbox.mail(), MessageState.ACCEPTED, settings)
    text = await attempted(outbox, await outbox.text(), MessageState.ACCEPTED, settings)
    return mail["reference"], text["reference"]


# --- what it keeps


async def test_messages_become_files_that_only_their_owner_reads(outbox: Outbox, settings: Settings) -> None:
    mail, text = await kept(outbox, settings)

    folder = settings.var / "tray"
    assert {path.name for path in folder.iterdir()} == {f"{mail}.json", f"{text}.json"}
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert "your PIN is 482913" in json.loads((folder / f"{text}.json").read_text())["text"]


async def test_a_delivery_into_the_tray_says_so(outbox: Outbox, settings: Settings) -> None:
    message = await outbox.text()
    await attempted(outbox, message, MessageState.ACCEPTED, settings)

    delivery = await delivery_of(message)

    assert (delivery.label, delivery.words) == ("sent", "Kept in the message tray.")
    assert delivery.is_final


async def test_a_message_sent_twice_is_kept_once(outbox: Outbox, settings: Settings, mail: Outgoing) -> None:
    tray = Tray(settings.var / "tray")
    await tray.send(mail)
    await tray.send(mail)

    assert [each.message for each in tray.messages()] == [mail]


@pytest.mark.parametrize("reference", ["../keys", "..", "0" * 32, "x" * 32, ""])
def test_only_references_find_messages(settings: Settings, reference: str) -> None:
    assert Tray(settings.var / "tray").find(reference) is None


def test_development_without_accounts_uses_the_tray(settings: Settings) -> None:
    assert isinstance(transport_for(Channel.EMAIL, settings), Tray)
    assert isinstance(transport_for(Channel.TEXT, settings), Tray)
    assert channel_available(Channel.TEXT, settings)


def test_development_with_a_mail_server_sends_unless_told_to_use_the_tray(
    settings: Settings, smtp_server: SmtpServer, vonage: Vonage, tmp_path: Path
) -> None:
    production = settings_for("sqlite:///x", tmp_path, smtp_server, vonage)
    with_account = replace(settings, smtp=production.smtp)

    assert isinstance(transport_for(Channel.EMAIL, with_account), SmtpTransport)
    assert isinstance(transport_for(Channel.EMAIL, replace(with_account, tray=True)), Tray)


def test_production_without_accounts_says_what_is_missing(settings: Settings) -> None:
    production = replace(settings, environment="production", tray=True)

    assert not channel_available(Channel.TEXT, production)
    assert "Vonage" in channel_available(Channel.TEXT, production).reason
    assert "mail server" in channel_available(Channel.EMAIL, production).reason


# --- how it shows them


async def test_the_tray_shows_mails_and_texts_newest_first(
    outbox: Outbox, settings: Settings, app: Any
) -> None:
    mail, _text = await kept(outbox, settings)
    async with open_browser(app) as browser:
        page = await browser.page(f"{HERE}/tray")

    first, second = page.all("article")
    assert first.get("aria-label") == "Text to +44 7911 123456"
    assert "your PIN is 482913" in first[".tray-bubble"].text
    assert first["a"].get("href") == "https://portal.riverside.example/m"
    assert first["a"].get("target") == "_top"
    assert second["h2"].text == "Your online login for Riverside Physio"
    assert second["iframe"].get("src") == f"/tray/{mail}/body"
    assert "allow-same-origin" not in second["iframe"].get("sandbox")
    assert "allow-scripts" not in second["iframe"].get("sandbox")


async def test_a_mails_body_may_show_its_own_style_and_nothing_else(
    outbox: Outbox, settings: Settings, app: Any
) -> None:
    mail, text = await kept(outbox, settings)
    async with open_browser(app) as browser:
        body = await browser.get(f"{HERE}/tray/{mail}/body")
        assert (await browser.page(f"{HERE}/tray/{text}/body")).status == 404
        assert (await browser.page(f"{HERE}/tray/{'0' * 32}/body")).status == 404

    policy = dict(part.split(" ", 1) for part in body.headers["content-security-policy"].split("; "))
    [style] = re.findall(r"<style>(.*?)</style>", body.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy["default-src"] == "'none'"
    assert policy["style-src"] == f"'sha256-{digest}'"
    assert policy["frame-ancestors"] == "'self'"
    assert "allow-scripts" not in policy["sandbox"]
    document = parse(body.text)
    assert document["code"].text == "hazel-otter-72"
    assert document["base"].get("target") == "_top"


async def test_a_page_that_has_the_newest_is_left_as_it_is(
    outbox: Outbox, settings: Settings, app: Any
) -> None:
    async with open_browser(app) as browser:
        before = (await browser.page(f"{HERE}/tray"))["#tray"].get("hx-get")
        assert "Nothing has been sent yet" in (await browser.partial(HERE + before)).text
        _mail, text = await kept(outbox, settings)

        fresh = await browser.partial(HERE + before)
        assert len(fresh.all("article")) == 2
        again = fresh["#tray"].get("hx-get")
        assert again == f"/tray?newest={text}"
        assert (await browser.partial(HERE + again)).status == 204


async def test_the_tray_opens_before_there_is_a_clinic(database: Any, app: Any) -> None:
    async with open_browser(app) as browser:
        page = await browser.page(f"{HERE}/tray")

    assert page.status == 200
    assert "Nothing has been sent yet" in page.text


# --- to whom


@pytest.mark.parametrize("url", [HERE, "http://127.0.0.1:8000", "http://[::1]:8000"])
async def test_the_tray_is_shown_on_the_machine_itself(database: Any, app: Any, url: str) -> None:
    async with open_browser(app) as browser:
        assert (await browser.page(f"{url}/tray")).status == 200


async def test_another_machine_finds_no_tray(database: Any, app: Any) -> None:
    async with open_browser(app, address="192.168.1.20") as browser:
        assert (await browser.page(f"{HERE}/tray")).status == 404


async def test_another_name_for_this_machine_finds_no_tray(database: Any, app: Any) -> None:
    async with open_browser(app) as browser:
        assert (await browser.page("http://daybook.example/tray")).status == 404


async def test_production_has_no_tray(database: Any, settings: Settings) -> None:
    production = create_app(replace(settings, environment="production"))
    transport = httpx.ASGITransport(production, client=("127.0.0.1", 50000))
    async with httpx.AsyncClient(transport=transport, base_url="https://localhost") as browser:
        assert (await browser.get("/tray")).status_code == 404
        assert (await browser.get(f"/tray/{'0' * 32}/body")).status_code == 404
