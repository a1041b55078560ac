"""Passkeys, authenticators and recovery codes are found by their user; what is over, by when it ended."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from app.db import database

ID = "2026-11-28T10:59:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes of passkeys, authenticators, recovery codes and log-ins under way"

INDEXES = (
    'CREATE INDEX passkey_user ON passkey ("user")',
    "CREATE INDEX passkey_challenge_end ON passkey_challenge (expires_at)",
    'CREATE INDEX authenticator_user ON authenticator ("user")',
    'CREATE UNIQUE INDEX authenticator_user_key ON authenticator ("user") WHERE confirmed_at IS NOT NULL',
    'CREATE UNIQUE INDEX recovery_code_user_code_hash_key ON recovery_code ("user", code_hash)',
    "CREATE INDEX pending_log_in_end ON pending_log_in (expires_at)",
)


async def add_indexes() -> None:
    for index in INDEXES:
        await database().run_ddl(index)


async def forwards() -> MigrationManager:
    manager = MigrationManager(migration_id=ID, app_name="daybook", description=DESCRIPTION)
    manager.add_raw(add_indexes)
    return manager
