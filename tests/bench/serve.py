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

from app import logs
from app.accounts.sessions import load_session
from app.asgi import create_app
from app.clinic.clinic import renderer
from app.db import close_pool, database, open_pool
from app.diary.days import shown_day, today_in
from app.diary.pages.day import DayView
from app.diary.pages.diaries import day_for
from app.diary.pages.heads import head_of
from app.diary.pages.preferences import AS_IT_COMES
from app.diary.pages.shown import Shown, View
from app.diary.pages.views.following import Following
from app.settings import KEY_BYTES, Keyring, Settings, TrustedProxies
from tests.bench.clinic import DAY

HOST = "portal.example"
KEY = bytes(KEY_BYTES)
TOKEN = "0" * 64


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
    """The least that a page can cost: the day's SELECT by the bare driver, and the same template over what is ready."""

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
        await open_pool()
        clinic, session = await load_session(self._token)
        assert clinic is not None
        assert session is not None
        engine = database()
        run = engine.run

        async def noted(sql: str, args: Sequence[Any] = (), **how: Any) -> Any:
            self._sql, self._args = sql, args
            return await run(sql, args, **how)

        with patch.object(engine, "run", noted):
            view = await day_for(session.viewer, DAY, clinic)  # its last read is the day's
        await close_pool()
        self._context = _context(clinic, session, view)
        self._template = self._application.template_engine.get_template("diary/pages/day.html")
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


def _context(clinic: Any, session: Any, view: DayView) -> dict[str, Any]:
    when = renderer(clinic)
    shown = Shown(View.DAY, DAY)
    day = shown_day(DAY, today_in(clinic), when)
    return {
        "clinic": clinic,
        "session": session,
        "viewer": session.viewer,
        "when": when,
        "notice": None,
        "section": "diary",
        "day": day,
        "head": head_of(shown, day, when),
        "following": Following(
            session.viewer, clinic, shown, day, f"/diary/day/{DAY}", "0" * 24, AS_IT_COMES, 0
        ),
        "view": view,
        "csrf_token": lambda: TOKEN,
        "csrf": lambda: TOKEN,
    }


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
