"""Jinja: how all our templates are read; and for pages, as correct as it comes and in half the time.

A page of the diary puts a thousand values down. Jinja makes a Markup object of each, and finds its own way to a text
anew at each ``_()``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from functools import lru_cache
from typing import Any, TypeVar

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

from app.i18n import gettext, translations
from app.settings import ROOT

E = TypeVar("E", bound=Environment)

_needs_escaping = re.compile("[&<>\"']").search


def new_environment(kind: type[E], **options: Any) -> E:
    """The templates in the reader's language, strict about what is missing."""
    environment = kind(
        loader=FileSystemLoader(ROOT / "templates"),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    install = environment.install_gettext_translations  # type: ignore[attr-defined] # the extension has added it
    install(translations, newstyle=True)
    return environment


class QuickCodeGenerator(CodeGenerator):
    """Makes templates call ``put`` for what they put down."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 - Jinja's name
        """The module of a template."""
        self.writeline(f"from {put.__module__} import put")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if not frame.eval_ctx.autoescape or frame.eval_ctx.volatile or finalize.src:
            self.fail("every template is escaped, all of it", node.lineno)
        self.write("put(")


class QuickEnvironment(Environment):
    """Templates share its globals instead of each looking at them through a map of its own."""

    code_generator_class = QuickCodeGenerator

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """What is defined in every template."""
        return super().make_globals(d) if d else self.globals


def put(value: Any) -> str:
    """The value as it stands in a page: what ``escape`` makes of it, without an object for what needs no escaping."""
    kind = type(value)
    if kind is str:
        return escape(value) if _needs_escaping(value) else value
    if kind is int:
        return str(value)
    return value if kind is Markup else escape(value)


def remembered(macro: Callable[..., str]) -> Callable[..., str]:
    """The macro for what looks the same whenever it is given the same: no patient in it, and no form's token."""
    return lru_cache(maxsize=256)(macro)


def text(message: str, **values: Any) -> Markup:
    """The text in the reader's language; ``%(name)s`` in it stands for a value, ``%%`` for a per cent sign."""
    if not values:
        return _without_values(message)
    escaped = {name: put(value) for name, value in values.items()}
    return Markup(gettext(message) % escaped)  # noqa: S704 - the text is ours or a translator's, and may hold tags


@lru_cache(maxsize=2048)
def _without_values(message: str) -> Markup:
    return Markup(gettext(message) % {})  # noqa: S704 - ours or a translator's, as above
