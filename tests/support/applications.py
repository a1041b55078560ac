"""Applications, built once: to build one takes as long as many requests."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from app import db
from app.settings import Settings, use
from tests.support.compiled import compile_once


class Applications:
    """Those of this run. Tests share one where their settings differ in nothing that an application keeps."""

    def __init__(self) -> None:
        compile_once()
        self._built: list[tuple[Settings, Any]] = []

    def for_settings(self, settings: Settings) -> Any:
        """An application that isn't running, bound to the settings' database."""
        from app.asgi import create_app

        kept = replace(settings, database_url="", var=Path())
        found = next((app for others, app in self._built if others == kept), None)
        if found is None or settings.worker_inside:  # a worker keeps its folder
            found = create_app(settings)
            self._built.append((kept, found))
        else:
            use(settings)
            db.bind(db.connect(settings.database_url))
        return found
