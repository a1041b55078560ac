"""The commands that look after what is stored: backups, and the audit record."""

from __future__ import annotations

import argparse

from app.accounts.restored import end_what_was_under_way
from app.audit.sealer import head
from app.audit.verify import FAULTS_SHOWN, verify
from app.commands.databases import database_in_use, open_database
from app.db.backup import CannotBackUp, back_up
from app.settings import Settings


async def backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Copy the database into a new file, while Daybook runs."""
    async with open_database(settings):
        try:
            size = await back_up(arguments.path)
        except CannotBackUp as fault:
            print(fault)
            return 1
    print(
        f"{arguments.path} holds the database ({size:,} bytes). The keys are not in it: keep them elsewhere."
    )
    return 0


async def restored(settings: Settings, _arguments: argparse.Namespace) -> int:
    """Part of restoring a backup: end what was under way when it was made."""
    async with database_in_use(settings):
        ended = await end_what_was_under_way()
    print(
        f"Ended: messages that had not left: {ended.messages}; sessions: {ended.sessions}; all links and codes."
    )
    return 0


async def audit(settings: Settings, arguments: argparse.Namespace) -> int:
    """Check the audit record, or print the head of its chain, to be kept elsewhere and compared later."""
    async with database_in_use(settings):
        if arguments.what == "head":
            print(await head())
            return 0
        verdict = await verify(settings.audit_key, arguments.head)
    if verdict.wrong_key:
        print("Not one seal fits: is AUDIT_KEY the one that they were made with?")
    for fault in verdict.faults[:FAULTS_SHOWN]:
        print(fault)
    if (more := len(verdict.faults) - FAULTS_SHOWN) > 0:
        print(f"… and {more} more.")
    print(f"{verdict.fitting} of {verdict.head.position} sealed entries are as they were recorded.")
    if verdict.unsealed_since:
        since = verdict.unsealed_since.isoformat(" ", "seconds")
        print(f"Waiting to be sealed: {verdict.unsealed}, the oldest since {since}.")
    if not arguments.head:
        print("Whether the end was cut off only a head tells that was kept elsewhere: audit verify --head …")
    return 0 if verdict.is_intact else 1
