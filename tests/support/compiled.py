"""Pages' templates, compiled once in a process: by Jinja as always, but not anew for each application."""

from __future__ import annotations

from types import CodeType
from typing import Any

from app.jinja import QuickEnvironment


def compile_once() -> None:
    """From now on a template is compiled again only when it has changed."""
    compile_anew: Any = QuickEnvironment.compile
    compiled: dict[tuple[str | None, ...], CodeType] = {}

    def compile_(environment: QuickEnvironment, *template: str | None) -> CodeType:
        if template not in compiled:
            compiled[template] = compile_anew(environment, *template)
        return compiled[template]

    QuickEnvironment.compile = compile_
