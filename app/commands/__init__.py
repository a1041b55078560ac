"""What each command does. Each takes the settings and its arguments, and returns the process's exit status."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import uvicorn

from app.accounts.administrators import create_administrator
from app.accounts.administrators import reset_password as reset_password_of
from app.accounts.factors.removal import remove_factors_of
from app.accounts.peppers import WrongPepper
from app.accounts.setup import new_setup_link
from app.asgi import create_app
from app.clinic.clinic import load_clinic
from app.commands.databases import NotMigrated, database_in_use, open_database
from app.commands.upkeep import audit, backup, restored
from app.db import database
from app.db import migrate as database_migrations
from app.db.faults import UNREACHABLE
from app.db.watcher import Changes
from app.demo import build_demo, prepare_demo
from app.errors import Refusal
from app.portal.status import close_portal, open_portal
from app.settings import Settings, use
from app.work import run_work

__all__ = ["CANNOT_START", "COMMANDS", "UNREACHABLE"]

STREAMS_END_WITHIN = 5  # seconds that open requests have left when the process is told to stop


async def migrate(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Apply the migrations that are missing."""
    async with open_database(settings):
        await database_migrations.migrate(database())
    return 0


async def serve(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Serve until stopped. Development migrates by itself; an empty database prints its set-up link."""
    async with database_in_use(settings):
        setup_path = await new_setup_link() if settings.is_development else None
    return await _serve(settings, setup_path)


async def setup_link(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Print the link by which an empty database gets its clinic and first administrator."""
    async with database_in_use(settings):
        path = await new_setup_link()
    if path is None:
        print("This Daybook is set up already; `python -m app create-admin` makes an administrator.")
        return 1
    print(f"Set up your clinic at {_address(settings)}{path} (within 60 minutes)")
    return 0


async def demo(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Serve a believable clinic around today, from a database of its own; its messages stay in the tray."""
    if not settings.is_development:
        print("The demo is for development only: its passwords stand in a file. Set ENVIRONMENT=development.")
        return 1
    settings = prepare_demo(settings)
    use(settings)
    async with database_in_use(settings):
        for credential in await build_demo(settings):
            print(credential)
    return await _serve(settings)


async def worker(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Send messages, remind patients, tell of changed diaries and seal the audit record until stopped."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with database_in_use(settings), Changes(database()) as changes:
        await run_work(settings, changes, stop)
    return 0


async def portal(settings: Settings, arguments: argparse.Namespace) -> int:
    """Put the portal online or offline from the machine itself, when no administrator can."""
    async with database_in_use(settings):
        if await load_clinic() is None:
            print("There is no clinic yet; `python -m app setup-link` prints the link that sets it up.")
            return 1
        await (open_portal(by=None) if arguments.status == "online" else close_portal(by=None))
    print(f"The portal is {arguments.status}.")
    return 0


async def create_admin(settings: Settings, arguments: argparse.Namespace) -> int:
    """Create an administrator with a temporary password, which is printed once."""
    async with database_in_use(settings):
        try:
            password = await create_administrator(arguments.name, arguments.email)
        except Refusal as refusal:
            print(refusal.message)
            return 1
    print(f"{arguments.email} can log in at /admin/login with the password {password}")
    return 0


async def reset_password(settings: Settings, arguments: argparse.Namespace) -> int:
    """Give an online login a temporary password, which is printed once."""
    async with database_in_use(settings):
        try:
            user, password = await reset_password_of(arguments.email)
        except Refusal as refusal:
            print(refusal.message)
            return 1
        clinic = await load_clinic()
    online = clinic is not None and clinic.portal_online
    when = "" if online or user.keeps_desk else "Once the portal is online, "
    door = "/admin/login" if user.keeps_desk else "/login"
    print(f"{when}{user.email} can log in at {door} with the password {password}")
    return 0


async def remove_factors(settings: Settings, arguments: argparse.Namespace) -> int:
    """Let somebody log in by password alone who has lost the second step, when no other administrator can."""
    async with database_in_use(settings):
        try:
            await remove_factors_of(arguments.email)
        except Refusal as refusal:
            print(refusal.message)
            return 1
    print(f"{arguments.email} can log in with the password alone, and set up a new second step.")
    return 0


async def _serve(settings: Settings, setup_path: str | None = None) -> int:
    try:
        listening = _listening_socket(settings)
    except OSError:
        print(f"Port {settings.port} is in use; choose another one, for example PORT={settings.port + 1}.")
        return 1
    config = uvicorn.Config(
        create_app(settings),
        access_log=False,  # ours leaves out the path's values
        log_level="warning",
        proxy_headers=False,  # ours knows hop counts too
        server_header=False,
        timeout_graceful_shutdown=STREAMS_END_WITHIN,
    )
    if settings.is_development:
        print(f"Daybook is at {_address(settings)} (Ctrl+C stops it)", flush=True)
    if setup_path:
        print(f"Set up your clinic at {_address(settings)}{setup_path} (within 60 minutes)", flush=True)
    # What has been made up to here stays: collections needn't look through it again and again.
    gc.collect()
    gc.freeze()
    server = uvicorn.Server(config)
    await server.serve(sockets=[listening])
    return 0 if server.started else 1


def _listening_socket(settings: Settings) -> socket.socket:
    """Loopback in development; every interface in production, where a platform or a proxy stands before us."""
    host = "127.0.0.1" if settings.is_development else "0.0.0.0"  # noqa: S104 - behind a platform or proxy
    return socket.create_server((host, settings.port), backlog=2048)


def _address(settings: Settings) -> str:
    if settings.is_development:
        return f"http://localhost:{settings.port}"
    return f"https://{settings.allowed_hosts[0]}"


COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], Coroutine[Any, Any, int]]] = {
    "serve": serve,
    "migrate": migrate,
    "setup-link": setup_link,
    "worker": worker,
    "demo": demo,
    "portal": portal,
    "create-admin": create_admin,
    "reset-password": reset_password,
    "remove-factors": remove_factors,
    "backup": backup,
    "restored": restored,
    "audit": audit,
}
CANNOT_START = (NotMigrated, WrongPepper)
