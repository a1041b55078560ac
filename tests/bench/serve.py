"""What is measured, each in a process of its own: ``python -m tests.bench.serve application|floor URL PORT``."""

from __future__ import annotations

import gc
import os
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import asyncpg
import uvicorn
from httpx import ASGITransport, AsyncClient
from jinja2 import Template

from app import logs
from app.accounts.middleware import SESSION_COOKIE
from app.asgi import create_app
from app.db import close_pool, database, open_pool
from app.settings import KEY_BYTES, Keyring, Settings, TrustedProxies
from tests.bench.clinic import DAY

HOST = "portal.example"
KEY = bytes(KEY_BYTES)


def bench_settings(url: str) -> Settings:
    """Production, without messages."""
    return Settings(
        environment="production",
        database_url=url,
        port=443,
        allowed_hosts=(HOST,),
        trusted_proxies=TrustedProxies(),
        secret_key=KEY,
        audit_key=KEY,
        peppers=Keyring({"1": KEY}),
        message_keys=Keyring({"1": KEY}),
        smtp=None,
        vonage=None,
        var=Path(os.devnull),
        worker_inside=False,
        tray=False,
    )


class Floor:
    """The least that a page can cost: the day's SELECT by the bare driver, whose rows it leaves alone, and the same
    template over the application's own objects, which are ready: the same bytes.
    """

    def __init__(self, application: Any, url: str, token: str) -> None:
        self._application = application
        self._url = url
        self._token = token

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await receive()
            await self._prepare()
            await send({"type": "lifespan.startup.complete"})
            return
        await self._select()
        body = self._template.render(self._context).encode()
        headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _prepare(self) -> None:
        """Have the application answer once, and note what it asks and renders last: the day."""
        await open_pool()
        engine, render = database(), Template.render
        run = engine.run

        async def noted(sql: str, args: Sequence[Any] = (), **how: Any) -> Any:
            self._sql, self._args = sql, args
            return await run(sql, args, **how)

        def kept(template: Template, *args: Any, **context: Any) -> str:
            self._template, self._context = template, dict(*args, **context)
            return render(template, self._context)

        with patch.object(engine, "run", noted), patch.object(Template, "render", kept):
            cookie = f"__Host-{SESSION_COOKIE}={self._token}"
            async with AsyncClient(
                transport=ASGITransport(self._application, raise_app_exceptions=True),
                base_url=f"https://{HOST}",
                headers={"cookie": cookie},
            ) as client:
                answer = await client.get(f"/diary/day/{DAY}")
        body = render(self._template, self._context).encode()
        assert len(body) == len(answer.content)  # only the seconds that are left may be others
        await close_pool()
        await self._connect()

    async def _connect(self) -> None:
        if self._url.startswith("sqlite"):
            raw = sqlite3.connect(self._url.removeprefix("sqlite:///"))

            async def select() -> Any:
                return raw.execute(self._sql, self._args).fetchall()
        else:
            connection = await asyncpg.connect(self._url)

            async def select() -> Any:
                return await connection.fetch(self._sql, *self._args)

        self._select = select


def main(what: str, url: str, port: str, token: str) -> None:
    logs.configure(readable=False)
    application: Any = create_app(bench_settings(url))
    if what == "floor":
        application = Floor(application, url, token)
    gc.collect()
    gc.freeze()
    uvicorn.run(
        application,
        port=int(port),
        access_log=False,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=600,  # a connection waits for its turn
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
