"""Daybook's commands: ``python -m app <command>``."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from app import settings
from app.audit.chain import Head
from app.environment import SettingsError, settings_from
from app.keys import new_keys
from app.logs import configure
from app.settings import Settings


def main() -> int:
    """Run the command that was asked for; the process's exit status."""
    arguments = _parser().parse_args()
    if arguments.command == "keys":
        for name, value in new_keys().items():
            print(f"{name}={value}")
        return 0
    try:
        process_settings = settings_from(os.environ)
    except SettingsError as error:
        print("Daybook can't start:", *error.faults, sep="\n  ", file=sys.stderr)
        return 2
    settings.use(process_settings)
    configure(readable=process_settings.is_development)
    return _run(arguments, process_settings)


def _run(arguments: argparse.Namespace, process_settings: Settings) -> int:
    # Takes a second or two, which whoever mistyped or forgot something needn't wait for.
    from app import commands

    try:
        return asyncio.run(commands.COMMANDS[arguments.command](process_settings, arguments))
    except KeyboardInterrupt:
        return 130
    except commands.CANNOT_START as fault:
        print(fault, file=sys.stderr)
        return 1
    except commands.UNREACHABLE as fault:
        # Its text may repeat the address with its password, so only its kind is said.
        print(
            f"Daybook can't reach its database ({type(fault).__name__}). Check DATABASE_URL.", file=sys.stderr
        )
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app", description="Daybook's commands")
    found = parser.add_subparsers(dest="command", required=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return found.add_parser(name, help=text, description=text)

    add("serve", "Migrate (in development), then serve the portal.")
    add("migrate", "Bring the database's tables up to date.")
    add("setup-link", "Print the link that sets an empty database up.")
    add("worker", "Send messages, and seal the audit record, until stopped.")
    add("keys", "Print fresh keys for a new installation.")
    add("demo", "Build a believable clinic in a database of its own and serve it.")
    portal = add("portal", "Put the portal online or offline.")
    portal.add_argument("status", choices=("online", "offline"))
    administrator = add("create-admin", "Create an administrator, or give one a new password.")
    administrator.add_argument("--name", required=True)
    administrator.add_argument("--email", required=True)
    reset = add("reset-password", "Give somebody's online login a temporary password.")
    reset.add_argument("--email", required=True)
    backup = add("backup", "Copy the database into a new file while Daybook runs (SQLite).")
    backup.add_argument("path", type=Path)
    add("restored", "After restoring a backup: end what was under way when it was made.")
    factors = add("remove-factors", "Remove somebody's second step and passkeys, which are lost.")
    factors.add_argument("--email", required=True)
    audit = add("audit", "Check the audit record, or print the head of its chain to keep elsewhere.")
    audit.add_argument("what", choices=("verify", "head"))
    audit.add_argument(
        "--head", type=Head.parse, help="a head that was printed before: tells what was cut off"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
