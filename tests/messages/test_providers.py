"""Another provider is one file: the one that the documentation shows, as it stands there."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from app.environment import settings_from
from app.messages import transports
from app.messages.outbox import delivery_of
from app.messages.tables import Channel, MessageState
from app.settings import Settings
from tests.messages.outbox import Outbox, attempted
from tests.support.tree import ROOT
from tests.support.vonage import Vonage


class Pigeon(BaseHTTPRequestHandler):
    """Pigeon Post's API, which answers ``status``."""

    status = 200
    texts: list[dict[str, Any]]

    def do_POST(self) -> None:
        self.texts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(b'{"id": "coo-1"}')

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def pigeon() -> Iterator[type[Pigeon]]:
    handler = type("Pigeon", (Pigeon,), {"texts": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        handler.url = f"http://127.0.0.1:{server.server_port}/"
        yield handler
        server.shutdown()
        thread.join()


@pytest.fixture
def with_pigeon(
    settings: Settings, pigeon: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    """The documented file beside the other transports, and settings with an account."""
    [source] = re.findall(r"```python\n(.*?)```", (ROOT / "docs/adding-a-provider.md").read_text(), re.DOTALL)
    (tmp_path / "pigeon.py").write_text(source)
    monkeypatch.setattr(transports, "__path__", [*transports.__path__, str(tmp_path)])
    transports.all_providers.cache_clear()
    yield replace(settings, providers={"PROVIDER_PIGEON_URL": pigeon.url, "PROVIDER_PIGEON_KEY": "k"})
    transports.all_providers.cache_clear()
    del sys.modules["app.messages.transports.pigeon"]


async def test_a_file_beside_the_others_carries_the_texts(
    outbox: Outbox, with_pigeon: Settings, pigeon: type[Pigeon], vonage: Vonage
) -> None:
    message = await outbox.text()

    row = await attempted(outbox, message, MessageState.ACCEPTED, with_pigeon)

    assert row["provider_reference"] == "coo-1"
    assert "your PIN is 482913" in pigeon.texts[0]["text"]
    assert pigeon.texts[0]["reference"] == row["reference"]
    assert vonage.requests == 0


async def test_its_refusals_hold_the_channel_and_have_its_words(
    outbox: Outbox, with_pigeon: Settings, pigeon: type[Pigeon]
) -> None:
    pigeon.status = 401
    message = await outbox.text()

    await attempted(outbox, message, MessageState.HELD, with_pigeon)

    assert "Pigeon Post refuses our key" in (await delivery_of(message)).words


async def test_without_an_account_the_texts_go_as_before(
    outbox: Outbox, with_pigeon: Settings, vonage: Vonage
) -> None:
    await attempted(outbox, await outbox.text(), MessageState.ACCEPTED, replace(with_pigeon, providers={}))
    assert vonage.requests == 1


async def test_a_provider_alone_makes_its_channel_available(with_pigeon: Settings) -> None:
    assert transports.channel_available(Channel.TEXT, replace(with_pigeon, vonage=None))


def test_the_environment_hands_its_variables_on(tmp_path: Path) -> None:
    settings = settings_from(
        {"ENVIRONMENT": "development", "VAR_DIR": str(tmp_path), "PROVIDER_PIGEON_KEY": "k", "HOME": "/"}
    )
    assert settings.providers == {"PROVIDER_PIGEON_KEY": "k"}
    assert "PIGEON" not in repr(settings)
