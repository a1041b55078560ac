"""Daybook as one Piccolo app: the tables of every slice, and one list of migrations for both engines."""

from __future__ import annotations

from piccolo.conf.apps import AppConfig, table_finder

from app.settings import ROOT

APP_CONFIG = AppConfig(
    app_name="daybook",
    migrations_folder_path=ROOT / "migrations",
    table_classes=table_finder(
        [
            "app.db.once",
            "app.clinic.tables",
            "app.audit.tables",
            "app.messages.tables",
            "app.accounts.tables",
            "app.accounts.phones.tables",
            "app.accounts.factors.tables",
            "app.portal.tables",
            "app.provisioning.tables",
            "app.diary.tables",
            "app.reminders.tables",
        ],
        exclude_imported=True,
    ),
)
