"""Where Piccolo's migrations and its command line look for us; PICCOLO_CONF names this module."""

from __future__ import annotations

import os
from typing import Any

from piccolo.conf.apps import AppRegistry

from app.db import bind, connect, database, is_bound
from app.environment import settings_from

APP_REGISTRY = AppRegistry(apps=["app.piccolo_app"])


def __getattr__(name: str) -> Any:
    """``DB`` is the database that the process is bound to; Piccolo's command line takes the environment's."""
    if name != "DB":
        raise AttributeError(name)
    if not is_bound():
        bind(connect(settings_from(os.environ).database_url))
    return database()
